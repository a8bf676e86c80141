package org.eridanus.model;

/**
 * Single-precision arithmetic whose bits do not depend on the JDK or the processor: only additions,
 * multiplications, divisions and square roots in a stated order, no intrinsics of unspecified rounding.
 */
final class FloatMath {
    static final float LOG2_E = 1.44269504f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    static final float EXP_LOWEST = -87f;
    static final float EXP_HIGHEST = 88f;
    static final float EXP_1 = 5.0000001201e-1f;
    static final float EXP_2 = 1.6666665459e-1f;
    static final float EXP_3 = 4.1665795894e-2f;
    static final float EXP_4 = 8.3334519073e-3f;
    static final float EXP_5 = 1.3981999507e-3f;
    static final float EXP_6 = 1.9875691500e-4f;
    /** 1.5 · 2²³: a float of small magnitude added to it is rounded to an integer, which stands in the low bits. */
    static final float ROUND = 0x1.8p23f;

    static final int ROUND_BITS = 0x4B400000;
    /** What makes of the bits of k + {@link #ROUND} the biased exponent k + 127 once shifted. */
    static final int EXPONENT_OF_ROUNDED = 127 - ROUND_BITS;

    static final float SQRT_HALF = 0.70710678f;
    static final float LOG_1 = 0.33333333f;
    static final float LOG_2 = 0.2f;
    static final float LOG_3 = 0.14285714f;
    static final float LOG_4 = 0.11111111f;
    static final int MANTISSA = 0x007FFFFF;
    static final int HALF_BITS = 0x3F000000;

    private FloatMath() {}

    /**
     * eˣ within 1 unit in the last place for x in [−87, 88]; 0 below, +∞ above, NaN for NaN.
     *
     * <p>Range reduction x = k ln 2 + r, |r| ≤ ln 2 / 2, then a polynomial of degree 6 (Cephes {@code expf}).
     */
    static float exp(float x) {
        if (x < EXP_LOWEST) {
            return 0f;
        }
        if (x > EXP_HIGHEST) {
            return Float.POSITIVE_INFINITY;
        }
        float rounded = x * LOG2_E + ROUND;
        float k = rounded - ROUND;
        float r = x - k * LN2_HIGH - k * LN2_LOW;
        float p = EXP_6;
        p = p * r + EXP_5;
        p = p * r + EXP_4;
        p = p * r + EXP_3;
        p = p * r + EXP_2;
        p = p * r + EXP_1;
        float y = p * r * r + r + 1f;
        return y * Float.intBitsToFloat((Float.floatToRawIntBits(rounded) + EXPONENT_OF_ROUNDED) << 23);
    }

    /**
     * ln x within 3 units in the last place for normal x &gt; 0; for nothing else.
     *
     * <p>x = 2ᵏ m with m in [√½, √2); ln m = 2 artanh s with s = (m − 1) / (m + 1).
     */
    static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        int k = (bits >>> 23) - 126;
        float m = Float.intBitsToFloat((bits & MANTISSA) | HALF_BITS);
        if (m < SQRT_HALF) {
            m += m;
            k--;
        }
        float s = (m - 1f) / (m + 1f);
        float z = s * s;
        float series = 1f + z * (LOG_1 + z * (LOG_2 + z * (LOG_3 + z * LOG_4)));
        return k * LN2_HIGH + (k * LN2_LOW + 2f * s * series);
    }

    /** The logistic function 1 / (1 + e⁻ˣ). */
    static float sigmoid(float x) {
        return x >= 0f ? 1f / (1f + exp(-x)) : exp(x) / (1f + exp(x));
    }
}

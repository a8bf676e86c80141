package org.eridanus.model;

/**
 * Single-precision arithmetic whose bits do not depend on the JDK or the processor: only additions,
 * multiplications, divisions and square roots in a stated order, no intrinsics of unspecified rounding.
 */
final class FloatMath {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float SQRT_HALF = 0.70710678f;

    private FloatMath() {}

    /**
     * eˣ within 1 unit in the last place for x in [−87, 88]; 0 below, +∞ above, NaN for NaN.
     *
     * <p>Range reduction x = k ln 2 + r, |r| ≤ ln 2 / 2, then a polynomial of degree 6 (Cephes {@code expf}).
     */
    static float exp(float x) {
        if (x < -87f) {
            return 0f;
        }
        if (x > 88f) {
            return Float.POSITIVE_INFINITY;
        }
        if (Float.isNaN(x)) {
            return x;
        }
        int k = (int) (x * LOG2_E + (x < 0f ? -0.5f : 0.5f));
        float r = x - k * LN2_HIGH;
        r -= k * LN2_LOW;
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        float y = p * r * r + r + 1f;
        return y * Float.intBitsToFloat((k + 127) << 23);
    }

    /**
     * ln x within 3 units in the last place for normal x &gt; 0; for nothing else.
     *
     * <p>x = 2ᵏ m with m in [√½, √2); ln m = 2 artanh s with s = (m − 1) / (m + 1).
     */
    static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        int k = (bits >>> 23) - 126;
        float m = Float.intBitsToFloat((bits & 0x007FFFFF) | 0x3F000000);
        if (m < SQRT_HALF) {
            m += m;
            k--;
        }
        float s = (m - 1f) / (m + 1f);
        float z = s * s;
        float series = 1f + z * (0.33333333f + z * (0.2f + z * (0.14285714f + z * 0.11111111f)));
        return k * LN2_HIGH + (k * LN2_LOW + 2f * s * series);
    }

    /** The logistic function 1 / (1 + e⁻ˣ). */
    static float sigmoid(float x) {
        return x >= 0f ? 1f / (1f + exp(-x)) : exp(x) / (1f + exp(x));
    }

    /** Inner product of the first {@code n} values, summed in four lanes; {@code n} a multiple of 4. */
    static float dot(float[] a, float[] b, int n) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        for (int i = 0; i < n; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        return (s0 + s2) + (s1 + s3);
    }

    /** y += a x over the first {@code n} values. */
    static void axpy(float a, float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += a * x[i];
        }
    }
}

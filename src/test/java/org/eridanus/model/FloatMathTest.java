package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class FloatMathTest {
    private static final float SMALLEST_NORMAL = Float.MIN_NORMAL;

    @Test
    void shouldComputeExponentialWithinOneUnitInTheLastPlace() {
        double worst = 0.0;
        for (int bits = 0; bits <= Float.floatToRawIntBits(88f); bits += 1_009) {
            float x = Float.intBitsToFloat(bits);
            worst = Math.max(worst, errorInUlps(FloatMath.exp(x), StrictMath.exp(x)));
            if (x <= 87f) {
                worst = Math.max(worst, errorInUlps(FloatMath.exp(-x), StrictMath.exp(-x)));
            }
        }

        assertThat(worst).isGreaterThan(0.4).isLessThanOrEqualTo(1.0);
    }

    @Test
    void shouldComputeExponentialAtItsBordersAndBeyond() {
        assertThat(FloatMath.exp(0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(-0f)).isEqualTo(1f);
        assertThat(errorInUlps(FloatMath.exp(88f), StrictMath.exp(88.0))).isLessThanOrEqualTo(1.0);
        assertThat(errorInUlps(FloatMath.exp(-87f), StrictMath.exp(-87.0))).isLessThanOrEqualTo(1.0);
        assertThat(FloatMath.exp(Math.nextUp(88f))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(Math.nextDown(-87f))).isZero();
        assertThat(FloatMath.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(FloatMath.exp(Float.NaN)).isNaN();
    }

    @Test
    void shouldComputeLogarithmWithinThreeUnitsInTheLastPlace() {
        double worst = 0.0;
        for (int bits = Float.floatToRawIntBits(SMALLEST_NORMAL); bits < 0x7F800000; bits += 2_003) {
            worst = Math.max(worst, errorOfLogarithm(Float.intBitsToFloat(bits)));
        }
        for (int bits = Float.floatToRawIntBits(0.5f); bits <= Float.floatToRawIntBits(2f); bits += 17) {
            worst = Math.max(worst, errorOfLogarithm(Float.intBitsToFloat(bits)));
        }

        assertThat(worst).isGreaterThan(0.4).isLessThanOrEqualTo(3.0);
    }

    @Test
    void shouldComputeLogarithmAtItsBorders() {
        assertThat(FloatMath.log(1f)).isZero();
        assertThat(errorOfLogarithm(Math.nextUp(1f))).isLessThanOrEqualTo(3.0);
        assertThat(errorOfLogarithm(Math.nextDown(1f))).isLessThanOrEqualTo(3.0);
        assertThat(errorOfLogarithm(SMALLEST_NORMAL)).isLessThanOrEqualTo(3.0);
        assertThat(errorOfLogarithm(Float.MAX_VALUE)).isLessThanOrEqualTo(3.0);
    }

    @Test
    void shouldComputeSigmoidOfEitherSignAndSaturateWithoutOverflow() {
        DoubleUnaryOperator exact = x -> 1.0 / (1.0 + StrictMath.exp(-x));
        for (float x = -80f; x <= 80f; x += 0.37f) {
            double expected = exact.applyAsDouble(x);
            assertThat((double) FloatMath.sigmoid(x)).as("σ(%s)", x).isCloseTo(expected, within(4e-7 * expected));
        }
        assertThat(FloatMath.sigmoid(0f)).isEqualTo(0.5f);
        assertThat(FloatMath.sigmoid(1_000f)).isEqualTo(1f);
        assertThat(FloatMath.sigmoid(-1_000f)).isZero();
        assertThat(FloatMath.sigmoid(Float.NaN)).isNaN();
    }

    @Test
    void shouldSumAnInnerProductInFourLanes() {
        float[] a = {1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, Float.NaN};
        float[] b = {8f, 7f, 6f, 5f, 4f, 3f, 2f, 1f, Float.NaN};

        assertThat(FloatMath.dot(a, b, 8)).isEqualTo(8f + 14f + 18f + 20f + 20f + 18f + 14f + 8f);
        assertThat(FloatMath.dot(a, b, 4)).isEqualTo(8f + 14f + 18f + 20f);
        assertThat(FloatMath.dot(a, b, 0)).isZero();
    }

    @Test
    void shouldSumInTheStatedOrder() {
        float big = 0x1p25f;
        // Lane 0: 2²⁵ − 2²⁵; lane 1: 1 + 1. From left to right the first 1 would be lost beside 2²⁵.
        float[] a = {big, 1f, 0f, 0f, -big, 1f, 0f, 0f};
        float[] ones = {1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f};

        assertThat(FloatMath.dot(a, ones, 8)).isEqualTo(2f);
        // (lane 0 + lane 2) + (lane 1 + lane 3) = (2²⁵ − 2²⁵) + (1 + 0).
        assertThat(FloatMath.dot(new float[] {big, 1f, -big, 0f}, ones, 4)).isEqualTo(1f);
    }

    @Test
    void shouldBeCloseToAnInnerProductInDoublePrecision() {
        SplittableRandom random = new SplittableRandom(5);
        int n = 64;
        float[] a = new float[n];
        float[] b = new float[n];
        double exact = 0.0;
        double magnitude = 0.0;
        for (int i = 0; i < n; i++) {
            a[i] = (float) random.nextDouble(-1.0, 1.0);
            b[i] = (float) random.nextDouble(-1.0, 1.0);
            exact += (double) a[i] * b[i];
            magnitude += Math.abs((double) a[i] * b[i]);
        }

        // 16 additions a lane and 2 to join them, each within half a unit of the largest partial sum.
        assertThat((double) FloatMath.dot(a, b, n)).isCloseTo(exact, within(18 * 0x1p-24 * magnitude));
    }

    @Test
    void shouldAddAMultiple() {
        float[] y = {1f, 2f, 3f, 4f};

        FloatMath.axpy(0.5f, new float[] {2f, 4f, 8f, 16f}, y, 3);

        assertThat(y).containsExactly(1f + 1f, 2f + 2f, 3f + 4f, 4f);
    }

    private static double errorOfLogarithm(float x) {
        return errorInUlps(FloatMath.log(x), StrictMath.log(x));
    }

    private static double errorInUlps(float got, double exact) {
        return Math.abs(got - exact) / Math.ulp((float) exact);
    }
}

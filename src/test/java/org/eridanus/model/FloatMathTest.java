package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

    private static double errorOfLogarithm(float x) {
        return errorInUlps(FloatMath.log(x), StrictMath.log(x));
    }

    private static double errorInUlps(float got, double exact) {
        return Math.abs(got - exact) / Math.ulp((float) exact);
    }
}

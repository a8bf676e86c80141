package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FloatKernelTest {
    /** Whole vectors, what is left over, and both. */
    private static final int[] LENGTHS = {0, 1, 4, 7, 8, 12, 16, 31, 32, 60, 64, 65, 151};

    static List<FloatKernel> kernels() {
        FloatKernel plain = new PlainFloatKernel();
        return FloatKernels.vectorKernel().map(vector -> List.of(plain, vector)).orElse(List.of(plain));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldSumAnInnerProductInFourLanes(FloatKernel kernel) {
        float[] a = {1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, Float.NaN};
        float[] b = {8f, 7f, 6f, 5f, 4f, 3f, 2f, 1f, Float.NaN};

        assertThat(kernel.dot(a, 0, b, 0, 8)).isEqualTo(8f + 14f + 18f + 20f + 20f + 18f + 14f + 8f);
        assertThat(kernel.dot(a, 0, b, 0, 4)).isEqualTo(8f + 14f + 18f + 20f);
        assertThat(kernel.dot(a, 0, b, 0, 0)).isZero();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldSumInTheStatedOrder(FloatKernel kernel) {
        float big = 0x1p25f;
        // Lane 0: 2²⁵ − 2²⁵; lane 1: 1 + 1. From left to right the first 1 would be lost beside 2²⁵.
        float[] a = {big, 1f, 0f, 0f, -big, 1f, 0f, 0f};
        float[] ones = {1f, 1f, 1f, 1f, 1f, 1f, 1f, 1f};

        assertThat(kernel.dot(a, 0, ones, 0, 8)).isEqualTo(2f);
        // (lane 0 + lane 2) + (lane 1 + lane 3) = (2²⁵ − 2²⁵) + (1 + 0).
        assertThat(kernel.dot(new float[] {big, 1f, -big, 0f}, 0, ones, 0, 4)).isEqualTo(1f);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldBeCloseToAnInnerProductInDoublePrecision(FloatKernel kernel) {
        float[] a = numbers(5, 64);
        float[] b = numbers(6, 64);
        double exact = 0.0;
        double magnitude = 0.0;
        for (int i = 0; i < a.length; i++) {
            exact += (double) a[i] * b[i];
            magnitude += Math.abs((double) a[i] * b[i]);
        }

        // 16 additions a lane and 2 to join them, each within half a unit of the largest partial sum.
        assertThat((double) kernel.dot(a, 0, b, 0, a.length)).isCloseTo(exact, within(18 * 0x1p-24 * magnitude));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAddAMultipleAndMultiply(FloatKernel kernel) {
        float[] y = {1f, 2f, 3f, 4f};
        kernel.axpy(0.5f, new float[] {9f, 2f, 4f, 8f}, 1, y, 0, 3);
        assertThat(y).containsExactly(1f + 1f, 2f + 2f, 3f + 4f, 4f);

        float[] product = new float[4];
        kernel.multiply(new float[] {2f, 3f}, 0, new float[] {9f, 5f, 7f}, 1, product, 2, 2);
        assertThat(product).containsExactly(0f, 0f, 2f * 5f, 3f * 7f);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldStepByAdagrad(FloatKernel kernel) {
        float[][] records = {{}, {9f, 1f, -2f, 8f, 3f, 0.25f}, {9f, 4f, 0f, 8f, 1f, 1f}};
        int[] rows = {2, 1};
        float[] weights = {0f, 2f};

        // Row 1: g = 2 · .5 and 2 · −.75; state 3 + 1 and .25 + 2.25. Row 2 has no weight.
        kernel.adagrad(records, rows, 2, 1, 3, weights, new float[] {0.5f, -0.75f}, 0, 2, 0.1f, 0f);

        assertThat(Arrays.copyOfRange(records[1], 3, 6)).containsExactly(8f, 4f, 2.5f);
        assertThat(records[1][0]).isEqualTo(9f);
        assertThat(records[1][1]).isCloseTo(1f - 0.1f / 2f, within(1e-6f));
        assertThat(records[1][2]).isCloseTo(-2f + 0.1f * 1.5f / (float) Math.sqrt(2.5), within(1e-6f));
        assertThat(records[2]).containsExactly(9f, 4f, 0f, 8f, 1f, 1f);

        // Decay pulls towards zero where the loss says nothing: g = .5 · 4, state 0 + 2².
        float[][] decayed = {{4f, 0f}};
        kernel.adagrad(decayed, new int[1], 1, 0, 1, new float[] {1f}, new float[1], 0, 1, 0.1f, 0.5f);
        assertThat(decayed[0][0]).isCloseTo(4f - 0.1f, within(1e-6f));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldScoreRowsWithTheirBias(FloatKernel kernel) {
        float[][] values = {{1f, 2f, 3f, 4f, 0.5f}, {}, {4f, 3f, 2f, 1f, 0.25f}};
        float[] scores = new float[3];

        kernel.scores(new float[] {1f, 1f, 2f, 2f}, values, new int[] {2, 0, 1}, 2, 4, scores);

        // 4 + 3 + 2 · 2 + 2 · 1 + .25 and 1 + 2 + 2 · 3 + 2 · 4 + .5; the third was not asked for.
        assertThat(scores).containsExactly(13.25f, 17.5f, 0f);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldSumRowsByTheirWeights(FloatKernel kernel) {
        float[][] values = {{9f, 1f, 2f}, {9f, 10f, 20f}};
        float[] out = {7f, 7f, 7f, 7f};

        kernel.weightedSum(values, new int[] {1, 0, 1}, 3, 1, new float[] {1f, 0.5f, 2f}, out, 1, 2);

        assertThat(out).containsExactly(7f, 10f + 0.5f + 20f, 20f + 1f + 40f, 7f);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldStepByAdam(FloatKernel kernel) {
        float[] values = {9f, 1f};
        float[] moments = {2f, 9f, 4f};

        // m = .9 · 2 + .1 · 3; u = .999 · 4 + .001 · 3².
        kernel.adam(values, 1, new float[] {3f}, moments, 0, moments, 2, 1, 0.1f);

        assertThat(moments[0]).isCloseTo(1.8f + 0.3f, within(1e-6f));
        assertThat(moments[2]).isCloseTo(3.996f + 0.009f, within(1e-6f));
        assertThat(values[1]).isCloseTo(1f - 0.1f * 2.1f / (float) Math.sqrt(4.005), within(1e-6f));
        assertThat(values[0]).isEqualTo(9f);
        assertThat(moments[1]).isEqualTo(9f);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldComputeFunctionsAsTheScalarOnes(FloatKernel kernel) {
        for (int n : LENGTHS) {
            float[] x = numbers(n, n);
            float[] got = x.clone();
            kernel.exp(got, 0.5f, n);
            for (int i = 0; i < n; i++) {
                assertThat(got[i]).isEqualTo(FloatMath.exp(x[i] - 0.5f));
            }

            float[] logarithms = new float[n + 1];
            kernel.logOnePlus(got, 10f, logarithms, 0, n);
            for (int i = 0; i < n; i++) {
                assertThat(logarithms[i]).isEqualTo(FloatMath.log(1f + 10f * got[i]));
            }
        }
        float[] borders = {-1e30f, -87f, -86.9f, -0f, 0f, 87.9f, 88f, 1e30f, Float.NaN};
        float[] got = borders.clone();
        kernel.exp(got, 0f, borders.length);
        for (int i = 0; i < borders.length; i++) {
            assertThat(Float.valueOf(got[i]))
                    .as("exp(%s)", borders[i])
                    .isEqualTo(Float.valueOf(FloatMath.exp(borders[i])));
        }
    }

    @Test
    void shouldGiveTheSameBitsWithTheVectorModuleAndWithout() {
        Optional<FloatKernel> found = FloatKernels.vectorKernel();
        assumeTrue(
                found.isPresent(),
                "needs the module jdk.incubator.vector, a build that has the kernel for it, and vectors of 8 floats");
        FloatKernel vector = found.get();
        FloatKernel plain = new PlainFloatKernel();

        for (int n : LENGTHS) {
            float[] results = results(plain, n);
            assertThat(SmallModels.bits(results(vector, n)))
                    .as("length %s", n)
                    .containsExactly(SmallModels.bits(results));
            assertThat(Arrays.stream(SmallModels.bits(results)).distinct().count())
                    .isGreaterThan(n);
        }
    }

    @Test
    void shouldTakeTheVectorModuleWhereItIs() {
        assertThat(FloatKernels.name())
                .isEqualTo(FloatKernels.vectorKernel().map(FloatKernel::name).orElse("plain"));
    }

    /** Everything a kernel computes, of {@code n} values that start amid an array. */
    private static float[] results(FloatKernel kernel, int n) {
        float[] a = numbers(1, n + 3);
        float[] b = numbers(2, n + 3);
        float[] state = numbers(3, n + 3);
        for (int i = 0; i < state.length; i++) {
            state[i] = Math.abs(state[i]) + 0.1f;
        }
        float[] product = new float[n + 3];
        float[] phi = new float[n + 3];
        float dot = kernel.dot(a, 0, b, 0, n / 4 * 4);
        kernel.multiply(a, 1, b, 2, product, 3, n);
        kernel.axpy(0.3f, a, 3, b, 1, n);
        float[][] values = {record(a, state), record(product, state)};
        int[] rows = {1, 0};
        float[] weights = {-0.2f, 0.7f};
        kernel.adagrad(values, rows, 2, 2, n + 3, weights, b, 1, n, 0.1f, 1e-3f);
        float[] sum = new float[n + 3];
        kernel.weightedSum(values, rows, 2, 3, weights, sum, 1, n);
        float[] scores = new float[2];
        kernel.scores(b, values, rows, 2, n / 4 * 4, scores);
        kernel.logOnePlus(state, 10f, phi, 3, n);
        float[] first = numbers(4, n + 3);
        float[] second = state.clone();
        float[] moved = numbers(6, n + 3);
        kernel.adam(moved, 1, a, first, 3, second, 2, n, 0.01f);
        float[] powers = b.clone();
        kernel.exp(powers, 0.1f, n);
        float[] all = {dot};
        for (float[] part : List.of(values[0], values[1], b, state, phi, sum, scores, powers, first, second, moved)) {
            int from = all.length;
            all = Arrays.copyOf(all, from + part.length);
            System.arraycopy(part, 0, all, from, part.length);
        }
        return all;
    }

    private static float[] record(float[] values, float[] state) {
        float[] record = Arrays.copyOf(values, values.length + state.length);
        System.arraycopy(state, 0, record, values.length, state.length);
        return record;
    }

    private static float[] numbers(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextDouble(-1.0, 1.0) * (i % 5 == 0 ? 20f : 1f);
        }
        return numbers;
    }
}

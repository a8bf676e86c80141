package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    private static final int DRAWS = 100_000;

    @Test
    void shouldBeTheGeneratorOfThePaper() {
        SplitMix64 random = new SplitMix64(1_234_567L);
        SplittableRandom reference = new SplittableRandom(1_234_567L);

        assertThat(random.nextLong()).isEqualTo(6_457_827_717_110_365_317L);
        reference.nextLong();
        for (int i = 0; i < 1_000; i++) {
            assertThat(random.nextLong()).isEqualTo(reference.nextLong());
        }
    }

    @Test
    void shouldGiveEachStreamDrawsOfItsOwn() {
        long first = SplitMix64.of(7, 0).nextLong();

        assertThat(SplitMix64.of(7, 0).nextLong()).isEqualTo(first);
        assertThat(SplitMix64.of(7, 1).nextLong()).isNotEqualTo(first);
        assertThat(SplitMix64.of(8, 0).nextLong()).isNotEqualTo(first);
        assertThat(IntStream.range(0, 10_000)
                        .mapToLong(stream -> SplitMix64.of(7, stream).nextLong())
                        .distinct())
                .hasSize(10_000);
    }

    @Test
    void shouldDrawFromTheDistributionsItNames() {
        SplitMix64 random = SplitMix64.of(1, 1);

        double[] uniform =
                IntStream.range(0, DRAWS).mapToDouble(i -> random.nextDouble()).toArray();
        double[] normal = IntStream.range(0, DRAWS)
                .mapToDouble(i -> random.nextGaussian())
                .toArray();
        double[] exponential = IntStream.range(0, DRAWS)
                .mapToDouble(i -> random.nextExponential())
                .toArray();

        assertThat(Arrays.stream(uniform)).allMatch(x -> x >= 0.0 && x < 1.0);
        assertThat(mean(uniform)).isEqualTo(1.0 / 2.0, Offset.offset(0.01));
        assertThat(mean(normal)).isEqualTo(0.0, Offset.offset(0.02));
        assertThat(mean(Arrays.stream(normal).map(x -> x * x).toArray())).isEqualTo(1.0, Offset.offset(0.03));
        assertThat(Arrays.stream(exponential)).allMatch(x -> x >= 0.0);
        assertThat(mean(exponential)).isEqualTo(1.0, Offset.offset(0.02));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Test
    void shouldPermuteEveryIndexOnce() {
        int[] order = SplitMix64.of(3, 3).permutation(1_000);

        assertThat(order).isNotEqualTo(IntStream.range(0, 1_000).toArray());
        assertThat(Arrays.stream(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1_000).toArray());
    }

    @Test
    void shouldDrawByWeightAndNeverWhatWeighsNothing() {
        WeightedChoice choice = new WeightedChoice(new double[] {0.0, 1.0, 0.0, 3.0, 0.0});
        SplitMix64 random = SplitMix64.of(5, 5);
        int[] drawn = new int[5];

        for (int i = 0; i < DRAWS; i++) {
            drawn[choice.draw(random)]++;
        }

        assertThat(new int[] {drawn[0], drawn[2], drawn[4]}).containsOnly(0);
        assertThat(drawn[3] / (double) DRAWS).isEqualTo(3.0 / (1.0 + 3.0), Offset.offset(0.01));
        assertThat(new WeightedChoice(new double[3]).isEmpty()).isTrue();
        assertThat(new WeightedChoice(new double[0]).isEmpty()).isTrue();
    }
}

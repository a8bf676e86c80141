package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NegativeSamplerTest {
    private static final int ITEMS = 200;
    private static final int[] LIVE = IntStream.range(0, ITEMS).toArray();

    private final NegativeSampler sampler = new NegativeSampler();

    @Test
    void shouldDrawDistinctItemsThatAreNeitherPositiveNorConsumed() {
        int[] consumed = IntStream.range(0, 60).map(i -> i * 3).toArray();
        Example example = example(100, consumed);
        Set<Integer> forbidden = new HashSet<>(Set.of(100));
        Arrays.stream(consumed).forEach(forbidden::add);
        for (int batch = 0; batch < 50; batch++) {
            SeededRandom random = SeededRandom.of(1, 1, batch);
            sampler.choosePool(LIVE, ITEMS, 0, random);
            for (int e = 0; e < 5; e++) {
                Set<Integer> drawn = draw(example, 90, random);

                assertThat(drawn).hasSize(90).doesNotContainAnyElementsOf(forbidden);
            }
        }
    }

    @Test
    void shouldDrawFromAPoolOfTheSizeWanted() {
        Set<Integer> drawn = new HashSet<>();
        SeededRandom random = SeededRandom.of(1, 2, 0);
        sampler.choosePool(LIVE, ITEMS, 30, random);
        for (int e = 0; e < 200; e++) {
            drawn.addAll(draw(example(0), 10, random));
        }

        // Whatever examples draw, they draw of 30 items (or 29 and the positive).
        assertThat(drawn.size()).isBetween(29, 30);
    }

    @Test
    void shouldTakeAtMostHalfTheCatalogueIntoThePool() {
        Set<Integer> drawn = new HashSet<>();
        SeededRandom random = SeededRandom.of(1, 3, 0);
        sampler.choosePool(LIVE, ITEMS, 1_024, random);
        for (int e = 0; e < 200; e++) {
            drawn.addAll(draw(example(0), ITEMS, random));
        }

        assertThat(drawn.size()).isBetween(ITEMS / 2 - 1, ITEMS / 2);
    }

    @Test
    void shouldChooseAnotherPoolForAnotherBatch() {
        sampler.choosePool(LIVE, ITEMS, 30, SeededRandom.of(1, 4, 0));
        Set<Integer> first = draw(example(0), ITEMS, SeededRandom.of(1, 4, 1));
        sampler.choosePool(LIVE, ITEMS, 30, SeededRandom.of(1, 4, 2));
        Set<Integer> second = draw(example(0), ITEMS, SeededRandom.of(1, 4, 3));

        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void shouldRunOutGracefully() {
        SeededRandom random = SeededRandom.of(1, 5, 0);

        sampler.choosePool(LIVE, 0, 0, random);
        assertThat(sampler.draw(example(0), 5, ITEMS, random)).isZero();

        sampler.choosePool(LIVE, 1, 1_024, random);
        assertThat(sampler.draw(example(0), 5, ITEMS, random)).isZero();
        assertThat(draw(example(1), 5, random)).containsExactly(0);

        sampler.choosePool(LIVE, 10, 0, random);
        assertThat(draw(example(0, 1, 2, 3, 4), 20, random)).containsExactlyInAnyOrder(5, 6, 7, 8, 9);
        assertThat(sampler.draw(example(9, 0, 1, 2, 3, 4, 5, 6, 7, 8), 20, ITEMS, random))
                .isZero();
    }

    @Test
    void shouldDrawUniformly() {
        int[] counts = new int[ITEMS];
        int rounds = 20_000;
        int each = 10;
        for (int round = 0; round < rounds; round++) {
            SeededRandom random = SeededRandom.of(2, 6, round);
            sampler.choosePool(LIVE, ITEMS, 50, random);
            draw(example(7, 8), each, random).forEach(item -> counts[item]++);
        }

        // 198 items share 20 000 × 10 draws evenly: 1 010 each, at most binomial, deviation √1010 = 31.8; five of them.
        double expected = (double) rounds * each / (ITEMS - 2);
        for (int item = 0; item < ITEMS; item++) {
            assertThat((double) counts[item])
                    .as("item %s", item)
                    .isCloseTo(item == 7 || item == 8 ? 0.0 : expected, within(5 * Math.sqrt(expected)));
        }
        assertThat(counts[7] + counts[8]).isZero();
    }

    @Test
    void shouldDrawTheSameFromTheSameStream() {
        NegativeSampler other = new NegativeSampler();
        // What the other drew before must not matter.
        other.choosePool(LIVE, ITEMS, 0, SeededRandom.of(9, 9, 9));
        other.draw(example(3, 4, 5), 50, ITEMS, SeededRandom.of(9, 9, 10));

        sampler.choosePool(LIVE, ITEMS, 64, SeededRandom.of(1, 7, 0));
        other.choosePool(LIVE, ITEMS, 64, SeededRandom.of(1, 7, 0));
        int drawn = sampler.draw(example(1, 2), 20, ITEMS, SeededRandom.of(1, 7, 1));
        int others = other.draw(example(1, 2), 20, ITEMS, SeededRandom.of(1, 7, 1));

        assertThat(Arrays.copyOf(other.drawn(), others)).containsExactly(Arrays.copyOf(sampler.drawn(), drawn));
    }

    @Test
    void shouldDrawOnWhenItsDrawsHaveAllBeenCounted() {
        SeededRandom random = SeededRandom.of(1, 9, 0);
        sampler.choosePool(LIVE, ITEMS, 0, random);
        draw(example(0, 1), ITEMS, random);

        sampler.stamp = -1;

        assertThat(draw(example(0, 1), ITEMS, random)).hasSize(ITEMS - 2);
        assertThat(draw(example(2), ITEMS, random)).hasSize(ITEMS - 1).doesNotContain(2);
    }

    @Test
    void shouldFollowAGrowingCatalogue() {
        SeededRandom random = SeededRandom.of(1, 8, 0);
        sampler.choosePool(LIVE, 4, 0, random);
        assertThat(draw(example(0), 9, random)).containsExactlyInAnyOrder(1, 2, 3);

        int[] larger = IntStream.range(0, 1_000).toArray();
        sampler.choosePool(larger, 1_000, 0, random);
        int drawn = sampler.draw(example(999), 2_000, 1_000, random);

        assertThat(drawn).isEqualTo(999);
    }

    private Set<Integer> draw(Example example, int wanted, SeededRandom random) {
        int drawn = sampler.draw(example, wanted, ITEMS, random);
        Set<Integer> items = new HashSet<>();
        for (int i = 0; i < drawn; i++) {
            items.add(sampler.drawn()[i]);
        }
        assertThat(items).as("distinct").hasSize(drawn);
        return items;
    }

    private static Example example(int positive, int... consumed) {
        return new Example(new Context(new int[0], 0, new int[0][]), positive, consumed, consumed.length);
    }
}

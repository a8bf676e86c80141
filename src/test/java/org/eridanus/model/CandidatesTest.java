package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidatesTest {
    @ParameterizedTest(name = "{0} items with {1} distinct scores")
    @CsvSource({"1,1", "2,1", "7,3", "100,100000", "100,5", "1000,2", "1000,100000", "1682,40"})
    void shouldSelectWhatSortingWould(int items, int distinct) {
        SplittableRandom random = new SplittableRandom(items + distinct);
        Candidates candidates = new Candidates();
        for (int round = 0; round < 40; round++) {
            float[] scores = new float[items];
            for (int j = 0; j < items; j++) {
                scores[j] = random.nextInt(distinct) - distinct / 2;
            }
            int[] eligible =
                    IntStream.range(0, items).filter(j -> random.nextInt(4) > 0).toArray();
            int wanted = 1 + random.nextInt(items);

            candidates.select(scores, eligible, eligible.length, wanted);

            assertThat(selected(candidates)).containsExactly(bySorting(scores, eligible, wanted));
        }
    }

    @Test
    void shouldSelectWhatSortingWouldOfSortedScores() {
        int n = 999;
        int[] eligible = IntStream.range(0, n).toArray();
        float[] rising = new float[n];
        float[] falling = new float[n];
        float[] pipe = new float[n];
        for (int j = 0; j < n; j++) {
            rising[j] = j;
            falling[j] = -j;
            pipe[j] = Math.min(j, n - 1 - j);
        }
        Candidates candidates = new Candidates();
        for (float[] scores : new float[][] {rising, falling, pipe}) {
            for (int wanted : new int[] {1, 2, 10, 500, n - 1}) {
                candidates.select(scores, eligible, n, wanted);

                assertThat(selected(candidates)).containsExactly(bySorting(scores, eligible, wanted));
            }
        }
    }

    @Test
    void shouldTakeTheLowerIndexOfEqualScoresAtTheBorder() {
        Candidates candidates = new Candidates();
        float[] scores = {1f, 2f, 1f, 3f, 1f, 1f};

        candidates.select(scores, new int[] {0, 1, 2, 3, 4, 5}, 6, 4);

        assertThat(selected(candidates)).containsExactly(0, 1, 2, 3);
        assertThat(candidates.contains(2)).isTrue();
        assertThat(candidates.contains(4)).isFalse();
        assertThat(candidates.contains(6)).isFalse();
    }

    @Test
    void shouldTakeNoNumbersLastAndInfinitiesByTheirSign() {
        Candidates candidates = new Candidates();
        float[] scores = {Float.NaN, Float.NEGATIVE_INFINITY, 1f, Float.POSITIVE_INFINITY, 2f, Float.NaN};

        candidates.select(scores, new int[] {0, 1, 2, 3, 4, 5}, 6, 3);
        assertThat(selected(candidates)).containsExactly(2, 3, 4);

        candidates.select(scores, new int[] {0, 2, 4, 5}, 4, 1);
        assertThat(selected(candidates)).containsExactly(4);

        candidates.select(new float[] {-3e38f, 3e38f, 0f}, new int[] {0, 1, 2}, 3, 2);
        assertThat(selected(candidates)).containsExactly(1, 2);
    }

    @Test
    void shouldTakeAllWhereAllAreWanted() {
        Candidates candidates = new Candidates();
        float[] scores = {1f, 2f, 3f};

        candidates.select(scores, new int[] {0, 2, 1_000_000}, 2, 0);
        assertThat(selected(candidates)).containsExactly(0, 2);

        candidates.select(scores, new int[] {0, 1, 2}, 3, 9);
        assertThat(selected(candidates)).containsExactly(0, 1, 2);
    }

    @Test
    void shouldSelectNothingOfNothingAndWhenCleared() {
        Candidates candidates = new Candidates();
        candidates.select(new float[0], new int[0], 0, 5);
        assertThat(candidates.count()).isZero();

        candidates.select(new float[] {1f, 2f}, new int[] {0, 1}, 2, 1);
        assertThat(candidates.contains(1)).isTrue();
        candidates.clear();
        assertThat(candidates.count()).isZero();
        assertThat(candidates.contains(1)).isFalse();
    }

    private static int[] selected(Candidates candidates) {
        return Arrays.copyOf(candidates.items(), candidates.count());
    }

    private static int[] bySorting(float[] scores, int[] eligible, int wanted) {
        return Arrays.stream(eligible)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(j -> -scores[j]).thenComparing(j -> j))
                .limit(wanted)
                .mapToInt(j -> j)
                .sorted()
                .toArray();
    }
}

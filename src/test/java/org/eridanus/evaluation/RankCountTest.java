package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RankCountTest {
    @Test
    void shouldStandBehindWhatIsHigherWhereNothingIsEqual() {
        assertThat(RankCount.rank(0, 0, 0.999)).isEqualTo(1);
        assertThat(RankCount.rank(7, 0, 0.0)).isEqualTo(8);
        assertThat(RankCount.rank(7, 0, Math.nextDown(1.0))).isEqualTo(8);
    }

    @Test
    void shouldShareTiesUniformly() {
        SplittableRandom random = new SplittableRandom(11);
        int[] counts = new int[10];
        int n = 100_000;
        for (int i = 0; i < n; i++) {
            counts[RankCount.rank(3, 4, random.nextDouble())]++;
        }

        // Ranks 4 … 8, a fifth each, deviation √(n · 1/5 · 4/5); five of them.
        for (int rank = 0; rank < counts.length; rank++) {
            double expected = rank >= 4 && rank <= 8 ? n / 5.0 : 0.0;
            double tolerance = expected == 0.0 ? 0.0 : 5 * Math.sqrt(n * 0.2 * 0.8);
            assertThat((double) counts[rank]).as("rank %s", rank).isCloseTo(expected, within(tolerance));
        }
    }

    @Test
    void shouldNeverStandBehindItsEquals() {
        for (int equal = 0; equal < 100_000; equal++) {
            assertThat(RankCount.rank(2, equal, Math.nextDown(1.0))).isEqualTo(3 + equal);
            assertThat(RankCount.rank(2, equal, 0.0)).isEqualTo(3);
        }
    }

    @Test
    void shouldCountHigherAndEqualScoresAmongTheCandidates() {
        float[] scores = {5f, 3f, 3f, 9f, 1f, 3f};
        int[] candidates = {0, 1, 2, 4, 5, 3};

        assertThat(RankCount.rank(scores, candidates, 5, 1, 0.0)).isEqualTo(2);
        assertThat(RankCount.rank(scores, candidates, 5, 1, 0.99)).isEqualTo(4);
        assertThat(RankCount.rank(scores, candidates, 6, 1, 0.0)).isEqualTo(3);
        assertThat(RankCount.rank(scores, candidates, 5, 4, 0.5)).isEqualTo(5);
    }

    @Test
    void shouldPutLastWhatADivergedModelHasNoScoreFor() {
        float[] scores = {5f, Float.NaN, 3f, Float.NaN};
        int[] candidates = {0, 1, 2, 3};

        assertThat(RankCount.rankOrLast(scores, candidates, 4, 1, 0.0)).isEqualTo(4);
        assertThat(RankCount.rankOrLast(scores, candidates, 4, 2, 0.0)).isEqualTo(2);
        assertThat(RankCount.rankOrLast(scores, candidates, 4, 0, 0.99)).isEqualTo(1);
        assertThat(RankCount.rankOrLast(new float[] {1f, 1f, 1f}, candidates, 3, 2, 0.99))
                .isEqualTo(3);
        assertThat(RankCount.rankOrLast(scores, 3, Float.NaN, 0.0)).isEqualTo(3);
        assertThat(RankCount.rankOrLast(scores, 3, 3f, 0.99)).isEqualTo(2);
    }

    @Test
    void shouldRefuseToRankWhatIsNoCandidateOrHasNoScore() {
        float[] scores = {5f, 3f, Float.NaN};

        assertThatThrownBy(() -> RankCount.rank(scores, new int[] {0, 2}, 2, 0, 0.0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> RankCount.rank(scores, new int[] {0}, 1, 1, 0.0))
                .isInstanceOf(IllegalStateException.class);
    }
}

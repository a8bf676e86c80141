package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankMetricsTest {
    private static final double LOG2 = Math.log(2.0);

    @Test
    void shouldCountAHitWithinTheFirstK() {
        assertThat(RankMetrics.hitRate(1, 10)).isEqualTo(1.0);
        assertThat(RankMetrics.hitRate(10, 10)).isEqualTo(1.0);
        assertThat(RankMetrics.hitRate(11, 10)).isEqualTo(0.0);
        assertThat(RankMetrics.hitRate(2, 1)).isEqualTo(0.0);
    }

    @Test
    void shouldDiscountByTheLogarithmOfTheRank() {
        assertThat(RankMetrics.ndcg(1, 10)).isEqualTo(1.0);
        assertThat(RankMetrics.ndcg(2, 10)).isCloseTo(1.0 / (Math.log(3.0) / LOG2), within(1e-15));
        assertThat(RankMetrics.ndcg(3, 10)).isCloseTo(1.0 / 2.0, within(1e-15));
        assertThat(RankMetrics.ndcg(7, 10)).isCloseTo(1.0 / 3.0, within(1e-15));
        assertThat(RankMetrics.ndcg(10, 10)).isCloseTo(1.0 / (Math.log(11.0) / LOG2), within(1e-15));
        assertThat(RankMetrics.ndcg(11, 10)).isEqualTo(0.0);
    }

    @Test
    void shouldTakeTheReciprocalOfTheRank() {
        assertThat(RankMetrics.reciprocalRank(1)).isEqualTo(1.0);
        assertThat(RankMetrics.reciprocalRank(3)).isEqualTo(1.0 / 3.0);
        assertThat(RankMetrics.reciprocalRank(1_682)).isEqualTo(1.0 / 1_682.0);
    }

    @Test
    void shouldAverageOverRandomRanksAsDerived() {
        // A random ranker among 21: HR@10 = 10/21; NDCG@10 = (1/21) Σ_{r ≤ 10} 1/log₂(r + 1).
        double hits = 0.0;
        double gains = 0.0;
        double expected = 0.0;
        for (int rank = 1; rank <= 21; rank++) {
            hits += RankMetrics.hitRate(rank, 10) / 21.0;
            gains += RankMetrics.ndcg(rank, 10) / 21.0;
            expected += rank <= 10 ? LOG2 / Math.log(rank + 1.0) / 21.0 : 0.0;
        }

        assertThat(hits).isCloseTo(10.0 / 21.0, within(1e-15));
        assertThat(gains).isCloseTo(expected, within(1e-15));
    }
}

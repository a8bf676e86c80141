package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    private static final int USERS = 1_000;

    /** Hits of both methods are independent of each other, with the given chances. */
    private static UserScores hits(double chance, long seed) {
        Random random = new Random(seed);
        UserScores scores = new UserScores(USERS);
        for (int user = 0; user < USERS; user++) {
            scores.add(user, random.nextDouble() < chance ? 1 : 100);
        }
        return scores;
    }

    @Test
    void shouldGiveTheIntervalOfANormalDifference() {
        UserScores a = hits(0.5, 1);
        UserScores b = hits(0.4, 2);

        PairedBootstrap.Difference difference = PairedBootstrap.compare(a, b, Metric.HR, 10, 7);

        double p = a.mean(Metric.HR, 10);
        double q = b.mean(Metric.HR, 10);
        assertThat(difference.mean()).isCloseTo(p - q, within(1e-12));
        // Standard error of a difference of independent proportions: √((p(1 − p) + q(1 − q)) / n), about .022.
        double error = Math.sqrt((p * (1 - p) + q * (1 - q)) / USERS);
        assertThat(difference.low()).isCloseTo(p - q - 1.96 * error, within(0.2 * error));
        assertThat(difference.high()).isCloseTo(p - q + 1.96 * error, within(0.2 * error));
        assertThat(difference.significantlyBetter()).isTrue();
        assertThat(difference.significantlyWorse()).isFalse();
        assertThat(difference.p()).isLessThan(0.01);
    }

    @Test
    void shouldSeeASmallDifferenceThatEveryUserShares() {
        UserScores a = new UserScores(USERS);
        UserScores b = new UserScores(USERS);
        Random random = new Random(3);
        for (int user = 0; user < USERS; user++) {
            int rank = 1 + random.nextInt(10);
            a.add(user, rank);
            b.add(user, rank + 1);
        }

        PairedBootstrap.Difference paired = PairedBootstrap.compare(a, b, Metric.MRR, 10, 7);

        assertThat(paired.significantlyBetter()).isTrue();
        assertThat(PairedBootstrap.compare(b, a, Metric.MRR, 10, 7).significantlyWorse())
                .isTrue();
    }

    @Test
    void shouldFindNoDifferenceOfAMethodWithItself() {
        UserScores a = hits(0.5, 1);

        PairedBootstrap.Difference difference = PairedBootstrap.compare(a, a, Metric.HR, 10, 7);

        assertThat(difference).isEqualTo(new PairedBootstrap.Difference(0.0, 0.0, 0.0, 1.0));
    }

    @Test
    void shouldWeighUsersByTheirRankings() {
        UserScores a = new UserScores(2);
        UserScores b = new UserScores(2);
        for (int i = 0; i < 3; i++) {
            a.add(0, 1);
            b.add(0, 20);
        }
        a.add(1, 20);
        b.add(1, 1);

        assertThat(PairedBootstrap.compare(a, b, Metric.HR, 10, 7).mean()).isCloseTo((3.0 - 1.0) / 4.0, within(1e-12));
    }

    @Test
    void shouldCoverTheTruthAsOftenAsItSays() {
        int covered = 0;
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            PairedBootstrap.Difference difference = PairedBootstrap.compare(
                    hits(0.3, 1_000 + 2L * trial), hits(0.3, 1_001 + 2L * trial), Metric.HR, 10, trial);
            covered += difference.low() <= 0 && difference.high() >= 0 ? 1 : 0;
        }

        // Binomial(200, .95): standard deviation 3.1; three of them on either side of 190.
        assertThat(covered).isBetween(180, 200);
    }

    @Test
    void shouldRefuseMethodsThatRankedOtherEvents() {
        UserScores more = hits(0.5, 1);
        more.add(0, 1);

        assertThatThrownBy(() -> PairedBootstrap.compare(hits(0.5, 1), more, Metric.HR, 10, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same rankings");
    }
}

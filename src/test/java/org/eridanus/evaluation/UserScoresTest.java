package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class UserScoresTest {
    private static final double EXACT = 1e-12;

    @Test
    void shouldAverageOverRankingsAndNotOverUsers() {
        UserScores scores = new UserScores(2);

        scores.add(0, 1);
        scores.add(0, 3);
        scores.add(1, 11);

        assertThat(scores.mean(Metric.HR, 10)).isCloseTo(2.0 / 3.0, within(EXACT));
        assertThat(scores.mean(Metric.HR, 2)).isCloseTo(1.0 / 3.0, within(EXACT));
        assertThat(scores.mean(Metric.NDCG, 4)).isCloseTo((1.0 + 1.0 / 2.0) / 3.0, within(EXACT));
        assertThat(scores.mean(Metric.MRR, 10)).isCloseTo((1.0 + 1.0 / 3.0) / 3.0, within(EXACT));
        assertThat(scores.mean(Metric.MRR, 2)).isCloseTo(1.0 / 3.0, within(EXACT));
        assertThat(scores.rankings()).isEqualTo(3);
    }

    @Test
    void shouldKeepEqualCountsEqualWhateverTheNumberOfRuns() {
        UserScores once = new UserScores(1);
        once.add(0, 1);
        UserScores other = new UserScores(1);
        other.add(0, 30);

        UserScores average = UserScores.average(List.of(once, other, once));

        assertThat(average.counts()).containsExactly(1.0);
        assertThat(average.mean(Metric.HR, 10)).isCloseTo(2.0 / 3.0, within(EXACT));
    }

    @Test
    void shouldRefuseAnotherCutoff() {
        UserScores scores = new UserScores(1);

        assertThatThrownBy(() -> scores.mean(Metric.HR, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 4, 6, 8, 10]")
                .hasMessageContaining("5");
    }

    @Test
    void shouldRefuseARankThatIsNone() {
        assertThatThrownBy(() -> new UserScores(1).add(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1");
    }
}

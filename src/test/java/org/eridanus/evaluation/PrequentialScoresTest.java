package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.eridanus.evaluation.Evaluation.Outcome;
import org.eridanus.evaluation.PrequentialScores.Figures;
import org.eridanus.evaluation.PrequentialScores.Line;
import org.eridanus.evaluation.PrequentialScores.Measure;
import org.eridanus.evaluation.PrequentialScores.Users;
import org.eridanus.event.Coordinate;
import org.junit.jupiter.api.Test;

class PrequentialScoresTest {
    private static final double EXACT = 1e-12;

    private final PrequentialScores scores = new PrequentialScores();

    @Test
    void shouldAddUpEachLineByItsOwnRank() {
        scores.add(ranked(0, 1, 3, 20));
        scores.add(ranked(0, 11, 10, 2));

        Figures model = scores.figures(Line.MODEL, Users.ALL);
        assertThat(model.events()).isEqualTo(2);
        assertThat(model.hits()).isEqualTo(1);
        assertThat(model.ndcg()).isEqualTo(1.0);
        assertThat(model.reciprocalRanks()).isEqualTo(1.0 + 1.0 / 11.0, within(EXACT));
        Figures popularity = scores.figures(Line.POPULARITY, Users.ALL);
        assertThat(popularity.hits()).isEqualTo(2);
        assertThat(popularity.ndcg()).isEqualTo(1.0 / 2.0 + Math.log(2) / Math.log(11), within(EXACT));
        Figures rules = scores.figures(Line.SEQUENTIAL_RULES, Users.ALL);
        assertThat(rules.hits()).isEqualTo(1);
        assertThat(rules.reciprocalRanks()).isEqualTo(1.0 / 20.0 + 1.0 / 2.0, within(EXACT));
    }

    @Test
    void shouldTellColdUsersFromWarmOnesByTheirEarlierEvents() {
        scores.add(ranked(9, 1, 1, 1));
        scores.add(ranked(10, 50, 50, 50));
        scores.add(ranked(11, 1, 1, 1));

        assertThat(scores.figures(Line.MODEL, Users.COLD).events()).isEqualTo(1);
        assertThat(scores.figures(Line.MODEL, Users.WARM).events()).isEqualTo(2);
        assertThat(scores.figures(Line.MODEL, Users.ALL).events()).isEqualTo(3);
        assertThat(scores.figures(Line.MODEL, Users.WARM).hits()).isEqualTo(1);
    }

    @Test
    void shouldPassOverEventsThatWereNotRanked() {
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.RANKED) {
                scores.add(evaluation(outcome, 0, 0, 0, 0));
            }
        }

        Figures figures = scores.figures(Line.MODEL, Users.ALL);
        assertThat(figures.events()).isZero();
        assertThat(figures.recentHitRate()).isNaN();
    }

    @Test
    void shouldForgetByHalvesInTheFadingAverage() {
        FadingAverage average = new FadingAverage(3);
        average.add(1);
        assertThat(average.value()).isEqualTo(1.0);

        average.add(0);
        average.add(0);
        average.add(0);

        double factor = Math.pow(2, -1.0 / 3.0);
        assertThat(average.value()).isEqualTo(0.5 / (1 + factor + factor * factor + 0.5), within(EXACT));
    }

    @Test
    void shouldFollowAChangeOfAccuracy() {
        for (int i = 0; i < 10_000; i++) {
            scores.add(ranked(20, 1, 1, 1));
        }
        for (int i = 0; i < (int) PrequentialScores.HALF_LIFE; i++) {
            scores.add(ranked(20, 100, 1, 1));
        }

        Figures figures = scores.figures(Line.MODEL, Users.ALL);
        double weightOfFirst = 0.5 * (1 - Math.pow(2, -5));
        double weightOfSecond = 0.5;
        assertThat(figures.recentHitRate()).isEqualTo(weightOfFirst / (weightOfFirst + weightOfSecond), within(1e-9));
        assertThat(figures.hits() / (double) figures.events()).isEqualTo(10_000.0 / 12_000.0, within(EXACT));
    }

    @Test
    void shouldForgetWhatHasLeftTheWindow() {
        int window = PrequentialScores.BATCH * PrequentialScores.BATCHES;
        for (int i = 0; i < window; i++) {
            scores.add(ranked(20, 1, 1, 1));
        }
        assertThat(scores.window(Line.MODEL, Users.ALL, Measure.HR10)).isEqualTo(1.0);

        for (int i = 0; i < window / 2; i++) {
            scores.add(ranked(20, 100, 2, 1));
        }

        assertThat(scores.window(Line.MODEL, Users.ALL, Measure.HR10)).isEqualTo(0.5, within(EXACT));
        assertThat(scores.window(Line.POPULARITY, Users.WARM, Measure.MRR)).isEqualTo(0.75, within(EXACT));
        assertThat(scores.window(Line.MODEL, Users.COLD, Measure.HR10)).isNaN();
        assertThat(scores.total(Line.POPULARITY, Users.ALL, Measure.MRR)).isEqualTo(window * 1.25, within(1e-9));
    }

    @Test
    void shouldTellByHowMuchTheModelIsAheadOnTheSameEvents() {
        for (int i = 0; i < BatchMeans.MIN_BATCHES * PrequentialScores.BATCH; i++) {
            assertThat(scores.gain(Line.POPULARITY, Users.ALL, Measure.HR10).mean())
                    .isNaN();
            // The model hits twice in five, popularity once in five, on events of its own.
            scores.add(ranked(20, i % 5 < 2 ? 3 : 30, i % 5 == 4 ? 3 : 30, 30));
        }

        BatchMeans.Interval popularity = scores.gain(Line.POPULARITY, Users.ALL, Measure.HR10);
        assertThat(popularity.mean()).isEqualTo(1.0 / 5.0, within(EXACT));
        assertThat(popularity.lower()).as("every batch has the same mean").isEqualTo(popularity.mean(), within(EXACT));
        assertThat(scores.gain(Line.SEQUENTIAL_RULES, Users.WARM, Measure.NDCG10)
                        .mean())
                .isEqualTo(2.0 / 5.0 * 1.0 / 2.0, within(EXACT));
        assertThat(scores.gain(Line.MODEL, Users.ALL, Measure.MRR).mean()).isZero();
        assertThat(scores.gain(Line.POPULARITY, Users.COLD, Measure.HR10).mean())
                .isNaN();
    }

    @Test
    void shouldRefuseHalfLifeBelowOne() {
        assertThatThrownBy(() -> new FadingAverage(0.5)).hasMessageContaining("at least 1 observation, got 0.5");
        assertThatThrownBy(() -> new FadingAverage(Double.NaN)).hasMessageContaining("got NaN");
    }

    private static Evaluation ranked(int consumed, int model, int popularity, int rules) {
        return evaluation(Outcome.RANKED, consumed, model, popularity, rules);
    }

    private static Evaluation evaluation(Outcome outcome, int consumed, int model, int popularity, int rules) {
        return new Evaluation("ann", "dune", new Coordinate(0, 0), 0, outcome, 100, consumed, model, popularity, rules);
    }
}

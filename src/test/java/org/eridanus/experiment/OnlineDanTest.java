package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.RankCount;
import org.eridanus.model.ModelDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineDanTest {
    private static final Dataset WORLD =
            SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(150, 300, 6_000));
    private static final InteractionLog LISTED = new InteractionLog(WORLD, Integer.MAX_VALUE);
    private static final InteractionLog SEEN =
            new InteractionLog(new Dataset("seen", WORLD.users(), List.of(), WORLD.interactions()), Integer.MAX_VALUE);

    /** Scores from outside must give the ranks that the stream's trainer gives itself. */
    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldScoreAsTheTrainerRanks(String preset) {
        for (InteractionLog log : List.of(LISTED, SEEN)) {
            OnlineDan dan = new OnlineDan(log, ModelDefinition.ofPreset(preset), 0);
            Stream stream = new Stream(log);
            float[] scores = new float[log.items()];
            int[] eligible = new int[log.items()];
            int compared = 0;
            for (int event = 0; event < 2_000; event++) {
                int user = log.user(event);
                int item = log.item(event);
                int best = 0;
                int worst = 0;
                if (stream.isCandidate(item)) {
                    int count = stream.eligible(user, eligible);
                    dan.score(user, scores);
                    best = RankCount.rank(scores, eligible, count, item, 0.0);
                    worst = RankCount.rank(scores, eligible, count, item, Math.nextDown(1.0));
                }
                Evaluation evaluation = dan.testThenLearn(event);
                // Without a history many items tie, and which of them the tower is asked about is not defined by
                // scores.
                if (evaluation.ranked() && stream.earlier(user) > 0) {
                    assertThat(evaluation.model()).as("event %s", event).isBetween(best, worst);
                    compared++;
                }
                stream.consume(user, item);
            }
            assertThat(compared).isGreaterThan(1_500);
        }
    }

    @Test
    void shouldBeMoreAccurateThanItsControlLines() {
        double dan = hitRate("dan-online");

        assertThat(dan).isGreaterThan(hitRate("popularity-decayed") + 0.03);
        assertThat(dan).isGreaterThan(hitRate("sequential-rules"));
    }

    @Test
    void shouldLoseAccuracyWhereItsModelLags() {
        Method lagging = new Method(
                "lagging",
                true,
                true,
                Map.of(),
                (log, seed) -> observed(new OnlineDan(log, ModelDefinition.ofPreset("online"), 3_000)));
        Method prompt = new Method(
                "prompt",
                true,
                true,
                Map.of(),
                (log, seed) -> observed(new OnlineDan(log, ModelDefinition.ofPreset("online"), 0)));

        double late = hitRate(lagging);
        double early = hitRate(prompt);

        assertThat(early).isGreaterThan(late + 0.02);
        assertThat(early).isCloseTo(hitRate("dan-online"), within(0.01));
    }

    private static double hitRate(String name) {
        return hitRate(Methods.named(List.of(name)).get(0));
    }

    private static double hitRate(Method method) {
        return Judge.prequential(method, LISTED, 42).accuracy().all().mean(Metric.HR, 10);
    }

    private static ItemScorer observed(OnlineDan dan) {
        return new ItemScorer() {
            @Override
            public void observe(int user, int item) {
                dan.observe(user, item);
            }

            @Override
            public void score(int user, float[] scores) {
                dan.score(user, scores);
            }
        };
    }
}

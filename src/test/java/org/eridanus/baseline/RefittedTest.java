package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefittedTest {
    @Test
    void shouldFitAfterSoManyEvents() {
        List<Integer> fittedAfter = new ArrayList<>();
        ItemScorer counting = new ItemScorer() {
            private int observed;

            @Override
            public void observe(int user, int item) {
                observed++;
            }

            @Override
            public void fit() {
                fittedAfter.add(observed);
            }

            @Override
            public void score(int user, float[] scores) {
                scores[0] = observed;
            }
        };
        Refitted refitted = new Refitted(counting, 8, 3);

        for (int event = 0; event < 8; event++) {
            refitted.observe(0, event);
        }

        assertThat(fittedAfter).containsExactly(3, 6);
    }

    @Test
    void shouldRankByPopularityWhatTheMethodSaysNothingOf() {
        Refitted refitted = new Refitted(new Ease(4, 5, 1.0, 1.0), 5, 6);
        refitted.observe(0, 2);
        refitted.observe(1, 2);
        refitted.observe(1, 3);

        float[] beforeAnyRound = scores(refitted, 0);
        refitted.observe(2, 2);
        refitted.observe(2, 3);
        refitted.observe(0, 4);
        float[] newcomer = scores(refitted, 3);
        float[] known = scores(refitted, 0);

        assertThat(beforeAnyRound[2]).isGreaterThan(beforeAnyRound[3]);
        assertThat(beforeAnyRound[3]).isGreaterThan(beforeAnyRound[0]);
        assertThat(newcomer[2]).isGreaterThan(newcomer[3]);
        assertThat(newcomer[3]).isGreaterThan(newcomer[4]);
        assertThat(newcomer[4]).isGreaterThan(newcomer[0]);
        // Item 3 came with 2 twice, nothing ever with 0 or 1.
        assertThat(known[3]).isGreaterThan(0.1f);
        assertThat(known[0]).isEqualTo(0f);
    }

    private static float[] scores(ItemScorer scorer, int user) {
        float[] scores = new float[5];
        Arrays.fill(scores, Float.NaN);
        scorer.score(user, scores);
        return scores;
    }

    @Test
    void shouldRefuseToFitAfterNoEvents() {
        assertThatThrownBy(() -> new Refitted(new Popularity(1), 1, 0)).hasMessageContaining("got 0");
    }
}

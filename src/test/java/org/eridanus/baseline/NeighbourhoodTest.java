package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.eridanus.model.ModelSettings;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {
    private static final float EXACT = 1e-6f;

    /** Users 0: {0, 1}, 1: {0, 1, 2}, 2: {1, 3}, 3: {4}. */
    private static void observe(ItemScorer scorer) {
        int[][] events = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 1}, {1, 2}, {2, 3}, {3, 4}};
        for (int[] event : events) {
            scorer.observe(event[0], event[1]);
        }
        scorer.fit();
    }

    private static float[] scores(ItemScorer scorer, int user) {
        float[] scores = new float[5];
        Arrays.fill(scores, Float.NaN);
        scorer.score(user, scores);
        return scores;
    }

    @Test
    void shouldSumTheSimilaritiesOfNeighboursThatConsumedTheItem() {
        UserKnn knn = new UserKnn(4, 5, 10);
        observe(knn);

        float[] scores = scores(knn, 0);

        // sim(0, 1) = 2 / √(2 · 3), sim(0, 2) = 1 / √(2 · 2), sim(0, 3) = 0.
        assertThat(scores[2]).isCloseTo((float) (2 / Math.sqrt(6)), within(EXACT));
        assertThat(scores[3]).isCloseTo(1f / 2f, within(EXACT));
        assertThat(scores[4]).isEqualTo(0f);
    }

    @Test
    void shouldAskTheNearestNeighboursAlone() {
        UserKnn knn = new UserKnn(4, 5, 1);
        observe(knn);

        assertThat(scores(knn, 0)[3]).isEqualTo(0f);
        assertThat(scores(knn, 0)[2]).isCloseTo((float) (2 / Math.sqrt(6)), within(EXACT));
    }

    @Test
    void shouldSumTheSimilaritiesOfConsumedItems() {
        ItemKnn knn = new ItemKnn(4, 5, 10);
        observe(knn);

        float[] scores = scores(knn, 0);

        // sim(0, 2) = 1 / √(2 · 1), sim(1, 2) = 1 / √(3 · 1), sim(1, 3) = 1 / √(3 · 1).
        assertThat(scores[2]).isCloseTo((float) (1 / Math.sqrt(2) + 1 / Math.sqrt(3)), within(EXACT));
        assertThat(scores[3]).isCloseTo((float) (1 / Math.sqrt(3)), within(EXACT));
        assertThat(scores[4]).isEqualTo(0f);
    }

    @Test
    void shouldTakeTheNeighboursOfTheCandidate() {
        ItemKnn knn = new ItemKnn(4, 5, 1);
        observe(knn);

        // The nearest neighbour of item 2 is item 0, .71, and not item 1, .58.
        assertThat(scores(knn, 2)[2]).isEqualTo(0f);
        assertThat(scores(knn, 0)[2]).isCloseTo((float) (1 / Math.sqrt(2)), within(EXACT));
    }

    @Test
    void shouldWeighTheNewestItemMostOnline() {
        OnlineItemKnn knn = new OnlineItemKnn(4, 5, 0.5);
        observe(knn);

        float[] scores = scores(knn, 0);

        // Newest is item 1: d⁰ sim(1, 2) + d¹ sim(0, 2).
        assertThat(scores[2]).isCloseTo((float) (1 / Math.sqrt(3) + 0.5 / Math.sqrt(2)), within(EXACT));
        assertThat(scores[3]).isCloseTo((float) (1 / Math.sqrt(3)), within(EXACT));
    }

    @Test
    void shouldRankWhatIsNotSimilarByPopularityOnline() {
        OnlineItemKnn knn = new OnlineItemKnn(5, 5, 0.5);
        observe(knn);

        float[] known = scores(knn, 0);
        float[] newcomer = scores(knn, 4);

        // Item 4 was consumed with no other; 1 by three users, 0 by two, 2, 3 and 4 by one each, the newest last.
        assertThat(known[4]).isGreaterThan(0f).isLessThan(1e-9f).isLessThan(known[3]);
        assertThat(newcomer[1]).isGreaterThan(newcomer[0]).isLessThan(1e-9f);
        assertThat(newcomer[0]).isGreaterThan(newcomer[4]);
        assertThat(newcomer[4]).isGreaterThan(newcomer[3]);
        assertThat(newcomer[3]).isGreaterThan(newcomer[2]);
    }

    @Test
    void shouldRankByWhatFollowedWhatAndThenByPopularity() {
        SequentialRules rules =
                new SequentialRules(4, 5, new ModelSettings.Pairs(20, 30, 0.5f, 10f, 0f, 512, 128, 0f, 0f));
        observe(rules);

        float[] user = scores(rules, 0);
        float[] newcomer = scores(rules, 3);

        // 1 followed by 2 (user 1, distance 1) and by 3 (user 2); 0 by 2 at distance 2: half a count, decayed by half.
        double after1 = 1 / Math.sqrt(3 + 1);
        assertThat(user[2]).isCloseTo((float) (after1 + 0.5 * 0.5 / Math.sqrt(2 + 1)), within(1e-4f));
        assertThat(user[3]).isCloseTo((float) after1, within(1e-4f));
        // Nothing ever followed item 4.
        assertThat(newcomer[1]).isGreaterThan(newcomer[0]).isLessThan(1e-9f);
        assertThat(newcomer[0]).isGreaterThan(newcomer[2]);
    }
}

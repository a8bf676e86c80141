package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two tastes: even users like even items, odd users odd ones. What a user has not had yet tells who has understood. */
class FactorisationTest {
    private static final int USERS = 60;
    private static final int ITEMS = 40;
    private static final double OBSERVED = 0.4;

    /** Methods, and the least that is asked of them: incremental MF draws as negatives what a user has not had yet. */
    static Stream<Arguments> methods() {
        return Stream.of(
                Arguments.of("bpr", new BprMf(USERS, ITEMS, new BprMf.Settings(8, 40, 0.05, 0.01), 1), 0.9),
                Arguments.of(
                        "ials", new ImplicitAls(USERS, ITEMS, new ImplicitAls.Settings(8, 10, 0.1, 0.05, 1.0), 1), 0.9),
                Arguments.of(
                        "incremental-mf",
                        new IncrementalMf(USERS, ITEMS, new IncrementalMf.Settings(8, 10, 30, 0.1, 0.01, 0.7), 1),
                        0.65),
                Arguments.of("user-knn", new UserKnn(USERS, ITEMS, 20), 0.9),
                Arguments.of("item-knn", new ItemKnn(USERS, ITEMS, 20), 0.9),
                Arguments.of("item-knn-online", new OnlineItemKnn(USERS, ITEMS, 0.9), 0.9),
                Arguments.of("ease", new Ease(USERS, ITEMS, 10, 1.0), 0.9),
                Arguments.of("slim", new Slim(USERS, ITEMS, 0.1, 5), 0.9));
    }

    /** Share of (liked, not liked) pairs of unobserved items that the scores put in the right order: .5 is chance. */
    private static double auc(ItemScorer scorer) {
        boolean[][] seen = new boolean[USERS][ITEMS];
        Random random = new Random(4);
        int[] order =
                random.ints(0, USERS * ITEMS).distinct().limit(USERS * ITEMS).toArray();
        for (int pair : order) {
            int user = pair / ITEMS;
            int item = pair % ITEMS;
            if (user % 2 == item % 2 && random.nextDouble() < OBSERVED) {
                seen[user][item] = true;
                scorer.observe(user, item);
            }
        }
        scorer.fit();
        float[] scores = new float[ITEMS];
        double right = 0;
        long pairs = 0;
        for (int user = 0; user < USERS; user++) {
            Arrays.fill(scores, Float.NaN);
            scorer.score(user, scores);
            for (int i = user % 2; i < ITEMS; i += 2) {
                for (int j = 1 - user % 2; j < ITEMS && !seen[user][i]; j += 2) {
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return right / pairs;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methods")
    void shouldTellTheTwoTastesApart(String name, ItemScorer scorer, double least) {
        double popularity = auc(new Popularity(ITEMS));

        assertThat(popularity).isCloseTo(0.5, within(0.05));
        assertThat(auc(scorer)).as(name).isGreaterThan(least);
    }

    @Test
    void shouldLearnLittleFromPositivesAloneButSomething() {
        ItemScorer isgd = new IncrementalMf(USERS, ITEMS, new IncrementalMf.Settings(8, 0, 20, 0.05, 0.01, 0), 1);

        assertThat(auc(isgd)).isGreaterThan(0.55);
    }

    @Test
    void shouldRankForANewUserByWhatOthersLikeAndUnmetItemsLast() {
        // Items 0 to 4 are consumed by each of 40 users, 5 to 9 by one user each, 10 by nobody.
        ItemScorer started = new IncrementalMf(50, 11, new IncrementalMf.Settings(8, 5, 5, 0.1, 0.01, 0.7), 1);
        for (int user = 0; user < 40; user++) {
            for (int item = 0; item < 5; item++) {
                started.observe(user, item);
            }
            if (user < 5) {
                started.observe(user, 5 + user);
            }
        }
        float[] scores = new float[11];

        started.score(49, scores);

        for (int liked = 0; liked < 5; liked++) {
            for (int other = 5; other < 10; other++) {
                assertThat(scores[liked]).isGreaterThan(scores[other] + 0.2f);
            }
        }
        assertThat(scores[10]).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    @Test
    void shouldSolveTheNormalEquationsOfAls() {
        // One user, one item, width 1: after the item's half u, v solve u (v² + α₀ v² + λ f) = v and the last half did
        // u.
        ImplicitAls als = new ImplicitAls(1, 1, new ImplicitAls.Settings(1, 200, 0.5, 0.1, 0.0), 3);
        als.observe(0, 0);
        als.fit();
        float[] scores = new float[1];
        als.score(0, scores);

        // At the fixed point u = v: 1.5 u² + .1 = 1, so u v = .6.
        assertThat(scores[0]).isCloseTo(0.6f, within(1e-4f));
    }
}

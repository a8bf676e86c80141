package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.eridanus.evaluation.LeaveOneOut.Held;
import org.junit.jupiter.api.Test;

class LeaveOneOutTest {
    private static final int ITEMS = 1_000;
    private static final List<Protocol> ALL = List.of(Protocol.values());

    /** Every user has consumed the ten items from ten times the user's number on. */
    private static int[][] sequences(int users) {
        return IntStream.range(0, users)
                .mapToObj(user ->
                        IntStream.range(0, 10).map(i -> (10 * user + i) % ITEMS).toArray())
                .toArray(int[][]::new);
    }

    @Test
    void shouldHoldOutTheLastItemAndForValidationTheOneBefore() {
        int[][] sequences = {{4, 2, 9}, {3, 1}, {5}};

        LeaveOneOut test = new LeaveOneOut(sequences, ITEMS, Held.TEST);
        LeaveOneOut validation = new LeaveOneOut(sequences, ITEMS, Held.VALIDATION);

        assertThat(test.heldOut(0)).isEqualTo(9);
        assertThat(test.trainingLength(0)).isEqualTo(2);
        assertThat(validation.heldOut(0)).isEqualTo(2);
        assertThat(validation.trainingLength(0)).isEqualTo(1);
        assertThat(test.evaluatedUsers()).isEqualTo(2);
        assertThat(validation.evaluatedUsers()).isEqualTo(1);
        assertThat(test.trainingLength(2)).isEqualTo(1);
    }

    @Test
    void shouldDrawDistinctItemsThatTheUserNeverTouched() {
        LeaveOneOut validation = new LeaveOneOut(sequences(5), ITEMS, Held.VALIDATION);
        int[] candidates = new int[ITEMS];

        int count = validation.candidates(3, Protocol.P99, new Random(1), candidates);

        Set<Integer> distinct = new HashSet<>();
        Arrays.stream(candidates, 0, count).forEach(distinct::add);
        assertThat(count).isEqualTo(100);
        assertThat(distinct).hasSize(100).contains(38);
        // 39 is the hidden test item: touched, so never drawn.
        assertThat(distinct).doesNotContain(30, 31, 32, 33, 34, 35, 36, 37, 39);
    }

    @Test
    void shouldRankAmongAllItemsOutsideTheTrainingHistory() {
        LeaveOneOut test = new LeaveOneOut(new int[][] {{2, 0, 3}}, 5, Held.TEST);
        LeaveOneOut validation = new LeaveOneOut(new int[][] {{2, 0, 3}}, 5, Held.VALIDATION);
        int[] candidates = new int[5];

        assertThat(Arrays.copyOf(candidates, test.candidates(0, Protocol.FULL, new Random(1), candidates)))
                .containsExactly(1, 3, 4);
        assertThat(Arrays.copyOf(candidates, validation.candidates(0, Protocol.FULL, new Random(1), candidates)))
                .containsExactly(0, 1, 3, 4);
    }

    @Test
    void shouldTakeWhatThereIsWhereTooFewItemsAreUntouched() {
        LeaveOneOut test = new LeaveOneOut(new int[][] {{0, 1, 2}}, 6, Held.TEST);

        assertThat(test.candidates(0, Protocol.P99, new Random(1), new int[6])).isEqualTo(4);
    }

    @Test
    void shouldGiveARandomRankerItsDerivedChance() {
        int users = 4_000;
        LeaveOneOut test = new LeaveOneOut(sequences(users), ITEMS, Held.TEST);
        Random random = new Random(5);

        Map<Protocol, UserScores> scores = test.evaluate(
                (user, out) -> IntStream.range(0, ITEMS).forEach(j -> out[j] = random.nextFloat()), ALL, 1);

        // Standard deviations: √(p (1 − p) / 4000) = .0079, .0047, .0016; three of them.
        assertThat(scores.get(Protocol.P20).mean(Metric.HR, 10)).isCloseTo(10.0 / 21.0, within(0.024));
        assertThat(scores.get(Protocol.P99).mean(Metric.HR, 10)).isCloseTo(10.0 / 100.0, within(0.015));
        assertThat(scores.get(Protocol.FULL).mean(Metric.HR, 10)).isCloseTo(10.0 / 991.0, within(0.005));
    }

    @Test
    void shouldFavourNobodyWhereAllScoresAreEqual() {
        LeaveOneOut test = new LeaveOneOut(sequences(4_000), ITEMS, Held.TEST);

        Map<Protocol, UserScores> scores = test.evaluate((user, out) -> Arrays.fill(out, 0f), ALL, 1);

        assertThat(scores.get(Protocol.P20).mean(Metric.HR, 10)).isCloseTo(10.0 / 21.0, within(0.024));
        assertThat(scores.get(Protocol.P20).mean(Metric.HR, 2)).isCloseTo(2.0 / 21.0, within(0.014));
    }

    @Test
    void shouldGiveEveryMethodTheSameCandidatesAndEverySeedOthers() {
        LeaveOneOut test = new LeaveOneOut(sequences(200), ITEMS, Held.TEST);
        ScoreFunction byIndex = (user, out) -> IntStream.range(0, ITEMS).forEach(j -> out[j] = j * 7919 % ITEMS);

        UserScores first = test.evaluate(byIndex, List.of(Protocol.P99), 1).get(Protocol.P99);
        UserScores alone = test.evaluate(byIndex, ALL, 1).get(Protocol.P99);
        UserScores otherSeed = test.evaluate(byIndex, ALL, 2).get(Protocol.P99);

        assertThat(alone.sums(Metric.NDCG, 10)).isEqualTo(first.sums(Metric.NDCG, 10));
        assertThat(otherSeed.sums(Metric.NDCG, 10)).isNotEqualTo(first.sums(Metric.NDCG, 10));
    }

    @Test
    void shouldRefuseAScoreThatIsNoNumber() {
        LeaveOneOut test = new LeaveOneOut(sequences(1), ITEMS, Held.TEST);

        assertThatThrownBy(() -> test.evaluate((user, out) -> Arrays.fill(out, Float.NaN), ALL, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NaN");
    }
}

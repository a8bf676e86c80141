package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairCountsTest {
    private static final int ONE = PairCounts.UNIT;
    private static final double DECAY = 0.5;
    private static final double SCALE = 10.0;

    @Test
    void shouldCountAnEventForItsHistoryByRank() {
        PairCounts pairs = counts(4, 100);

        pairs.add(history(5, 6, 7, 8, 9), 1);
        pairs.add(history(6), 1);
        pairs.add(history(6), 0);

        // T[hₚ, i] += 1 / (p + 1) for the newest four.
        assertThat(row(pairs, 5)).containsOnly(Map.entry(1, ONE));
        assertThat(row(pairs, 6)).containsOnly(Map.entry(1, ONE / 2 + ONE), Map.entry(0, ONE));
        assertThat(row(pairs, 7)).containsOnly(Map.entry(1, ONE / 3));
        assertThat(row(pairs, 8)).containsOnly(Map.entry(1, ONE / 4));
        assertThat(row(pairs, 9)).isEmpty();
        assertThat(pairs.occurrences(1)).isEqualTo(2);
        assertThat(pairs.occurrences(0)).isEqualTo(1);
        assertThat(pairs.occurrences(5)).isZero();
        assertThat(pairs.occurrences(5_000)).isZero();
        assertThat(pairs.changed().sorted()).containsExactly(5, 6, 7, 8);
    }

    @Test
    void shouldCountWhatCameBeforeByTheShareItIsWorth() {
        PairCounts pairs = new PairCounts(
                new ModelSettings.Pairs(2, 3, (float) DECAY, (float) SCALE, 0.25f, 100, 10, 0.5f, 0.05f));

        pairs.add(history(5, 6, 7), 1);
        pairs.add(history(1), 5);

        assertThat(row(pairs, 1)).containsOnly(Map.entry(5, ONE / 4 + ONE), Map.entry(6, ONE / 8));
        assertThat(row(pairs, 5)).containsOnly(Map.entry(1, ONE + ONE / 4));
        assertThat(row(pairs, 6)).containsOnly(Map.entry(1, ONE / 2));
        assertThat(row(pairs, 7)).isEmpty();
        assertThat(pairs.changed().sorted()).containsExactly(1, 5, 6);
        assertThat(pairs.countsForward()).isFalse();
        assertThat(counts(2, 100).countsForward()).isTrue();
    }

    @Test
    void shouldRoundFixedPointFractionsToTheNearest() {
        PairCounts pairs = counts(20, 100);
        int[] items = IntStream.range(100, 120).toArray();

        pairs.add(history(items), 1);

        for (int p = 0; p < 20; p++) {
            assertThat(row(pairs, items[p])).containsOnly(Map.entry(1, (int) Math.round((double) ONE / (p + 1))));
        }
    }

    @Test
    void shouldWeighEvidenceByDecayAndByHowOftenItsItemOccurred() {
        PairCounts pairs = counts(4, 100);
        pairs.add(history(), 5);
        pairs.add(history(5), 1);
        pairs.add(history(5), 1);
        pairs.add(history(6, 5), 2);
        pairs.add(history(), 6);
        pairs.add(history(), 6);
        float[] evidence = new float[3];

        pairs.evidence(history(5, 6), evidence, 3);

        // T[5, 1] = 2, T[5, 2] = 1/2, T[6, 2] = 1; n₅ = 1, n₆ = 2; the second item counts half.
        assertThat((double) evidence[0]).isZero();
        assertThat((double) evidence[1]).isCloseTo(2.0 / Math.sqrt(2.0), within(1e-6));
        assertThat((double) evidence[2])
                .isCloseTo(1.0 / 2.0 / Math.sqrt(2.0) + DECAY * 1.0 / Math.sqrt(3.0), within(1e-6));
    }

    @Test
    void shouldScanTheNewestItemsOnly() {
        PairCounts pairs = counts(1, 100);
        for (int item = 10; item < 20; item++) {
            pairs.add(history(item), 1);
        }
        float[] evidence = new float[20];

        pairs.evidence(history(10, 11, 12, 13, 14, 15), evidence, 20);

        // Three are scanned: 1 + decay + decay².
        assertThat((double) evidence[1]).isCloseTo(1.0 + DECAY + DECAY * DECAY, within(1e-6));
    }

    @Test
    void shouldOverwriteEvidenceAndKeepToTheItemsAsked() {
        PairCounts pairs = counts(4, 100);
        pairs.add(history(0), 1);
        pairs.add(history(0), 3);
        float[] evidence = {7f, 7f, 7f, 7f};

        pairs.evidence(history(0, 90_000), evidence, 3);

        assertThat(evidence).containsExactly(0f, 1f, 0f, 7f);
    }

    @Test
    void shouldTakeTheLogarithmOfScaledEvidence() {
        PairCounts pairs = counts(4, 100);

        float[] phi = new float[3];
        pairs.feature(new float[] {0f, 0.3f, 25f}, phi, 3);
        assertThat(phi[0]).isZero();
        assertThat((double) phi[1]).isCloseTo(Math.log(1.0 + SCALE * 0.3), within(1e-6));
        assertThat((double) phi[2]).isCloseTo(Math.log(1.0 + SCALE * 25.0), within(1e-6));
    }

    @Test
    void shouldNormaliseByTheSquareRootWhateverTheNumberOfOccurrences() {
        PairCounts pairs = counts(1, 100);
        for (int n = 0; n < 5_000; n++) {
            pairs.add(history(), 0);
        }
        pairs.add(history(0), 1);
        float[] evidence = new float[2];

        pairs.evidence(history(0), evidence, 2);

        assertThat((double) evidence[1]).isCloseTo(1.0 / Math.sqrt(5_001.0), within(1e-8));
    }

    @Test
    void shouldCutARowToItsStrongestWhenItWouldOutgrowItsBound() {
        PairCounts pairs = counts(1, 3);
        // Six successors fill the row: counts 1, 3, 2, 2, 2, 1 of items 1 … 6.
        int[] times = {1, 3, 2, 2, 2, 1};
        for (int s = 0; s < times.length; s++) {
            for (int n = 0; n < times[s]; n++) {
                pairs.add(history(0), s + 1);
            }
        }
        assertThat(row(pairs, 0)).hasSize(6);
        assertThat(pairs.pruned()).isZero();

        pairs.add(history(0), 6);
        assertThat(row(pairs, 0)).as("a known successor needs no room").hasSize(6);
        pairs.add(history(0), 9);

        // The three strongest stay, of the four with a count of 2 those of the lower index; then the new one.
        assertThat(row(pairs, 0))
                .containsOnly(Map.entry(2, 3 * ONE), Map.entry(3, 2 * ONE), Map.entry(4, 2 * ONE), Map.entry(9, ONE));
        assertThat(pairs.pruned()).isEqualTo(3);
    }

    @Test
    void shouldComeBackWithANewCountAfterItWasCutAway() {
        PairCounts pairs = counts(1, 1);
        pairs.add(history(0), 1);
        pairs.add(history(0), 1);
        pairs.add(history(0), 2);
        pairs.add(history(0), 3);
        assertThat(row(pairs, 0)).containsOnly(Map.entry(1, 2 * ONE), Map.entry(3, ONE));

        pairs.add(history(0), 2);

        assertThat(row(pairs, 0)).containsOnly(Map.entry(1, 2 * ONE), Map.entry(2, ONE));
        assertThat(pairs.pruned()).isEqualTo(2);
    }

    @Test
    void shouldHoldAtMostTwiceTheSuccessorsItKeeps() {
        int kept = 16;
        PairCounts pairs = counts(8, kept);
        SplittableRandom random = new SplittableRandom(1);
        int items = 300;
        for (int event = 0; event < 20_000; event++) {
            int[] past = IntStream.range(0, 8).map(p -> random.nextInt(items)).toArray();
            pairs.add(history(past), random.nextInt(items));
        }

        for (int item = 0; item < items; item++) {
            assertThat(row(pairs, item)).hasSizeBetween(kept, 2 * kept);
        }
        assertThat(pairs.bytes()).isLessThanOrEqualTo(16L * kept * items);
        assertThat(pairs.pruned()).isPositive();
    }

    @Test
    void shouldAgreeWithAPlainTableWhileNothingIsCut() {
        PairCounts pairs = counts(6, 1_000);
        Map<Integer, Map<Integer, Integer>> plain = new HashMap<>();
        SplittableRandom random = new SplittableRandom(2);
        for (int event = 0; event < 3_000; event++) {
            int[] past = random.ints(random.nextInt(9), 0, 150).toArray();
            int item = random.nextInt(150);
            pairs.add(history(past), item);
            for (int p = 0; p < Math.min(6, past.length); p++) {
                plain.computeIfAbsent(past[p], from -> new TreeMap<>())
                        .merge(item, (int) Math.round((double) ONE / (p + 1)), Integer::sum);
            }
        }

        for (int item = 0; item < 150; item++) {
            assertThat(row(pairs, item)).isEqualTo(plain.getOrDefault(item, Map.of()));
        }
    }

    @Test
    void shouldSaturateInsteadOfOverflowing() {
        PairCounts pairs = counts(1, 4);
        for (int n = 0; n <= Integer.MAX_VALUE / ONE + 10; n++) {
            pairs.add(history(0), 1);
        }

        assertThat(row(pairs, 0)).containsOnly(Map.entry(1, Integer.MAX_VALUE));
    }

    @Test
    void shouldPublishTheStrongestInIndexOrder() {
        PairCounts pairs = counts(1, 100);
        int[] times = {2, 1, 3, 2, 2};
        for (int s = 0; s < times.length; s++) {
            for (int n = 0; n < times[s]; n++) {
                pairs.add(history(0), 10 * (5 - s));
            }
        }
        pairs.add(history(), 0);

        ModelRow.Pairs row = pairs.publish(0, "zero", 3);

        // Of the three with a count of 2 (items 50, 20 and 10) the lower two; 30 has 3.
        assertThat(row.successors()).containsExactly(10, 20, 30);
        assertThat(row.counts()).containsExactly(2 * ONE, 2 * ONE, 3 * ONE);
        assertThat(row.occurrences()).isEqualTo(1);
        assertThat(row.added()).isEqualTo((2 + 1 + 3 + 2 + 2) * (long) ONE);
        assertThat(row.key()).isEqualTo("pairs/zero");
        assertThat(row(pairs, 0)).as("the table itself keeps all").hasSize(5);
    }

    @Test
    void shouldBeDueAgainWhenItHasGrownEnough() {
        PairCounts pairs = counts(1, 100);
        assertThat(pairs.grown(0, 0.05)).isFalse();
        for (int n = 0; n < 20; n++) {
            pairs.add(history(0), 1);
        }
        assertThat(pairs.grown(0, 0.05)).as("never published").isTrue();

        pairs.publish(0, "zero", 10);
        assertThat(pairs.grown(0, 0.05)).isFalse();
        pairs.add(history(0), 2);
        assertThat(pairs.grown(0, 0.05))
                .as("21 against 20 is 5 percent, not more")
                .isFalse();
        pairs.add(history(0), 2);
        assertThat(pairs.grown(0, 0.05)).isTrue();
    }

    @Test
    void shouldKeepWhenItIsDueAcrossARestart() {
        PairCounts pairs = counts(1, 100);
        pairs.add(history(0), 1);
        ModelRow.Pairs published = pairs.publish(0, "zero", 10);
        pairs.add(history(0), 1);
        PairCounts restarted = counts(1, 100);
        restarted.restorePublished(published);

        restarted.add(history(0), 1);
        assertThat(restarted.grown(0, 0.5)).as("one counted, one published").isFalse();
        restarted.add(history(0), 1);

        assertThat(restarted.grown(0, 0.5)).isEqualTo(pairs.grown(0, 0.5)).isTrue();
        assertThat(restarted.grown(0, 1.0)).isEqualTo(pairs.grown(0, 1.0)).isFalse();
    }

    @Test
    void shouldPublishAllAgainWhatWasPublishedBeforeCountsWereDropped() {
        PairCounts pairs = counts(2, 100);
        pairs.add(history(0, 1), 5);
        pairs.add(history(2), 5);
        pairs.publish(0, "zero", 10);
        pairs.publish(1, "one", 10);
        pairs.changed().clear();

        pairs.clear();
        pairs.add(history(1), 6);
        pairs.publishAllAgain();

        assertThat(pairs.occurrences(5)).isZero();
        assertThat(pairs.changed().sorted()).as("2 was never published").containsExactly(0, 1);
        assertThat(pairs.grown(0, 0.05)).isTrue();
        assertThat(pairs.grown(1, 0.05)).isTrue();
        assertThat(pairs.publish(0, "zero", 10).successors()).isEmpty();
        assertThat(pairs.publish(1, "one", 10).successors()).containsExactly(6);
        assertThat(pairs.grown(0, 0.05)).isFalse();
        assertThat(pairs.grown(1, 0.05)).isFalse();
    }

    @Test
    void shouldGiveTheEvidenceOfARowThatWasRead() {
        PairCounts pairs = counts(4, 100);
        pairs.add(history(), 70);
        pairs.add(history(70), 1);
        pairs.add(history(3, 70), 2);
        PairCounts read = counts(4, 100);

        read.put(pairs.publish(70, "i70", 10));

        float[] expected = new float[80];
        float[] evidence = new float[80];
        pairs.evidence(history(70), expected, 80);
        read.evidence(history(70), evidence, 80);
        assertThat(expected[1]).isPositive();
        assertThat(evidence).containsExactly(expected);
    }

    private static PairCounts counts(int window, int maxSuccessors) {
        return new PairCounts(
                new ModelSettings.Pairs(window, 3, (float) DECAY, (float) SCALE, 0f, maxSuccessors, 10, 0.5f, 0.05f));
    }

    private static Context history(int... items) {
        return new Context(items, items.length, new int[0][]);
    }

    /** Successor to fixed-point count, of everything that a row holds. */
    private static Map<Integer, Integer> row(PairCounts pairs, int item) {
        ModelRow.Pairs row = pairs.publish(item, "i" + item, Integer.MAX_VALUE);
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int s = 0; s < row.successors().length; s++) {
            counts.put(row.successors()[s], row.counts()[s]);
        }
        return counts;
    }
}

package org.eridanus.accounting;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.RankMetrics;

/**
 * Prequential accuracy by line and by group of events. Ranks are kept by event number, two bytes an event, because
 * which half an event belongs to shows at the end.
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class PrequentialTally {
    /** Whose ranking. */
    public enum Line {
        /** The model that is served. */
        MODEL,
        /** Decayed popularity. */
        POPULARITY,
        /** Sequential rules. */
        SEQUENTIAL_RULES
    }

    /** Over which events. */
    public enum Group {
        /** Every ranked one. */
        ALL,
        /** Those in the second half by event number, ranked or not in counting the half. */
        LAST_HALF,
        /** Those of users with fewer than ten items before. */
        COLD
    }

    private static final int K = 10;
    private static final int COLD_BELOW = 10;
    private static final int RANK_BITS = 4;
    private static final int RANKED = 1 << 12;
    private static final int COLD = 1 << 13;

    private final long[] hits = new long[Line.values().length];
    private short[] events = new short[1 << 12];
    private int numbers;
    private long ranked;

    /**
     * Counts an evaluation; of one that was not ranked only that it was there.
     *
     * @throws IllegalArgumentException if its number is no plausible one
     */
    public void add(Evaluation evaluation) {
        if (evaluation.event() < 0 || evaluation.event() >= Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "event must be 0.." + (Integer.MAX_VALUE - 9) + ", got " + evaluation.event());
        }
        int number = (int) evaluation.event();
        if (number >= events.length) {
            events = Arrays.copyOf(events, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(number + 1L, 2L * number)));
        }
        numbers = Math.max(numbers, number + 1);
        if (!evaluation.ranked()) {
            return;
        }
        int packed = RANKED | (evaluation.consumed() < COLD_BELOW ? COLD : 0);
        packed |= count(Line.MODEL, evaluation.model());
        packed |= count(Line.POPULARITY, evaluation.popularity());
        packed |= count(Line.SEQUENTIAL_RULES, evaluation.sequentialRules());
        events[number] = (short) packed;
        ranked++;
    }

    private int count(Line line, int rank) {
        hits[line.ordinal()] += rank <= K ? 1 : 0;
        return Math.min(rank, K + 1) << line.ordinal() * RANK_BITS;
    }

    /** HR@10 over all ranked events so far, NaN before the first. */
    public double hitRate(Line line) {
        return ranked == 0 ? Double.NaN : (double) hits[line.ordinal()] / ranked;
    }

    /** Events ranked so far. */
    public long ranked() {
        return ranked;
    }

    /** Accuracy over a group; walks all events. */
    public Accuracy accuracy(Line line, Group group) {
        int half = numbers / 2;
        IntPredicate belongs = switch (group) {
            case ALL -> number -> true;
            case LAST_HALF -> number -> number >= half;
            case COLD -> number -> (events[number] & COLD) != 0;
        };
        long n = 0;
        double hitRate = 0;
        double ndcg = 0;
        for (int number = 0; number < numbers; number++) {
            if ((events[number] & RANKED) != 0 && belongs.test(number)) {
                int rank = events[number] >>> line.ordinal() * RANK_BITS & (1 << RANK_BITS) - 1;
                n++;
                hitRate += RankMetrics.hitRate(rank, K);
                ndcg += RankMetrics.ndcg(rank, K);
            }
        }
        return n == 0 ? new Accuracy(Double.NaN, Double.NaN, 0) : new Accuracy(hitRate / n, ndcg / n, n);
    }
}

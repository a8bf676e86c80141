package org.eridanus.evaluation;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * Leave-one-out: each user's last interaction is the test item, the one before it the validation item, on which settings
 * are chosen; for the test, models are fitted with the validation item.
 *
 * <p>The items drawn by P20 and P99 are distinct, uniform, and untouched by the user in all of the data, later held-out
 * items among them; they depend on the seed and the user alone, so all methods rank the same candidates. Ties favour
 * nobody, see {@link RankCount}.
 *
 * <p>Immutable, apart from arrays that it shares with its maker.
 */
public final class LeaveOneOut {
    /** Which interaction is held out. */
    public enum Held {
        /** The last but one; the last one stays hidden. */
        VALIDATION(2),
        /** The last one. */
        TEST(1);

        private final int fromEnd;

        Held(int fromEnd) {
            this.fromEnd = fromEnd;
        }
    }

    private final int[][] sequences;
    private final int items;
    private final Held held;

    /**
     * A split.
     *
     * @param sequences by user, the items in order of time, none twice in one sequence; kept
     * @param items how many items there are
     */
    public LeaveOneOut(int[][] sequences, int items, Held held) {
        this.sequences = sequences;
        this.items = items;
        this.held = held;
    }

    /** How many items of a user's sequence may be learned from; all of a user's who is not evaluated. */
    public int trainingLength(int user) {
        return evaluated(user) ? sequences[user].length - held.fromEnd : sequences[user].length;
    }

    /** Whether a user has an item to hold out and at least one to learn from. */
    public boolean evaluated(int user) {
        return sequences[user].length > held.fromEnd;
    }

    /** How many users are evaluated. */
    public int evaluatedUsers() {
        int count = 0;
        for (int user = 0; user < sequences.length; user++) {
            count += evaluated(user) ? 1 : 0;
        }
        return count;
    }

    /** The item that is held out of a user's sequence. */
    public int heldOut(int user) {
        return sequences[user][sequences[user].length - held.fromEnd];
    }

    /**
     * Ranks every evaluated user's held-out item, and sums up by user.
     *
     * @param scores the method
     * @param seed of candidates and ties
     * @throws IllegalStateException if a method gives no number as a score
     */
    public Map<Protocol, UserScores> evaluate(ScoreFunction scores, Collection<Protocol> protocols, long seed) {
        Map<Protocol, UserScores> results = new EnumMap<>(Protocol.class);
        ranks(scores, protocols, seed).forEach((protocol, ranks) -> results.put(protocol, UserScores.of(ranks)));
        return results;
    }

    /**
     * Ranks every evaluated user's held-out item.
     *
     * @param scores the method
     * @param seed of candidates and ties
     * @return by protocol the rank for each user, 0 for one who is not evaluated
     * @throws IllegalStateException if a method gives no number as a score
     */
    public Map<Protocol, int[]> ranks(ScoreFunction scores, Collection<Protocol> protocols, long seed) {
        Map<Protocol, int[]> ranks = new EnumMap<>(Protocol.class);
        protocols.forEach(protocol -> ranks.put(protocol, new int[sequences.length]));
        float[] values = new float[items];
        int[] candidates = new int[items];
        for (int user = 0; user < sequences.length; user++) {
            if (!evaluated(user)) {
                continue;
            }
            scores.score(user, values);
            for (Map.Entry<Protocol, int[]> entry : ranks.entrySet()) {
                Random random = random(seed, user, entry.getKey());
                int count = candidates(user, entry.getKey(), random, candidates);
                entry.getValue()[user] = RankCount.rank(values, candidates, count, heldOut(user), random.nextDouble());
            }
        }
        return ranks;
    }

    /**
     * Writes the items that a user's held-out item is ranked among, itself included.
     *
     * @param out out, [items]
     * @return how many they are
     */
    int candidates(int user, Protocol protocol, Random random, int[] out) {
        boolean[] touched = new boolean[items];
        int known = protocol == Protocol.FULL ? trainingLength(user) : sequences[user].length;
        for (int i = 0; i < known; i++) {
            touched[sequences[user][i]] = true;
        }
        int count = 0;
        for (int item = 0; item < items; item++) {
            if (!touched[item]) {
                out[count++] = item;
            }
        }
        if (protocol == Protocol.FULL) {
            return count;
        }
        int drawn = Math.min(protocol.negatives(), count);
        for (int i = 0; i < drawn; i++) {
            int j = i + random.nextInt(count - i);
            int item = out[j];
            out[j] = out[i];
            out[i] = item;
        }
        out[drawn] = heldOut(user);
        return drawn + 1;
    }

    private static Random random(long seed, int user, Protocol protocol) {
        return new Random(Arrays.hashCode(new long[] {seed, user, protocol.negatives()}) * 0x9E3779B97F4A7C15L);
    }
}

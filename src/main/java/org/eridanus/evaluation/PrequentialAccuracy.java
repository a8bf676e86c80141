package org.eridanus.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy of one method over a stream in which each event is ranked before it is learned from (prequential, Vinagre,
 * Jorge, Gama, Evaluation of recommender systems in streaming environments, 2014): of all events, of those after the
 * first 30 %, on which settings may be chosen, of the last half of the stream, of cold users, and block by block.
 *
 * <p>Threading: not thread-safe.
 */
public final class PrequentialAccuracy {
    /** A user with fewer earlier events is cold. */
    public static final int COLD_BELOW = PrequentialScores.COLD_BELOW;

    /** Blocks that a stream's curve has. */
    public static final int BLOCKS = 50;

    private final long events;
    private final UserScores all;
    private final UserScores afterThirty;
    private final UserScores lastHalf;
    private final UserScores cold;
    private final double[] hits = new double[BLOCKS];
    private final double[] gains = new double[BLOCKS];
    private final long[] ranked = new long[BLOCKS];

    /**
     * A block of the stream.
     *
     * @param until the number of the first event after it
     * @param ranked events of it that were ranked
     * @param hr10 their HR@10, NaN without any
     * @param ndcg10 their NDCG@10, NaN without any
     */
    public record Block(long until, long ranked, double hr10, double ndcg10) {}

    /**
     * Accuracy of nothing.
     *
     * @param users how many there are
     * @param events how long the stream is
     */
    public PrequentialAccuracy(int users, long events) {
        this.events = events;
        this.all = new UserScores(users);
        this.afterThirty = new UserScores(users);
        this.lastHalf = new UserScores(users);
        this.cold = new UserScores(users);
    }

    /**
     * Takes in one test.
     *
     * @param event number of the event in the stream, from 0
     * @param user whose event it is
     * @param earlier how many events the user had before it
     * @param rank rank of the consumed item
     */
    public void add(long event, int user, int earlier, int rank) {
        all.add(user, rank);
        if (10 * event >= 3 * events) {
            afterThirty.add(user, rank);
        }
        if (2 * event >= events) {
            lastHalf.add(user, rank);
        }
        if (earlier < COLD_BELOW) {
            cold.add(user, rank);
        }
        int block = (int) (event * BLOCKS / events);
        ranked[block]++;
        hits[block] += RankMetrics.hitRate(rank, PrequentialScores.K);
        gains[block] += RankMetrics.ndcg(rank, PrequentialScores.K);
    }

    /** Of all events. */
    public UserScores all() {
        return all;
    }

    /** Of the stream without its first 30 %, on which settings were chosen. */
    public UserScores afterThirty() {
        return afterThirty;
    }

    /** Of the last half of the stream. */
    public UserScores lastHalf() {
        return lastHalf;
    }

    /** Of users with fewer than {@value #COLD_BELOW} earlier events. */
    public UserScores cold() {
        return cold;
    }

    /** Block by block, in order. */
    public List<Block> curve() {
        List<Block> curve = new ArrayList<>(BLOCKS);
        for (int block = 0; block < BLOCKS; block++) {
            curve.add(new Block(
                    (events * (block + 1) + BLOCKS - 1) / BLOCKS,
                    ranked[block],
                    hits[block] / ranked[block],
                    gains[block] / ranked[block]));
        }
        return curve;
    }
}

package org.eridanus.baseline;

import java.util.BitSet;
import org.eridanus.model.SeededRandom;

/**
 * Incremental matrix factorisation: stochastic gradient descent of (target − u · i)² on each event as it comes, the target
 * 1. Without negatives it is ISGD (Vinagre, Jorge, Gama, Fast incremental matrix factorization for recommendation with
 * positive-only feedback, 2014); with them, the target of uniform negatives is 0, and an event is passed over several
 * times. Squared error, because logistic loss and softmax did worse over all events of MovieLens-100K (HR@10 .165 and .150
 * against .187 with the same negatives and passes).
 *
 * <p>Negatives are drawn among the items that occurred so far: an item that nobody has met is no negative, and comes last. A
 * new user may start at a share of the users' mean vector, which ranks by what all of them like, in place of a random one,
 * which ranks at random.
 */
public final class IncrementalMf implements ItemScorer {
    private static final long PURPOSE_NEGATIVES = 0x69736764L;
    private static final int AVERAGED = 500;

    private final int items;
    private final Settings settings;
    private final long seed;
    private final LatentFactors factors;
    private final BitSet[] consumed;
    private final int[] seen;
    private final boolean[] isSeen;
    private int seenCount;
    private final float[] mean;
    private long events;

    /**
     * How it learns.
     *
     * @param width length of a vector
     * @param negatives drawn for each pass over an event; 0 for ISGD
     * @param passes over each event
     * @param rate learning rate
     * @param regularisation L2 weight
     * @param start share of the mean vector of the users of the last events, about {@value #AVERAGED} of them, that a new
     *     user starts at; 0 for a random vector
     */
    public record Settings(int width, int negatives, int passes, double rate, double regularisation, double start) {}

    /** A method that has seen nothing. */
    public IncrementalMf(int users, int items, Settings settings, long seed) {
        this.items = items;
        this.settings = settings;
        this.seed = seed;
        this.factors = new LatentFactors(users, items, settings.width(), 0.1, seed);
        this.seen = new int[items];
        this.isSeen = new boolean[items];
        this.mean = new float[settings.width()];
        this.consumed = new BitSet[users];
        for (int user = 0; user < users; user++) {
            consumed[user] = new BitSet();
        }
    }

    @Override
    public void observe(int user, int item) {
        BitSet own = consumed[user];
        start(user);
        own.set(item);
        if (!isSeen[item]) {
            isSeen[item] = true;
            seen[seenCount++] = item;
        }
        SeededRandom random = SeededRandom.of(seed, PURPOSE_NEGATIVES, events++);
        for (int pass = 0; pass < settings.passes(); pass++) {
            step(user, item, 1f);
            for (int n = 0; n < settings.negatives(); n++) {
                int negative = seen[random.nextInt(seenCount)];
                if (!own.get(negative)) {
                    step(user, negative, 0f);
                }
            }
        }
        float[] u = factors.users[user];
        float share = 1f / Math.min(events, AVERAGED);
        for (int d = 0; d < mean.length; d++) {
            mean[d] += share * (u[d] - mean[d]);
        }
    }

    /** Sets out a user who has consumed nothing. */
    private void start(int user) {
        if (settings.start() > 0.0 && events > 0 && consumed[user].isEmpty()) {
            for (int d = 0; d < mean.length; d++) {
                factors.users[user][d] = (float) settings.start() * mean[d];
            }
        }
    }

    private void step(int user, int item, float target) {
        float[] u = factors.users[user];
        float[] i = factors.items[item];
        float error = target - LatentFactors.dot(u, i);
        float rate = (float) settings.rate();
        float l2 = (float) settings.regularisation();
        for (int d = 0; d < u.length; d++) {
            float ud = u[d];
            u[d] += rate * (error * i[d] - l2 * ud);
            i[d] += rate * (error * ud - l2 * i[d]);
        }
    }

    /**
     * By dot product, items that nobody has met last; ISGD ranks by closeness of its estimate to 1, as its authors do, such
     * items among the others.
     */
    @Override
    public void score(int user, float[] scores) {
        start(user);
        factors.score(user, scores);
        boolean positiveOnly = settings.negatives() == 0;
        for (int j = 0; j < items; j++) {
            if (positiveOnly) {
                scores[j] = -Math.abs(1f - scores[j]);
            } else if (!isSeen[j]) {
                scores[j] = Float.NEGATIVE_INFINITY;
            }
        }
    }
}

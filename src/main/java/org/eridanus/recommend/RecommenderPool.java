package org.eridanus.recommend;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Makes lists for many threads with a few recommenders, whose buffers are as large as the catalogue each.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class RecommenderPool {
    private final BlockingQueue<Recommender> idle;
    private final Duration patience;

    /**
     * A pool.
     *
     * @param model what lists are made with
     * @param hideConsumed whether items are left out that the user has met
     * @param size how many lists are made at a time, at least 1
     * @param patience how long a caller waits for its turn
     */
    public RecommenderPool(ServedModel model, boolean hideConsumed, int size, Duration patience) {
        if (size < 1) {
            throw new IllegalArgumentException("a pool must have at least 1 recommender, got " + size);
        }
        this.idle = new ArrayBlockingQueue<>(size);
        this.patience = patience;
        for (int i = 0; i < size; i++) {
            idle.add(new Recommender(model, hideConsumed));
        }
    }

    /**
     * The best items for a user, by the version that is served now; empty if it was nobody's turn in time, or if the
     * caller was interrupted, which it stays.
     *
     * @param user what is known of the user
     * @param k how many, at least 1
     * @param exclude item ids to leave out
     */
    public Optional<Recommendation> recommend(UserContext user, int k, Set<String> exclude) {
        Recommender recommender;
        try {
            recommender = idle.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        if (recommender == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(recommender.recommend(user, k, exclude));
        } finally {
            idle.add(recommender);
        }
    }
}

package org.eridanus.recommend;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes lists for many threads with a few recommenders, whose buffers are as large as the catalogue each. A recommender is
 * made when all others are at work, and the one that was used last goes first, so that there are as many as were ever
 * needed at a time, and the processor's caches know the one in use.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class RecommenderPool {
    private final ServedModel model;
    private final boolean hideConsumed;
    private final Semaphore turns;
    private final ConcurrentLinkedDeque<Recommender> idle = new ConcurrentLinkedDeque<>();
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
        this.model = model;
        this.hideConsumed = hideConsumed;
        this.turns = new Semaphore(size);
        this.patience = patience;
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
        try {
            if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            Recommender last = idle.pollFirst();
            Recommender recommender = last == null ? new Recommender(model, hideConsumed) : last;
            Recommendation list = recommender.recommend(user, k, exclude);
            idle.addFirst(recommender);
            return Optional.of(list);
        } finally {
            turns.release();
        }
    }
}

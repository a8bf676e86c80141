package org.eridanus.baseline;

/**
 * A method that learns in rounds, in a stream: fitted anew after every so many events. What it says nothing of, such as
 * everything before the first round, or for a user without a history, follows in the order of decayed popularity.
 */
public final class Refitted implements ItemScorer {
    private final ItemScorer method;
    private final int every;
    private final PopularityFallback fallback;
    private long events;

    /**
     * A method that has seen nothing.
     *
     * @param items how many items there are
     * @param every events between two rounds, at least 1
     */
    public Refitted(ItemScorer method, int items, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("a method must be refitted every 1 event or more, got " + every);
        }
        this.method = method;
        this.every = every;
        this.fallback = new PopularityFallback(items);
    }

    @Override
    public void observe(int user, int item) {
        method.observe(user, item);
        fallback.observe(user, item);
        if (++events % every == 0) {
            method.fit();
        }
    }

    @Override
    public void score(int user, float[] scores) {
        method.score(user, scores);
        fallback.fill(user, scores);
    }
}

package org.eridanus.baseline;

/** A method that learns in rounds, in a stream: fitted anew after every so many events. */
public final class Refitted implements ItemScorer {
    private final ItemScorer method;
    private final int every;
    private long events;

    /**
     * A method that has seen nothing.
     *
     * @param every events between two rounds, at least 1
     */
    public Refitted(ItemScorer method, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("a method must be refitted every 1 event or more, got " + every);
        }
        this.method = method;
        this.every = every;
    }

    @Override
    public void observe(int user, int item) {
        method.observe(user, item);
        if (++events % every == 0) {
            method.fit();
        }
    }

    @Override
    public void score(int user, float[] scores) {
        method.score(user, scores);
    }
}

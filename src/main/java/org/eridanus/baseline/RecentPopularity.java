package org.eridanus.baseline;

/** {@link DecayedPopularity}, the control line of the stream, as a method; online. */
public final class RecentPopularity implements ItemScorer {
    private final DecayedPopularity popularity;
    private final int items;
    private long events;

    /**
     * Nothing is popular yet.
     *
     * @param halfLife events after which one counts half
     */
    public RecentPopularity(int items, long halfLife) {
        this.popularity = new DecayedPopularity(halfLife);
        this.items = items;
    }

    @Override
    public void observe(int user, int item) {
        popularity.add(item, events++);
    }

    @Override
    public void score(int user, float[] scores) {
        double newest = 1e-300;
        for (int j = 0; j < items; j++) {
            newest = Math.max(newest, popularity.mass(j));
        }
        for (int j = 0; j < items; j++) {
            scores[j] = (float) (popularity.mass(j) / newest);
        }
    }
}

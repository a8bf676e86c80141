package org.eridanus.baseline;

/**
 * What to recommend where a method says nothing: items with a score of 0 follow in the order of decayed popularity, and a
 * user of whom nothing is known gets what is popular.
 *
 * <p>Threading: not thread-safe.
 */
final class PopularityFallback {
    private static final long HALF_LIFE = 5_000;

    /** Below any evidence: one count of the farthest rule of an item that occurred a million times is 1e-8. */
    private static final float BELOW_EVIDENCE = 1e-12f;

    private final RecentPopularity popularity;
    private final float[] scores;

    /** Nothing is popular yet. */
    PopularityFallback(int items) {
        this.popularity = new RecentPopularity(items, HALF_LIFE);
        this.scores = new float[items];
    }

    /** Takes in one interaction. */
    void observe(int user, int item) {
        popularity.observe(user, item);
    }

    /**
     * Orders the items that a method says nothing of.
     *
     * @param method the method's scores, [items]; those of 0 are replaced
     */
    void fill(int user, float[] method) {
        popularity.score(user, scores);
        for (int j = 0; j < scores.length; j++) {
            method[j] += method[j] == 0f ? BELOW_EVIDENCE * scores[j] : 0f;
        }
    }
}

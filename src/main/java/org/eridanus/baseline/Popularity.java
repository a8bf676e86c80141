package org.eridanus.baseline;

/** Scores an item by the number of its interactions, the same for everybody; online. */
public final class Popularity implements ItemScorer {
    private final int[] counts;

    /** Nothing is popular yet. */
    public Popularity(int items) {
        counts = new int[items];
    }

    @Override
    public void observe(int user, int item) {
        counts[item]++;
    }

    @Override
    public void score(int user, float[] scores) {
        for (int j = 0; j < counts.length; j++) {
            scores[j] = counts[j];
        }
    }
}

package org.eridanus.baseline;

import org.eridanus.model.SeededRandom;

/** Uniformly random scores, new ones each time: what chance alone would do. */
public final class RandomScorer implements ItemScorer {
    private static final long PURPOSE = 0x72616E64L;

    private final int items;
    private final SeededRandom random;

    /** A scorer for this many items. */
    public RandomScorer(int items, long seed) {
        this.items = items;
        this.random = SeededRandom.of(seed, PURPOSE, 0);
    }

    @Override
    public void observe(int user, int item) {
        // Chance learns nothing.
    }

    @Override
    public void score(int user, float[] scores) {
        for (int j = 0; j < items; j++) {
            scores[j] = (float) random.nextDouble();
        }
    }
}

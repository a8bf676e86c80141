package org.eridanus.baseline;

import java.util.Arrays;

/**
 * A linear model of items: score(u, j) = Σ_p dᵖ B[h_p, j] over the items h_p of the user, p = 0 the newest, with B dense,
 * [items, items]. The decay d is 1 in the models' own papers; below 1 it favours what the user did last.
 *
 * <p>Threading: not thread-safe.
 */
public final class ItemWeights {
    /** Most items that a dense items × items matrix is made for: 200 MB of doubles. */
    public static final int MOST_ITEMS = 5_000;

    private static final double NEGLIGIBLE = 1e-3;

    private final int items;
    private final double decay;
    private float[][] weights = new float[0][];

    /**
     * Weights of 0.
     *
     * @param decay d, in (0, 1]
     * @param method who asks, for the message
     * @throws IllegalArgumentException if there are more than {@value #MOST_ITEMS} items
     */
    ItemWeights(int items, double decay, String method) {
        if (items > MOST_ITEMS) {
            throw new IllegalArgumentException(method + " keeps a dense matrix of items × items and takes at most "
                    + MOST_ITEMS + " items, got " + items + ": leave it out with --methods");
        }
        this.items = items;
        this.decay = decay;
    }

    /** Takes new weights, [items][items]; kept. */
    void set(float[][] values) {
        weights = values;
    }

    void score(Histories histories, int user, float[] scores) {
        Arrays.fill(scores, 0, items, 0f);
        double weight = 1.0;
        for (int p = 0; p < histories.size(user) && weights.length > 0 && weight > NEGLIGIBLE; p++) {
            float[] row = weights[histories.newest(user, p)];
            float w = (float) weight;
            for (int j = 0; j < items; j++) {
                scores[j] += w * row[j];
            }
            weight *= decay;
        }
    }
}

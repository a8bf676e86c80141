package org.eridanus.baseline;

import java.util.Arrays;

/**
 * Sparse linear method: for each item j the weights w ≥ 0, w_j = 0, that minimise ½ ‖x_j − Xw‖² + ½ β ‖w‖² + λ ‖w‖₁ (Ning,
 * Karypis, 2011, eq. 3), by coordinate descent on the Gram matrix (Friedman, Hastie, Tibshirani, 2010, covariance
 * updates): w_i ← max(0, G_ij − λ − Σ_{k≠i} G_ik w_k) / (G_ii + β).
 */
public final class Slim implements ItemScorer {
    private static final int MOST_PASSES = 50;
    private static final double TOLERANCE = 1e-4;

    private final Histories histories;
    private final int items;
    private final double l1;
    private final double l2;
    private final ItemWeights weights;

    /**
     * A method that has seen nothing.
     *
     * @param l1 λ
     * @param l2 β
     */
    public Slim(int users, int items, double l1, double l2) {
        this.histories = new Histories(users);
        this.items = items;
        this.l1 = l1;
        this.l2 = l2;
        this.weights = new ItemWeights(items, 1.0, "SLIM");
    }

    @Override
    public void observe(int user, int item) {
        histories.add(user, item);
    }

    @Override
    public void fit() {
        double[] gram = Gram.of(histories, items);
        float[][] b = new float[items][items];
        double[] w = new double[items];
        double[] explained = new double[items];
        for (int j = 0; j < items; j++) {
            descend(gram, j, w, explained);
            for (int i = 0; i < items; i++) {
                b[i][j] = (float) w[i];
            }
        }
        weights.set(b);
    }

    /** Minimises for item j; {@code explained} is G w. */
    private void descend(double[] gram, int j, double[] w, double[] explained) {
        Arrays.fill(w, 0.0);
        Arrays.fill(explained, 0.0);
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            double largest = 0.0;
            for (int i = 0; i < items; i++) {
                double target = gram[i * items + j];
                if (i == j || target <= l1) {
                    // Its weight is 0 at the start and stays so: with w ≥ 0 and G ≥ 0 nothing can raise it.
                    continue;
                }
                double own = gram[i * items + i];
                double next = Math.max(0.0, target - l1 - (explained[i] - own * w[i])) / (own + l2);
                double change = next - w[i];
                if (change != 0.0) {
                    w[i] = next;
                    int row = i * items;
                    for (int k = 0; k < items; k++) {
                        explained[k] += change * gram[row + k];
                    }
                    largest = Math.max(largest, Math.abs(change));
                }
            }
            if (largest < TOLERANCE) {
                return;
            }
        }
    }

    @Override
    public void score(int user, float[] scores) {
        weights.score(histories, user, scores);
    }
}

package org.eridanus.baseline;

/**
 * Embarrassingly shallow autoencoder: P = (XᵀX + λI)⁻¹, B_ij = −P_ij / P_jj off the diagonal and 0 on it (Steck, 2019,
 * eq. 8).
 */
public final class Ease implements ItemScorer {
    private final Histories histories;
    private final int items;
    private final double regularisation;
    private final ItemWeights weights;

    /**
     * A method that has seen nothing.
     *
     * @param regularisation λ
     * @param decay weight of each further item of a user, 1 as in the paper
     */
    public Ease(int users, int items, double regularisation, double decay) {
        this.histories = new Histories(users);
        this.items = items;
        this.regularisation = regularisation;
        this.weights = new ItemWeights(items, decay, "EASE");
    }

    @Override
    public void observe(int user, int item) {
        histories.add(user, item);
    }

    @Override
    public void fit() {
        double[] p = Gram.of(histories, items);
        for (int j = 0; j < items; j++) {
            p[j * items + j] += regularisation;
        }
        if (!Cholesky.invert(p, items)) {
            throw new IllegalStateException(
                    "EASE needs a positive definite matrix, got lambda " + regularisation + ": raise it above 0");
        }
        float[][] b = new float[items][items];
        for (int j = 0; j < items; j++) {
            for (int i = 0; i < items; i++) {
                b[i][j] = i == j ? 0f : (float) (-p[i + j * items] / p[j + j * items]);
            }
        }
        weights.set(b);
    }

    @Override
    public void score(int user, float[] scores) {
        weights.score(histories, user, scores);
    }
}

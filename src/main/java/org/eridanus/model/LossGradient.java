package org.eridanus.model;

/**
 * The losses of a positive and its negatives, and their gradients by the scores.
 *
 * <p>The paper's output layer tells p(Y = 1 | λ, W) = φ (eq. 32), p(Y = 0 | λ, W) = 1 − φ (eq. 33), together p(Y | λ, W) = φ^Y (1 −
 * φ)^(1 − Y) (eq. 34), φ short for φ_L(W λ_{L−1}), and the loss is −ln of that (eq. 35). It does not say what φ_L is; ours is the
 * logistic function σ. The network's output is the score t = W λ_{L−1} + b before φ_L: lists are ranked by t, whose order σ
 * keeps, and eq. 35 is computed as max(−t, 0) + ln(1 + e^(−|t|)) for Y = 1, and of −t for Y = 0, which stays exact where 1 − σ(t)
 * rounds to 0. Sampled softmax replaces eqs. 32–34: one of the positive and its negatives is the consumed one, by p(j) = e^{tⱼ}
 * / Σ e^{t}, and the loss is −ln p(positive). A recommender has to rank one user's candidates; by eq. 34 each pair is judged
 * by itself, and the loss also learns how likely an interaction is at all, of which no list depends. Scores learned by it are
 * no probabilities.
 */
final class LossGradient {
    private LossGradient() {}

    /**
     * Replaces scores by ∂L/∂score.
     *
     * @param loss what is minimised
     * @param scores in: scores from {@code from}, the positive's first; out: the gradient
     * @param size the positive and its negatives
     * @return L, summed over them, natural logarithm
     */
    static double of(ModelSettings.Loss loss, float[] scores, int from, int size) {
        return loss == ModelSettings.Loss.SAMPLED_SOFTMAX
                ? softmax(scores, from, size)
                : pointwise(loss, scores, from, size);
    }

    private static double softmax(float[] scores, int from, int size) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + size; i++) {
            max = Math.max(max, scores[i]);
        }
        float positive = scores[from];
        float sum = 0f;
        for (int i = from; i < from + size; i++) {
            scores[i] = FloatMath.exp(scores[i] - max);
            sum += scores[i];
        }
        for (int i = from; i < from + size; i++) {
            scores[i] = scores[i] / sum - (i == from ? 1f : 0f);
        }
        return FloatMath.log(sum) + max - positive;
    }

    private static double pointwise(ModelSettings.Loss which, float[] scores, int from, int size) {
        boolean squared = which == ModelSettings.Loss.MEAN_SQUARED_ERROR;
        double loss = 0.0;
        for (int i = from; i < from + size; i++) {
            float y = i == from ? 1f : 0f;
            float t = scores[i];
            float p = FloatMath.sigmoid(t);
            if (squared) {
                loss += (double) (p - y) * (p - y);
                scores[i] = 2f * (p - y) * p * (1f - p);
            } else {
                float wrong = i == from ? -t : t;
                loss += Math.max(wrong, 0f) + StrictMath.log1p(StrictMath.exp(-Math.abs(wrong)));
                scores[i] = p - y;
            }
        }
        return loss;
    }
}

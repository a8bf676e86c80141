package org.eridanus.model;

/** The losses of a positive and its negatives, and their gradients by the scores. */
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

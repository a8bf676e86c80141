package org.eridanus.model;

import java.util.Arrays;

/**
 * Learns embedding rows from mini-batches by sampled softmax over the vector score b_j + q · V[j], with sparse Adagrad.
 *
 * <p>For an example with positive i and negatives N: L = −ln (e^{s_i} / Σ_{j ∈ N ∪ {i}} e^{s_j}); ∂L/∂s_j = p_j − [j =
 * i]; ∂L/∂V[j] = (∂L/∂s_j) q; ∂L/∂q = Σ_j (∂L/∂s_j) V[j], which flows to the history rows by their weights. Examples of
 * a mini-batch go one after the other, each seeing what the ones before it changed.
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
final class AssociationLearner {
    private static final long PURPOSE_POOL = 0x706F6F6CL;
    private static final long PURPOSE_NEGATIVES = 0x6E656773L;

    private final FloatKernel kernel = FloatKernels.CURRENT;
    private final DeepAssociationNetwork network;
    private final ModelSettings settings;
    private final NegativeSampler sampler = new NegativeSampler();
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final float[] queryGradient;
    private final float[] scores;
    private final int[] candidates;
    private double squaredNorms;
    private double gradientNorm;

    AssociationLearner(DeepAssociationNetwork network) {
        this.network = network;
        this.settings = network.settings;
        this.queryGradient = new float[network.items.width()];
        this.scores = new float[settings.negatives() + 1];
        this.candidates = new int[settings.negatives() + 1];
    }

    /**
     * Learns from one mini-batch.
     *
     * @param examples in the order in which they are learned
     * @param count how many are valid
     * @param batch the mini-batch's number, from which its random numbers come
     * @return the mean loss, natural logarithm
     */
    double learn(Example[] examples, int count, long batch) {
        sampler.choosePool(
                network.live(),
                network.candidates(),
                settings.pool(),
                SeededRandom.of(settings.seed(), PURPOSE_POOL, batch));
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_NEGATIVES, batch);
        double loss = 0.0;
        squaredNorms = 0.0;
        for (int e = 0; e < count; e++) {
            loss += step(examples[e], random);
        }
        gradientNorm = count == 0 ? 0.0 : Math.sqrt(squaredNorms / count);
        return count == 0 ? 0.0 : loss / count;
    }

    /** Root mean square over the last mini-batch's examples of ‖∂L/∂rows‖, weight decay apart. */
    double gradientNorm() {
        return gradientNorm;
    }

    private double step(Example example, SeededRandom random) {
        EmbeddingTable items = network.items;
        int width = items.width();
        int drawn = sampler.draw(example, settings.negatives(), items.size(), random);
        candidates[0] = example.positive;
        System.arraycopy(sampler.drawn(), 0, candidates, 1, drawn);
        int n = drawn + 1;
        scoring.ensure(0, width, network.features.size() * network.dimension);
        network.query(example.context, scoring);
        float[] q = scoring.query;
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            float[] row = items.row(candidates[j]);
            scores[j] = row[width] + kernel.dot(q, row, width);
            max = Math.max(max, scores[j]);
        }
        float positiveScore = scores[0];
        float sum = 0f;
        kernel.exp(scores, max, n);
        for (int j = 0; j < n; j++) {
            sum += scores[j];
        }
        float inverse = 1f / sum;
        Arrays.fill(queryGradient, 0f);
        float negligible = settings.optimiser().negligible();
        double squares = 0.0;
        for (int j = 0; j < n; j++) {
            float g = scores[j] * inverse - (j == 0 ? 1f : 0f);
            if (Math.abs(g) >= negligible) {
                candidateStep(candidates[j], g, q, width);
                squares += g * g;
            }
        }
        // A candidate's gradient is g (q, 1), a history row's w times its slice of ∂L/∂q.
        squaredNorms += squares * (1.0 + squaredNorm(q, 0, width)) + historyStep(example.context);
        return FloatMath.log(sum) + max - positiveScore;
    }

    private void candidateStep(int item, float g, float[] q, int width) {
        EmbeddingTable items = network.items;
        float[] row = items.row(item);
        float[] state = items.state(item);
        float rate = settings.optimiser().rate();
        float decay = settings.optimiser().weightDecay();
        kernel.axpy(g, row, 0, queryGradient, 0, width);
        kernel.adagrad(row, state, 0, q, 0, g, width, rate, decay);
        float step = g + decay * row[width];
        state[width] += step * step;
        row[width] -= rate * step / (float) Math.sqrt(state[width]);
        items.touch(item);
    }

    /** Moves the history's rows; returns the sum of their gradients' squared norms. */
    private double historyStep(Context context) {
        EmbeddingTable items = network.items;
        int dimension = network.dimension;
        float rate = settings.optimiser().rate();
        float decay = settings.optimiser().weightDecay();
        double squares = 0.0;
        for (int c = 0; c < network.itemOffsets.length; c++) {
            float[] weights = network.historyWeights[c];
            int length = Math.min(context.length, weights.length);
            int offset = network.itemOffsets[c];
            double weightSquares = 0.0;
            for (int p = 0; p < length; p++) {
                int item = context.history[p];
                float w = weights[p] * network.historyNorms[c][length];
                weightSquares += w * w;
                kernel.adagrad(
                        items.row(item), items.state(item), offset, queryGradient, offset, w, dimension, rate, decay);
                items.touch(item);
            }
            squares += weightSquares * squaredNorm(queryGradient, offset, dimension);
        }
        return squares;
    }

    private static double squaredNorm(float[] values, int from, int n) {
        double sum = 0.0;
        for (int d = from; d < from + n; d++) {
            sum += values[d] * values[d];
        }
        return sum;
    }
}

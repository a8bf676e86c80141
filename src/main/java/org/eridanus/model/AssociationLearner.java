package org.eridanus.model;

import java.util.Arrays;

/**
 * Learns embedding rows from mini-batches by sampled softmax over the vector score b_j + q · V[j] + Σ (what is not linear
 * in the item's row), with sparse Adagrad.
 *
 * <p>The loss takes the place of the paper's eqs. 32–35, Bernoulli's likelihood of each pair by itself; see {@link LossGradient}.
 * The score takes that of its layers (eqs. 21–30): a sum over joint features has no hidden layer to pass, so that one step an
 * example reaches the rows, which the paper's form takes epochs for; the tower corrects it.
 *
 * <p>For an example with positive i and negatives N: L = −ln (e^{s_i} / Σ_{j ∈ N ∪ {i}} e^{s_j}); ∂L/∂s_j = p_j − [j =
 * i]; ∂L/∂V[j] = (∂L/∂s_j) q; ∂L/∂q = Σ_j (∂L/∂s_j) V[j], which flows to the history rows by their weights. The rows of
 * other categories move once an example, after those of its items. Examples of
 * a mini-batch go one after the other, each seeing what the ones before it changed. All gradients of an example are known
 * before the first of its rows moves: if together they are too long ({@link LearningGuard}), none does.
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
    private final SeededRandom random = SeededRandom.of(0, 0, 0);
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final float[] queryGradient;
    private final float[] scores;
    private final int[] candidates;
    /** Of each feature with a sole history, what its rows are multiplied by in the score. */
    private final float[][] historyWeights;
    /** How many positions of each such history count. */
    private final int[] historyLengths;

    private double squaredNorms;
    private double gradientNorm;
    private final JointFeatures.Sinks sinks;
    /** Features of other kinds than the candidate's id with one history, whose rows move once an example. */
    private final boolean[] indirect;

    private final boolean anyIndirect;
    /** ∂L/∂(product of the context's sides), feature after feature. */
    private final float[] contextGradients;

    private final float[] candidateGradient;

    AssociationLearner(DeepAssociationNetwork network) {
        this.network = network;
        this.settings = network.settings;
        this.queryGradient = new float[network.items.width()];
        this.scores = new float[settings.negatives() + 1];
        this.candidates = new int[settings.negatives() + 1];
        JointFeatures.Laid[] features = network.joints.features;
        this.historyWeights = new float[features.length][network.joints.longestPast];
        this.historyLengths = new int[features.length];
        this.sinks = new JointFeatures.Sinks(network.joints);
        this.indirect = new boolean[features.length];
        boolean any = false;
        for (int f = 0; f < features.length; f++) {
            indirect[f] = features[f].associated && features[f].soleHistory() == null;
            any |= indirect[f];
        }
        this.anyIndirect = any;
        this.contextGradients = new float[features.length * network.dimension];
        this.candidateGradient = new float[network.dimension];
    }

    /**
     * Learns from one mini-batch.
     *
     * @param examples in the order in which they are learned
     * @param count how many are valid
     * @param batch the mini-batch's number, from which its random numbers come
     * @return the mean loss of the examples that were not refused, natural logarithm
     */
    double learn(Example[] examples, int count, long batch) {
        sampler.choosePool(
                network.live(),
                network.candidates(),
                settings.pool(),
                random.restart(settings.seed(), PURPOSE_POOL, batch));
        random.restart(settings.seed(), PURPOSE_NEGATIVES, batch);
        double sum = 0.0;
        int accepted = 0;
        squaredNorms = 0.0;
        for (int e = 0; e < count; e++) {
            double loss = step(examples[e]);
            if (Double.isFinite(loss)) {
                sum += loss;
                accepted++;
            }
        }
        gradientNorm = accepted == 0 ? 0.0 : Math.sqrt(squaredNorms / accepted);
        return count == 0 ? 0.0 : sum / accepted;
    }

    /** Root mean square over the last mini-batch's examples of ‖∂L/∂rows‖, weight decay apart. */
    double gradientNorm() {
        return gradientNorm;
    }

    private double step(Example example) {
        EmbeddingTable items = network.items;
        int width = items.width();
        int drawn = sampler.draw(example, settings.negatives(), items.size(), random);
        candidates[0] = example.positive;
        System.arraycopy(sampler.drawn(), 0, candidates, 1, drawn);
        int n = drawn + 1;
        if (network.joints.hasPairs()) {
            for (int j = 0; j < n; j++) {
                network.joints.admitPairs(example.context, candidates[j], network.guard());
            }
        }
        network.query(example.context, scoring);
        float[] q = scoring.query;
        if (anyIndirect) {
            for (int j = 0; j < n; j++) {
                scores[j] = network.vectorScore(scoring, candidates[j]);
            }
        } else {
            kernel.scores(q, items.records, candidates, n, width, scores);
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            max = Math.max(max, scores[j]);
        }
        float positiveScore = scores[0];
        float sum = 0f;
        kernel.exp(scores, max, n);
        for (int j = 0; j < n; j++) {
            sum += scores[j];
        }
        double loss = FloatMath.log(sum) + max - positiveScore;
        LearningGuard guard = network.guard();
        double queryNorm = LearningGuard.squaredNorm(q, 0, width);
        if (!guard.acceptsLoss(loss) || !guard.acceptsSquaredNorm(queryNorm)) {
            return loss;
        }
        float inverse = 1f / sum;
        Arrays.fill(contextGradients, 0f);
        float negligible = settings.optimiser().negligible();
        double squares = 0.0;
        int moving = 0;
        for (int j = 0; j < n; j++) {
            float g = example.weight * (scores[j] * inverse - (j == 0 ? 1f : 0f));
            int item = candidates[j];
            if (Math.abs(g) >= negligible) {
                if (anyIndirect) {
                    indirectCandidate(example.context, item, g);
                }
                candidates[moving] = item;
                scores[moving++] = g;
                squares += g * g;
            }
        }
        // A candidate's gradient is g (q, 1), with the example's weight in g.
        double candidateSquares = squares * (1.0 + queryNorm);
        // Σ_j (∂L/∂s_j) V[j], from rows that none of the example's steps has moved yet: what explodes must move none of
        // them.
        kernel.weightedSum(items.records, candidates, moving, 0, scores, queryGradient, 0, width);
        double total = candidateSquares + weighHistory(example.context);
        if (anyIndirect) {
            indirectGradients(example.context);
            total += sinks.squaredNorm() + network.joints.outerSquaredNorm();
        }
        if (!guard.acceptsSquaredNorm(total)) {
            clear();
            return example.weight * loss;
        }
        squaredNorms += total;
        candidateSteps(moving, q, width);
        historyStep(example.context);
        if (anyIndirect) {
            sinks.apply(settings.optimiser(), 0, false);
            network.joints.applyOuter(settings.optimiser(), 0);
        }
        return example.weight * loss;
    }

    /** Adds up what a candidate says of features that are not read off its own row. */
    private void indirectCandidate(Context context, int item, float g) {
        int dimension = network.dimension;
        for (int f = 0; f < indirect.length; f++) {
            JointFeatures.Laid laid = network.joints.features[f];
            if (!laid.associated || laid.itemOffset >= 0) {
                continue;
            }
            float weighted = network.weight(laid) * g;
            if (!laid.factorises) {
                Arrays.fill(candidateGradient, weighted);
                network.joints.backward(f, scoring, context, item, candidateGradient, 0, sinks);
                continue;
            }
            network.joints.candidateProduct(laid, item, scoring.product, scoring.scratch);
            for (int d = 0; d < dimension; d++) {
                contextGradients[f * dimension + d] += weighted * scoring.product[d];
                candidateGradient[d] = weighted * scoring.joint[f * dimension + d];
            }
            network.joints.backwardCandidate(laid, scoring, context, item, candidateGradient, sinks);
        }
    }

    /** Adds up what the context says of features of other kinds than a sole history, once an example. */
    private void indirectGradients(Context context) {
        for (int f = 0; f < indirect.length; f++) {
            JointFeatures.Laid laid = network.joints.features[f];
            if (!indirect[f]) {
                continue;
            }
            if (laid.itemOffset >= 0) {
                float m = network.weight(laid);
                for (int d = 0; d < network.dimension; d++) {
                    candidateGradient[d] = m * queryGradient[laid.itemOffset + d];
                }
                if (laid.outer != null) {
                    network.joints.backwardOuter(laid, scoring, context, candidateGradient, 0, sinks);
                } else {
                    network.joints.backwardContext(laid, scoring, context, candidateGradient, 0, sinks);
                }
            } else if (laid.factorises) {
                network.joints.backwardContext(laid, scoring, context, contextGradients, f * network.dimension, sinks);
            }
        }
    }

    private void clear() {
        sinks.clear();
        network.joints.clearOuter();
    }

    /** Moves the rows of the first {@code count} candidates, ∂L/∂score of each in {@link #scores}. */
    private void candidateSteps(int count, float[] q, int width) {
        EmbeddingTable items = network.items;
        float rate = settings.optimiser().rate();
        float decay = settings.optimiser().weightDecay();
        kernel.adagrad(items.records, candidates, count, 0, items.rowLength(), scores, q, 0, width, rate, decay);
        int stateOfBias = items.rowLength() + width;
        for (int j = 0; j < count; j++) {
            int item = candidates[j];
            float[] record = items.records[item];
            float g = scores[j] + decay * record[width];
            record[stateOfBias] += g * g;
            record[width] -= rate * g / (float) Math.sqrt(record[stateOfBias]);
            items.touch(item);
        }
    }

    /** Weighs the history's rows; returns Σ of their gradients' squared norms: a row's is w times its slice of ∂L/∂q. */
    private double weighHistory(Context context) {
        double squares = 0.0;
        for (int f = 0; f < historyWeights.length; f++) {
            JointFeatures.Laid laid = network.joints.features[f];
            JointFeatures.Side side = laid.soleHistory();
            if (side == null) {
                continue;
            }
            float[] weights = historyWeights[f];
            int length = side.weigh(context, weights);
            historyLengths[f] = length;
            double weightSquares = 0.0;
            float m = network.weight(laid);
            for (int p = 0; p < length; p++) {
                weights[p] *= m;
                weightSquares += weights[p] * weights[p];
            }
            squares += weightSquares
                    * LearningGuard.squaredNorm(queryGradient, laid.itemOffset, laid.itemOffset + network.dimension);
        }
        return squares;
    }

    /** Moves the history's rows by the weights that they have. */
    private void historyStep(Context context) {
        EmbeddingTable items = network.items;
        int dimension = network.dimension;
        float rate = settings.optimiser().rate();
        float decay = settings.optimiser().weightDecay();
        for (int f = 0; f < historyWeights.length; f++) {
            JointFeatures.Laid laid = network.joints.features[f];
            JointFeatures.Side side = laid.soleHistory();
            if (side == null) {
                continue;
            }
            int length = historyLengths[f];
            for (int p = 0; p < length; p++) {
                items.touch(context.history[p]);
            }
            kernel.adagrad(
                    items.records,
                    context.history,
                    length,
                    side.offset,
                    items.rowLength(),
                    historyWeights[f],
                    queryGradient,
                    laid.itemOffset,
                    dimension,
                    rate,
                    decay);
        }
    }
}

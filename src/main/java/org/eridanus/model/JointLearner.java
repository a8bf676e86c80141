package org.eridanus.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Learns everything together, one step a mini-batch: embedding rows, the tower and the embeddings of outer products move
 * by the gradient of the mean loss, through tower and association term alike. Every form of the network is learned by it;
 * the paper's is the one without an association term.
 *
 * <p>With scores t of a positive (Y = 1) and its negatives (Y = 0): binary cross-entropy (paper, eq. 35) ∂L/∂t = σ(t) − Y;
 * squared error (eq. 31, of σ(t)) ∂L/∂t = 2 (σ(t) − Y) σ(t) (1 − σ(t)); both are averaged over positives and negatives
 * alike. Sampled softmax: ∂L/∂tⱼ = pⱼ − Yⱼ, averaged over examples. An example's weight multiplies its loss.
 *
 * <p>A batch whose loss is no number, or whose gradient is longer than {@link ModelSettings#maxGradient}, moves nothing and
 * is counted ({@link LearningGuard}).
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
final class JointLearner {
    private static final long PURPOSE_NEGATIVES = 0x626365L;

    private final DeepAssociationNetwork network;
    private final ModelSettings settings;
    private final JointFeatures joints;
    private final NegativeSampler sampler = new NegativeSampler();
    private final SeededRandom random = SeededRandom.of(0, 0, 0);
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final JointFeatures.Sinks sinks;
    private final @Nullable TowerBatch towers;
    private final int dimension;
    /** ∂L/∂(product of the context's sides), feature after feature. */
    private final float[] contextGradients;

    private final float[] candidateGradient;
    private int[] chosen = new int[0];
    private double gradientNorm;
    /** What {@link #fetch} gave; written, so that it is not left out. */
    int fetched;

    private float[] base = new float[0];
    private float[] outputs = new float[0];

    JointLearner(DeepAssociationNetwork network) {
        this.network = network;
        this.settings = network.settings;
        this.joints = network.joints;
        this.sinks = new JointFeatures.Sinks(joints);
        this.dimension = network.dimension;
        Tower tower = network.tower;
        ModelSettings.TowerSettings towerSettings = settings.tower();
        this.towers = tower == null || towerSettings == null ? null : new TowerBatch(network, tower, towerSettings);
        this.contextGradients = new float[joints.features.length * dimension];
        this.candidateGradient = new float[dimension];
    }

    /**
     * Learns from one mini-batch.
     *
     * @param examples the examples
     * @param count how many are valid
     * @param batch the mini-batch's number, from which its random numbers come
     * @return the mean loss before the step, natural logarithm; not a number where the batch was refused for its loss
     */
    double learn(Example[] examples, int count, long batch) {
        if (count == 0) {
            return 0.0;
        }
        int group = settings.negatives() + 1;
        int pairs = count * group;
        if (chosen.length < pairs) {
            chosen = new int[pairs];
            base = new float[pairs];
            outputs = new float[pairs];
        }
        choose(examples, count, group, batch);
        fetched = fetch(examples, count, group, true) ^ fetch(examples, count, group, false);
        forward(examples, count, group, batch);
        double loss = lossAndGradient(examples, count, group);
        if (!network.guard().acceptsLoss(loss)) {
            return loss;
        }
        if (towers != null) {
            towers.backward(outputs, pairs, true);
        }
        for (int e = 0; e < count; e++) {
            backward(examples[e].context, e * group, (e + 1) * group);
        }
        double ofRows = sinks.squaredNorm();
        gradientNorm = Math.sqrt(ofRows);
        double ofDense = (towers == null ? 0.0 : towers.squaredNorm()) + joints.outerSquaredNorm();
        if (network.guard().acceptsSquaredNorm(ofRows + ofDense)) {
            apply(batch + 1);
        } else {
            clear();
        }
        return loss;
    }

    private void choose(Example[] examples, int count, int group, long batch) {
        random.restart(settings.seed(), PURPOSE_NEGATIVES, batch);
        sampler.choosePool(network.live(), network.candidates(), settings.pool(), random);
        Arrays.fill(chosen, 0, count * group, -1);
        for (int e = 0; e < count; e++) {
            chosen[e * group] = examples[e].positive;
            int drawn = sampler.draw(examples[e], settings.negatives(), network.items.size(), random);
            System.arraycopy(sampler.drawn(), 0, chosen, e * group + 1, drawn);
            for (int i = e * group; i <= e * group + drawn; i++) {
                joints.admitPairs(examples[e].context, chosen[i], network.guard());
            }
        }
    }

    /** Reads the rows that the step needs, the items of its candidates last. */
    private int fetch(Example[] examples, int count, int group, boolean head) {
        int mix = 0;
        for (int e = 0; e < count; e++) {
            mix ^= joints.fetch(examples[e].context, head);
        }
        for (int i = 0; i < count * group; i++) {
            mix ^= chosen[i] < 0 ? 0 : network.items.fetch(chosen[i], head);
        }
        return mix;
    }

    private void forward(Example[] examples, int count, int group, long batch) {
        if (towers != null) {
            towers.ensure(count * group);
        }
        for (int e = 0; e < count; e++) {
            network.prepare(examples[e].context, scoring);
            for (int i = e * group; i < (e + 1) * group; i++) {
                if (chosen[i] < 0) {
                    base[i] = 0f;
                    if (towers != null) {
                        towers.clear(i, i + 1);
                    }
                    continue;
                }
                base[i] = network.baseScore(scoring, chosen[i]);
                if (towers != null) {
                    towers.put(scoring, chosen[i], i);
                }
            }
        }
        if (towers == null) {
            System.arraycopy(base, 0, outputs, 0, count * group);
            return;
        }
        towers.forward(count * group, batch, outputs);
        for (int i = 0; i < count * group; i++) {
            outputs[i] += base[i];
        }
    }

    /** Replaces the outputs by ∂L/∂output; returns L. */
    private double lossAndGradient(Example[] examples, int count, int group) {
        int used = 0;
        double loss = 0.0;
        for (int e = 0; e < count; e++) {
            int size = 1;
            while (size < group && chosen[e * group + size] >= 0) {
                size++;
            }
            used += size;
            loss += examples[e].weight * LossGradient.of(settings.loss(), outputs, e * group, size);
            Arrays.fill(outputs, e * group + size, (e + 1) * group, 0f);
        }
        int mean = settings.loss() == ModelSettings.Loss.SAMPLED_SOFTMAX ? count : used;
        for (int e = 0; e < count; e++) {
            for (int i = e * group; i < (e + 1) * group; i++) {
                outputs[i] = outputs[i] * examples[e].weight / mean;
            }
        }
        return loss / mean;
    }

    /** Carries ∂L/∂output of one example's pairs to the rows behind them. */
    private void backward(Context context, int from, int to) {
        network.prepare(context, scoring);
        if (settings.association()) {
            associationBackward(context, from, to);
        }
        if (towers != null) {
            towerBackward(network.towerFeatures, towers.inputGradients(), towers.inputs(), context, from, to);
            towerBackward(network.wideFeatures, towers.wideGradients(), towers.wideInputs(), context, from, to);
        }
    }

    private void associationBackward(Context context, int from, int to) {
        float scale = network.mixing[0];
        Arrays.fill(contextGradients, 0f);
        for (int i = from; i < to; i++) {
            if (chosen[i] < 0) {
                continue;
            }
            int item = chosen[i];
            float g = scale * outputs[i] + throughTower(i);
            sinks.of(JointFeatures.ITEMS).of(item)[network.items.width()] += g;
            for (int f = 0; f < joints.features.length; f++) {
                JointFeatures.Laid laid = joints.features[f];
                if (!laid.associated) {
                    continue;
                }
                float weighted = network.weight(laid) * g;
                if (!laid.factorises) {
                    Arrays.fill(candidateGradient, weighted);
                    joints.backward(f, scoring, context, item, candidateGradient, 0, sinks);
                    continue;
                }
                joints.candidateProduct(laid, item, scoring.product, scoring.scratch);
                for (int d = 0; d < dimension; d++) {
                    contextGradients[f * dimension + d] += weighted * scoring.product[d];
                    candidateGradient[d] = weighted * scoring.joint[f * dimension + d];
                }
                joints.backwardCandidate(laid, scoring, context, item, candidateGradient, sinks);
            }
        }
        for (int f = 0; f < joints.features.length; f++) {
            if (joints.features[f].associated && joints.features[f].factorises) {
                joints.backwardContext(joints.features[f], scoring, context, contextGradients, f * dimension, sinks);
            }
        }
    }

    /** ∂L/∂(vector score) by way of the tower, which sees it scaled. */
    private float throughTower(int pair) {
        if (towers == null) {
            return 0f;
        }
        int scalar = pair * towers.inputs() + network.towerFeatures.length * dimension;
        return DeepAssociationNetwork.SCALAR_SCALE * towers.inputGradients()[scalar];
    }

    private void towerBackward(int[] features, float[] gradients, int inputs, Context context, int from, int to) {
        for (int k = 0; k < features.length; k++) {
            int f = features[k];
            if (joints.features[f].ofCandidate()) {
                for (int i = from; i < to; i++) {
                    if (chosen[i] >= 0) {
                        joints.backward(f, scoring, context, chosen[i], gradients, i * inputs + k * dimension, sinks);
                    }
                }
                continue;
            }
            Arrays.fill(candidateGradient, 0f);
            for (int i = from; i < to; i++) {
                for (int d = 0; d < dimension; d++) {
                    candidateGradient[d] += gradients[i * inputs + k * dimension + d];
                }
            }
            joints.backward(f, scoring, context, -1, candidateGradient, 0, sinks);
        }
    }

    /** ‖∂L/∂rows‖ of the last mini-batch's mean loss, weight decay apart. */
    double gradientNorm() {
        return gradientNorm;
    }

    private void apply(long step) {
        if (towers != null) {
            towers.apply();
        }
        joints.applyOuter(settings.optimiser(), step);
        sinks.apply(settings.optimiser(), step, true);
    }

    private void clear() {
        sinks.clear();
        joints.clearOuter();
    }
}

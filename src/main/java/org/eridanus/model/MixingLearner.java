package org.eridanus.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Learns how far to trust the vectors, each combination's and all of them, and how far the counts: on each fresh event,
 * before anything else is learned from it, one Adagrad step that moves the mix alone: the scale a, the weight w₁ of the
 * counts, the weights m_c of combinations where these are learned, and the weights w_o of overlaps.
 *
 * <p>With scores s of the event's item and its negatives, and ∂L/∂s as in {@link JointLearner}: ∂L/∂a = Σⱼ ∂L/∂sⱼ v(j) of the
 * vector scores v, ∂L/∂w₁ = Σⱼ ∂L/∂sⱼ φ(j), ∂L/∂w_o = Σⱼ ∂L/∂sⱼ ψ_o(j), ∂L/∂m_c = Σⱼ ∂L/∂sⱼ (a +
 * ∂tⱼ/∂v(j)) Σ z_c(j). By {@link
 * ModelSettings.Schedule#SEQUENTIAL} s is the base score and the loss the softmax; by {@link ModelSettings.Schedule#JOINT} it
 * is the whole score, base score and tower t. The tower sees v = b + Σ_c m_c Σ z_c among its inputs, multiplied by {@link
 * DeepAssociationNetwork#SCALAR_SCALE}, so that a combination's weight acts through it as well: ∂t/∂v is that factor times
 * the tower's derivative by this input, and 0 for the base score. It sees v and φ as they are before a and w₁, which
 * therefore act on the base score alone. Nothing drops out here.
 *
 * <p>It runs on fresh events only because replay makes vector scores over-confident on what they have seen: a joint step
 * on replayed examples would drive the counts' weight to zero.
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
final class MixingLearner {
    private static final long PURPOSE = 0x6D697865L;
    private static final float EPSILON = 1e-8f;

    private final DeepAssociationNetwork network;
    private final float rate;
    private final NegativeSampler sampler = new NegativeSampler();
    private final SeededRandom random = SeededRandom.of(0, 0, 0);
    private final float[] gradient;
    private final int[] candidates;
    private final float[] scores;
    /** The tower where weights of combinations act through it, null where they do not. */
    private final @Nullable Tower tower;

    private final float[] towerRows;
    private final float[] towerOutputs;
    private final float[] towerGradients;
    final float[] state;

    MixingLearner(DeepAssociationNetwork network) {
        ModelSettings settings = network.settings;
        ModelSettings.Pairs pairs = settings.pairs();
        this.network = network;
        this.rate = pairs == null ? settings.combinationRate() : pairs.mixingRate();
        this.state = new float[network.mixing.length];
        this.gradient = new float[network.mixing.length];
        this.candidates = new int[settings.negatives() + 1];
        this.scores = new float[settings.negatives() + 1];
        boolean through = settings.schedule() == ModelSettings.Schedule.JOINT && network.joints.weights > 0;
        this.tower = through ? network.tower : null;
        this.towerRows = new float[tower == null ? 0 : scores.length * network.towerInputs()];
        this.towerOutputs = new float[tower == null ? 0 : scores.length];
        this.towerGradients = new float[towerRows.length];
    }

    /** Whether the weights of overlaps, which start at 0, ever move. */
    boolean movesOverlaps() {
        return rate > 0f;
    }

    /**
     * One step.
     *
     * @param scoring the scoring of the event's user, made before the event
     * @param example the event
     * @param event its global number, from which the random numbers come
     * @return the loss before the step, natural logarithm; of binary losses the mean over positive and negatives
     */
    double step(DeepAssociationNetwork.Scoring scoring, Example example, long event) {
        ModelSettings settings = network.settings;
        random.restart(settings.seed(), PURPOSE, event);
        sampler.choosePool(network.live(), network.candidates(), 0, random);
        int drawn = sampler.draw(example, settings.negatives(), network.items.size(), random);
        int n = drawn + 1;
        candidates[0] = example.positive;
        System.arraycopy(sampler.drawn(), 0, candidates, 1, drawn);
        if (settings.schedule() == ModelSettings.Schedule.JOINT) {
            network.tower(scoring, candidates, n, scores);
        } else {
            Arrays.fill(scores, 0, n, 0f);
        }
        for (int j = 0; j < n; j++) {
            scores[j] += scoring.base[candidates[j]];
        }
        double loss = LossGradient.of(settings.loss(), scores, 0, n);
        if (settings.loss() != ModelSettings.Loss.SAMPLED_SOFTMAX) {
            loss /= n;
            for (int j = 0; j < n; j++) {
                scores[j] /= n;
            }
        }
        gradient(scoring, n);
        LearningGuard guard = network.guard();
        if (guard.acceptsLoss(loss) && guard.acceptsGradient(gradient, gradient.length)) {
            for (int k = 0; k < gradient.length; k++) {
                move(k, gradient[k], network.isWeight(k) ? settings.combinationRate() : rate);
            }
        }
        return loss;
    }

    private void gradient(DeepAssociationNetwork.Scoring scoring, int n) {
        Arrays.fill(gradient, 0f);
        for (int j = 0; j < n; j++) {
            gradient[0] += scores[j] * scoring.vector[candidates[j]];
            gradient[1] += scores[j] * scoring.phi[candidates[j]];
        }
        for (int o = 0; o < network.joints.overlaps.length; o++) {
            float[] overlap = scoring.overlaps[o];
            for (int j = 0; j < n; j++) {
                gradient[network.firstOverlap() + o] += scores[j] * overlap[candidates[j]];
            }
        }
        if (tower != null) {
            towerGradients(tower, scoring, n);
        }
        JointFeatures.Laid[] features = network.joints.features;
        for (int f = 0; f < features.length; f++) {
            if (features[f].weight < 0) {
                continue;
            }
            float sum = 0f;
            float throughTower = 0f;
            for (int j = 0; j < n; j++) {
                float z = network.sum(features[f], f, scoring, candidates[j]);
                sum += scores[j] * z;
                throughTower += byVectorScore(j) * z;
            }
            gradient[features[f].weight] = network.mixing[0] * sum + throughTower;
        }
    }

    /** Carries ∂L/∂s of every candidate back to the tower's inputs. */
    private void towerGradients(Tower through, DeepAssociationNetwork.Scoring scoring, int n) {
        int inputs = network.towerInputs();
        for (int j = 0; j < n; j++) {
            network.towerInput(scoring, candidates[j], towerRows, j * inputs);
        }
        through.forward(towerRows, n, towerOutputs);
        through.gradients(scores, n, towerGradients);
    }

    /** ∂L/∂v(j) by way of the tower, which sees v scaled. */
    private float byVectorScore(int candidate) {
        if (tower == null) {
            return 0f;
        }
        int scalar = candidate * network.towerInputs() + network.towerFeatures.length * network.dimension;
        return DeepAssociationNetwork.SCALAR_SCALE * towerGradients[scalar];
    }

    private void move(int k, float g, float moved) {
        state[k] += g * g;
        network.mixing[k] -= moved * g / ((float) Math.sqrt(state[k]) + EPSILON);
    }
}

package org.eridanus.model;

import java.util.Arrays;

/**
 * Learns how far to trust the vectors, each combination's and all of them, and how far the counts: on each fresh event,
 * before anything else is learned from it, one Adagrad step that moves the mix alone: the scale a, the weight w₁ of the
 * counts, and the weights m_c of combinations where these are learned.
 *
 * <p>With scores s of the event's item and its negatives, and ∂L/∂s as in {@link JointLearner}: ∂L/∂a = Σⱼ ∂L/∂sⱼ v(j) of the
 * vector scores v, ∂L/∂w₁ = Σⱼ ∂L/∂sⱼ φ(j), ∂L/∂m_c = a Σⱼ ∂L/∂sⱼ Σ z_c(j). By {@link ModelSettings.Schedule#SEQUENTIAL} s
 * is the base score and the loss the softmax; by {@link ModelSettings.Schedule#JOINT} it is the whole score.
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
                move(k, gradient[k], k < DeepAssociationNetwork.FIRST_WEIGHT ? rate : settings.combinationRate());
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
        JointFeatures.Laid[] features = network.joints.features;
        for (int f = 0; f < features.length; f++) {
            if (features[f].weight < 0) {
                continue;
            }
            float sum = 0f;
            for (int j = 0; j < n; j++) {
                sum += scores[j] * network.sum(features[f], f, scoring, candidates[j]);
            }
            gradient[features[f].weight] = network.mixing[0] * sum;
        }
    }

    private void move(int k, float g, float moved) {
        state[k] += g * g;
        network.mixing[k] -= moved * g / ((float) Math.sqrt(state[k]) + EPSILON);
    }
}

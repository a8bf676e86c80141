package org.eridanus.model;

/**
 * Learns how far to trust the vectors and how far the counts: on each fresh event, before anything else is learned from
 * it, one Adagrad step of softmax cross-entropy that moves the scale a and the weight w₁ alone.
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
    private final ModelSettings.Pairs pairs;
    private final NegativeSampler sampler = new NegativeSampler();
    private final SeededRandom random = SeededRandom.of(0, 0, 0);
    final float[] state = new float[2];

    MixingLearner(DeepAssociationNetwork network, ModelSettings.Pairs pairs) {
        this.network = network;
        this.pairs = pairs;
    }

    /**
     * One step.
     *
     * @param scoring the scoring of the event's user, made before the event
     * @param example the event
     * @param event its global number, from which the random numbers come
     * @return the loss before the step, natural logarithm
     */
    double step(DeepAssociationNetwork.Scoring scoring, Example example, long event) {
        ModelSettings settings = network.settings;
        random.restart(settings.seed(), PURPOSE, event);
        sampler.choosePool(network.live(), network.candidates(), 0, random);
        int drawn = sampler.draw(example, settings.negatives(), network.items.size(), random);
        int[] negatives = sampler.drawn();
        int positive = example.positive;
        float max = scoring.base[positive];
        for (int j = 0; j < drawn; j++) {
            max = Math.max(max, scoring.base[negatives[j]]);
        }
        float sum = FloatMath.exp(scoring.base[positive] - max);
        float positiveExp = sum;
        float vector = sum * scoring.vector[positive];
        float phi = sum * scoring.phi[positive];
        for (int j = 0; j < drawn; j++) {
            int item = negatives[j];
            float e = FloatMath.exp(scoring.base[item] - max);
            sum += e;
            vector += e * scoring.vector[item];
            phi += e * scoring.phi[item];
        }
        double loss = FloatMath.log(sum) - FloatMath.log(Math.max(positiveExp, Float.MIN_NORMAL));
        float ofScale = vector / sum - scoring.vector[positive];
        float ofWeight = phi / sum - scoring.phi[positive];
        LearningGuard guard = network.guard();
        if (guard.acceptsLoss(loss)
                && guard.acceptsSquaredNorm((double) ofScale * ofScale + (double) ofWeight * ofWeight)) {
            move(0, ofScale);
            move(1, ofWeight);
        }
        return loss;
    }

    private void move(int k, float gradient) {
        state[k] += gradient * gradient;
        network.mixing[k] -= pairs.mixingRate() * gradient / ((float) Math.sqrt(state[k]) + EPSILON);
    }
}

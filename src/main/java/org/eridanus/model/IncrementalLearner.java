package org.eridanus.model;

import java.util.Arrays;

/**
 * Everything that moves a network's parameters: fresh events one by one, then mini-batches of fresh and replayed
 * examples.
 *
 * <p>With an association term, embedding rows learn by {@link AssociationLearner}, the mix of vectors and counts by
 * {@link MixingLearner}, and the tower from the fresh events alone, as they looked when they arrived: it learns to
 * correct the base score on examples that the rows have not learned yet, which is what it meets when it serves. Without
 * one (the paper's form), {@link TowerLearner} trains tower and rows together.
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
public final class IncrementalLearner {
    private static final long PURPOSE_TOWER = 0x74776E67L;

    private final DeepAssociationNetwork network;
    private final ModelSettings settings;
    private final AssociationLearner association;
    private final MixingLearner mixing;
    private final TowerLearner towerLearner;
    private final int group;
    private final int inputs;
    private float[] rows = new float[0];
    private float[] bases = new float[0];
    private int[] groupSizes = new int[0];
    private int groups;

    /**
     * A learner for a trainable network.
     *
     * @throws IllegalArgumentException for a joint feature whose rows it would never move
     */
    public IncrementalLearner(DeepAssociationNetwork network) {
        for (JointFeature feature : network.features) {
            if (network.settings.association() && !(feature instanceof JointFeature.HistoryWithItem)) {
                throw new IllegalArgumentException("combination " + feature.name()
                        + " joins no history: with an association term only the rows of histories and items are learned;"
                        + " leave it out of the schema, or use a preset without an association term");
            }
        }
        this.network = network;
        this.settings = network.settings;
        this.association = new AssociationLearner(network);
        ModelSettings.Pairs pairs = settings.pairs();
        this.mixing = new MixingLearner(network, pairs == null ? NO_PAIRS : pairs);
        this.towerLearner = new TowerLearner(network);
        ModelSettings.TowerSettings tower = settings.tower();
        this.inputs = network.towerInputs();
        this.group = tower == null || !settings.association() ? 0 : tower.negatives() + 1;
        if (group > 0) {
            rows = new float[settings.batch() * group * inputs];
            bases = new float[settings.batch() * group];
            groupSizes = new int[settings.batch()];
        }
    }

    private static final float[] NONE = new float[0];
    private static final ModelSettings.Pairs NO_PAIRS = new ModelSettings.Pairs(1, 1, 1f, 1f, 1, 1, 0f, 0f);

    /**
     * Learns what can be learned from a fresh event alone, and counts it.
     *
     * @param scoring the user's scoring, made before the event
     * @param example the event
     * @param event its global number
     * @param ranked the candidates the tower re-ranks, the consumed item among them; nothing where it is not
     * @param rankedCount how many are valid
     * @return the mix's loss before the step, natural logarithm; 0 without an association term
     */
    public double observe(
            DeepAssociationNetwork.Scoring scoring, Example example, long event, int[] ranked, int rankedCount) {
        double loss = 0.0;
        if (settings.association()) {
            if (group > 0 && rankedCount > 1 && groups < groupSizes.length) {
                collect(scoring, example, event, ranked, rankedCount);
            }
            loss = mixing.step(scoring, example, event);
        }
        return loss;
    }

    /** Counts a positive event in the pair counts. */
    public void count(Example example) {
        if (network.pairs != null) {
            network.pairs.add(example.context, example.positive);
        }
    }

    private void collect(
            DeepAssociationNetwork.Scoring scoring, Example example, long event, int[] ranked, int rankedCount) {
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_TOWER, event);
        int first = groups * group;
        put(scoring, example.positive, first);
        int size = 1;
        for (int i = 0; i < rankedCount && size < group; i++) {
            int j = i + random.nextInt(rankedCount - i);
            int item = ranked[j];
            ranked[j] = ranked[i];
            ranked[i] = item;
            if (item != example.positive) {
                put(scoring, item, first + size);
                size++;
            }
        }
        groupSizes[groups++] = size;
    }

    private void put(DeepAssociationNetwork.Scoring scoring, int item, int row) {
        network.towerInput(scoring, item, rows, row * inputs);
        bases[row] = scoring.base[item];
    }

    /**
     * Learns from one mini-batch.
     *
     * @param examples the fresh ones first, then the replayed ones
     * @param count how many are valid
     * @param batch the mini-batch's number
     * @return mean loss over the examples, natural logarithm
     */
    public double learn(Example[] examples, int count, long batch) {
        double loss;
        if (settings.association()) {
            loss = association.learn(examples, count, batch);
            learnTower();
        } else {
            loss = towerLearner.learn(examples, count, batch);
        }
        network.refreshStale();
        return loss;
    }

    /**
     * Norm of the loss's gradient over the embedding rows in the last mini-batch: of its mean loss where tower and rows learn
     * together, the root mean square of its examples' where they step one after the other.
     */
    public double gradientNorm() {
        return settings.association() ? association.gradientNorm() : towerLearner.gradientNorm();
    }

    private void learnTower() {
        Tower tower = network.tower;
        if (tower == null || groups == 0) {
            return;
        }
        int count = groups * group;
        for (int g = 0; g < groups; g++) {
            int used = (g * group + groupSizes[g]) * inputs;
            Arrays.fill(rows, used, (g + 1) * group * inputs, 0f);
        }
        float[] outputs = new float[count];
        tower.forward(rows, count, outputs);
        for (int g = 0; g < groups; g++) {
            softmaxGradient(outputs, g * group, groupSizes[g]);
        }
        tower.backward(outputs, count, new float[0]);
        groups = 0;
    }

    /** Replaces a group's outputs by ∂L/∂output of softmax cross-entropy over base + output, the first positive. */
    private void softmaxGradient(float[] outputs, int from, int size) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + size; i++) {
            max = Math.max(max, bases[i] + outputs[i]);
        }
        float sum = 0f;
        for (int i = from; i < from + size; i++) {
            outputs[i] = FloatMath.exp(bases[i] + outputs[i] - max);
            sum += outputs[i];
        }
        float scale = 1f / groups;
        for (int i = from; i < from + group; i++) {
            float p = i < from + size ? outputs[i] / sum : 0f;
            outputs[i] = scale * (p - (i == from ? 1f : 0f));
        }
    }

    /** Forgets what was collected for a mini-batch that is not learned. */
    public void clear() {
        groups = 0;
    }

    /** The dense weights with the optimiser's state, which is live. */
    public ModelRow.Dense dense() {
        Tower tower = network.tower;
        return tower == null
                ? new ModelRow.Dense(network.mixing, mixing.state, NONE, NONE, NONE, 0)
                : new ModelRow.Dense(
                        network.mixing,
                        mixing.state,
                        tower.parameters(),
                        tower.firstMoments,
                        tower.secondMoments,
                        tower.steps());
    }

    /** Puts a row that was read from the trainer's store. */
    public void restore(ModelRow row) {
        if (row instanceof ModelRow.Embedding embedding) {
            network.put(embedding);
        } else if (row instanceof ModelRow.Pairs pairs && network.pairs != null) {
            network.pairs.restorePublished(pairs);
        } else if (row instanceof ModelRow.Dense dense) {
            network.put(dense);
            System.arraycopy(dense.mixingState, 0, mixing.state, 0, mixing.state.length);
        }
    }
}

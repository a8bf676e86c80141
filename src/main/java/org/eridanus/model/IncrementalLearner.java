package org.eridanus.model;

import org.jspecify.annotations.Nullable;

/**
 * Everything that moves a network's parameters: fresh events one by one, then mini-batches of fresh and replayed
 * examples.
 *
 * <p>The mix of vectors and counts learns by {@link MixingLearner}. By {@link ModelSettings.Schedule#SEQUENTIAL}, embedding
 * rows learn by {@link AssociationLearner}, and the tower from the fresh events alone, as they looked when they arrived: it
 * learns to correct the base score on examples that the rows have not learned yet, which is what it meets when it serves.
 * By {@link ModelSettings.Schedule#JOINT} (the paper's form), {@link JointLearner} trains tower and rows together.
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
public final class IncrementalLearner {
    private static final long PURPOSE_TOWER = 0x74776E67L;

    private final DeepAssociationNetwork network;
    private final ModelSettings settings;
    private final AssociationLearner association;
    private final MixingLearner mixing;
    private final JointLearner joint;
    private final boolean sequential;
    private final int group;
    private final SeededRandom random = SeededRandom.of(0, 0, 0);
    private final @Nullable TowerBatch towers;
    private float[] outputs = new float[0];
    private float[] bases = new float[0];
    private int[] groupSizes = new int[0];
    private int groups;

    /**
     * A learner for a trainable network.
     *
     * @throws IllegalArgumentException for a joint feature whose rows, or an overlap whose weight, it would never move
     */
    public IncrementalLearner(DeepAssociationNetwork network) {
        for (JointFeatures.Laid laid : network.joints.features) {
            if (network.settings.schedule() == ModelSettings.Schedule.SEQUENTIAL
                    && !laid.associated
                    && laid.overlap < 0) {
                throw new IllegalArgumentException("joint feature " + laid.feature.name()
                        + " is no part of the association term, so that schedule SEQUENTIAL would never move its rows:"
                        + " leave it out, or use schedule JOINT");
            }
        }
        this.network = network;
        this.settings = network.settings;
        this.mixing = new MixingLearner(network);
        if (network.joints.overlaps.length > 0 && !mixing.movesOverlaps()) {
            throw new IllegalArgumentException(
                    "an overlap's weight starts at 0 and would never move without pair counts, whose"
                            + " mixing-rate it moves at, nor a combination-rate: set one of them, or give the combination another"
                            + " form");
        }
        this.association = new AssociationLearner(network);
        this.joint = new JointLearner(network);
        this.sequential = settings.schedule() == ModelSettings.Schedule.SEQUENTIAL;
        ModelSettings.Rerank rerank = settings.rerank();
        ModelSettings.TowerSettings towerSettings = settings.tower();
        Tower tower = network.tower;
        this.group = rerank == null || !sequential ? 0 : rerank.negatives() + 1;
        this.towers = tower == null || towerSettings == null || group == 0
                ? null
                : new TowerBatch(network, tower, towerSettings);
        if (towers != null) {
            towers.ensure(settings.batch() * group);
            outputs = new float[settings.batch() * group];
            bases = new float[settings.batch() * group];
            groupSizes = new int[settings.batch()];
        }
    }

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
            if (towers != null && rankedCount > 1 && groups < groupSizes.length) {
                collect(towers, scoring, example, event, ranked, rankedCount);
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
            TowerBatch batch,
            DeepAssociationNetwork.Scoring scoring,
            Example example,
            long event,
            int[] ranked,
            int rankedCount) {
        random.restart(settings.seed(), PURPOSE_TOWER, event);
        int first = groups * group;
        put(batch, scoring, example.positive, first);
        int size = 1;
        for (int i = 0; i < rankedCount && size < group; i++) {
            int j = i + random.nextInt(rankedCount - i);
            int item = ranked[j];
            ranked[j] = ranked[i];
            ranked[i] = item;
            if (item != example.positive) {
                put(batch, scoring, item, first + size);
                size++;
            }
        }
        groupSizes[groups++] = size;
    }

    private void put(TowerBatch batch, DeepAssociationNetwork.Scoring scoring, int item, int row) {
        batch.put(scoring, item, row);
        bases[row] = scoring.base[item];
    }

    /**
     * Learns from one mini-batch.
     *
     * @param examples the fresh ones first, then the replayed ones
     * @param count how many are valid
     * @param batch the mini-batch's number
     * @return mean loss over the examples before they were learned, natural logarithm; not a number where all of them were
     *     refused, see {@link DeepAssociationNetwork#guard}
     */
    public double learn(Example[] examples, int count, long batch) {
        double loss;
        if (sequential) {
            loss = association.learn(examples, count, batch);
            learnTower(batch);
        } else {
            loss = joint.learn(examples, count, batch);
        }
        network.refreshStale();
        return loss;
    }

    /**
     * Norm of the loss's gradient over the embedding rows in the last mini-batch: of its mean loss where tower and rows learn
     * together, the root mean square of its examples' where they step one after the other.
     */
    public double gradientNorm() {
        return sequential ? association.gradientNorm() : joint.gradientNorm();
    }

    private void learnTower(long batch) {
        if (towers == null || groups == 0) {
            return;
        }
        int count = groups * group;
        for (int g = 0; g < groups; g++) {
            towers.clear(g * group + groupSizes[g], (g + 1) * group);
        }
        towers.forward(count, batch, outputs);
        double loss = 0.0;
        for (int g = 0; g < groups; g++) {
            loss += softmaxGradient(g * group, groupSizes[g]);
        }
        LearningGuard guard = network.guard();
        if (guard.acceptsLoss(loss)) {
            towers.backward(outputs, count, false);
            if (guard.acceptsSquaredNorm(towers.squaredNorm())) {
                towers.apply();
            }
        }
        groups = 0;
    }

    /**
     * Replaces a group's outputs by ∂L/∂output of softmax cross-entropy over base + output, the first positive; returns
     * the loss.
     */
    private double softmaxGradient(int from, int size) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + size; i++) {
            max = Math.max(max, bases[i] + outputs[i]);
        }
        float positive = bases[from] + outputs[from];
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
        return FloatMath.log(sum) + max - positive;
    }

    /** Forgets what was collected for a mini-batch that is not learned. */
    public void clear() {
        groups = 0;
    }

    /** The dense weights with the optimiser's state, which is live. */
    public ModelRow.Dense dense() {
        Tower tower = network.tower;
        return network.dense(mixing.state, tower == null ? 0 : tower.steps());
    }

    /** Puts a row that was read from the trainer's store. */
    public void restore(ModelRow row) {
        if (row instanceof ModelRow.Embedding embedding) {
            network.put(embedding);
        } else if (row instanceof ModelRow.Description description) {
            network.put(description);
        } else if (row instanceof ModelRow.Pairs pairs && network.pairs != null) {
            network.pairs.restorePublished(pairs);
        } else if (row instanceof ModelRow.Dense dense) {
            network.put(dense);
            System.arraycopy(dense.mixingState, 0, mixing.state, 0, mixing.state.length);
        }
    }
}

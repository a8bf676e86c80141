package org.eridanus.model;

import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.Optimiser;
import org.eridanus.model.ModelSettings.Pairs;
import org.eridanus.model.ModelSettings.Replay;
import org.eridanus.model.ModelSettings.Rerank;
import org.eridanus.model.ModelSettings.Schedule;
import org.eridanus.model.ModelSettings.TowerSettings;
import org.jspecify.annotations.Nullable;

/** Varies settings: starts from some, by {@link ModelSettings#toBuilder}, and checks them when they are built. */
public final class ModelSettingsBuilder {
    private String preset;
    private long seed;
    private int dimension;
    private float initialDeviation;
    private JoinSettings join;
    private boolean association;
    private float combinationRate;
    private Schedule schedule;
    private Loss loss;
    private int negatives;
    private int pool;
    private int batch;
    private Replay replay;
    private Optimiser optimiser;
    private @Nullable Pairs pairs;
    private @Nullable TowerSettings tower;
    private @Nullable Rerank rerank;
    private float maxGradient;
    private int maxRows;

    ModelSettingsBuilder(ModelSettings from) {
        preset = from.preset();
        seed = from.seed();
        dimension = from.dimension();
        initialDeviation = from.initialDeviation();
        join = from.join();
        association = from.association();
        combinationRate = from.combinationRate();
        schedule = from.schedule();
        loss = from.loss();
        negatives = from.negatives();
        pool = from.pool();
        batch = from.batch();
        replay = from.replay();
        optimiser = from.optimiser();
        pairs = from.pairs();
        tower = from.tower();
        rerank = from.rerank();
        maxGradient = from.maxGradient();
        maxRows = from.maxRows();
    }

    /** Names the settings. */
    public ModelSettingsBuilder preset(String name) {
        preset = name;
        return this;
    }

    /** Sets {@link ModelSettings#seed}. */
    public ModelSettingsBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Sets {@link ModelSettings#dimension}. */
    public ModelSettingsBuilder dimension(int value) {
        dimension = value;
        return this;
    }

    /** Sets {@link ModelSettings#initialDeviation}. */
    public ModelSettingsBuilder initialDeviation(float value) {
        initialDeviation = value;
        return this;
    }

    /** Sets {@link ModelSettings#join}. */
    public ModelSettingsBuilder join(JoinSettings value) {
        join = value;
        return this;
    }

    /** Sets {@link ModelSettings#association}. */
    public ModelSettingsBuilder association(boolean value) {
        association = value;
        return this;
    }

    /** Sets {@link ModelSettings#combinationRate}. */
    public ModelSettingsBuilder combinationRate(float value) {
        combinationRate = value;
        return this;
    }

    /** Sets {@link ModelSettings#schedule}. */
    public ModelSettingsBuilder schedule(Schedule value) {
        schedule = value;
        return this;
    }

    /** Sets {@link ModelSettings#loss}. */
    public ModelSettingsBuilder loss(Loss value) {
        loss = value;
        return this;
    }

    /** Sets {@link ModelSettings#negatives}. */
    public ModelSettingsBuilder negatives(int value) {
        negatives = value;
        return this;
    }

    /** Sets {@link ModelSettings#pool}. */
    public ModelSettingsBuilder pool(int value) {
        pool = value;
        return this;
    }

    /** Sets {@link ModelSettings#batch}. */
    public ModelSettingsBuilder batch(int value) {
        batch = value;
        return this;
    }

    /** Sets {@link ModelSettings#replay}. */
    public ModelSettingsBuilder replay(Replay value) {
        replay = value;
        return this;
    }

    /** Sets {@link ModelSettings#optimiser}. */
    public ModelSettingsBuilder optimiser(Optimiser value) {
        optimiser = value;
        return this;
    }

    /** Sets {@link ModelSettings#pairs}. */
    public ModelSettingsBuilder pairs(@Nullable Pairs value) {
        pairs = value;
        return this;
    }

    /** Sets {@link ModelSettings#tower}. */
    public ModelSettingsBuilder tower(@Nullable TowerSettings value) {
        tower = value;
        return this;
    }

    /** Sets {@link ModelSettings#rerank}. */
    public ModelSettingsBuilder rerank(@Nullable Rerank value) {
        rerank = value;
        return this;
    }

    /** Sets {@link ModelSettings#maxGradient}. */
    public ModelSettingsBuilder maxGradient(float value) {
        maxGradient = value;
        return this;
    }

    /** Sets {@link ModelSettings#maxRows}. */
    public ModelSettingsBuilder maxRows(int value) {
        maxRows = value;
        return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if they contradict each other, with the rule
     */
    public ModelSettings build() {
        return new ModelSettings(
                preset,
                seed,
                dimension,
                initialDeviation,
                join,
                association,
                combinationRate,
                schedule,
                loss,
                negatives,
                pool,
                batch,
                replay,
                optimiser,
                pairs,
                tower,
                rerank,
                maxGradient,
                maxRows);
    }
}

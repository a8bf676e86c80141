package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.Optimiser;
import org.eridanus.model.ModelSettings.Schedule;
import org.junit.jupiter.api.Test;

class ModelSettingsTest {
    private static final ModelSettings.TowerSettings TOWER = new ModelSettings.TowerSettings(List.of(8), 0.01f, true);

    @Test
    void shouldTellSettingsApartByTheirHash() {
        Set<String> hashes = new HashSet<>();
        for (ModelSettings settings : List.of(
                Presets.online(),
                Presets.association(),
                Presets.paper(),
                Presets.online().toBuilder().batch(17).build(),
                Presets.online().toBuilder()
                        .join(Presets.online().join().with(JoinSettings.Tables.SHARED))
                        .build())) {
            hashes.add(settings.hash());
            assertThat(settings.hash()).matches("[0-9a-f]{16}");
        }

        assertThat(hashes).hasSize(5);
        assertThat(Presets.online().hash()).isEqualTo(Presets.online().hash());
    }

    @Test
    void shouldRefuseWhatContradictsItself() {
        assertRefused("dimension must be a multiple of 4, got 6", b -> b.dimension(6));
        assertRefused("dimension must be a multiple of 4, got 0", b -> b.dimension(0));
        assertRefused("batch must be at least 1, got 0", b -> b.batch(0));
        assertRefused("negatives must be at least 1, got 0", b -> b.negatives(0));
        assertRefused("pool must not be negative, got -1", b -> b.pool(-1));
        assertRefused("max-gradient must be positive, got 0.0", b -> b.maxGradient(0f));
        assertRefused("initial-deviation must not be negative, got NaN", b -> b.initialDeviation(Float.NaN));
        assertRefused(
                "a model needs an association term or a tower, got neither",
                b -> b.association(false).schedule(Schedule.JOINT).pairs(null));
        assertRefused(
                "pairs are a part of the association term: leave them out, or set association",
                b -> b.association(false).schedule(Schedule.JOINT).tower(TOWER));
        assertRefused(
                "rerank needs an association term that ranks and a tower that re-ranks; leave it out",
                b -> b.rerank(new ModelSettings.Rerank(10, 3)));
        assertRefused(
                "schedule SEQUENTIAL needs an association term and loss SAMPLED_SOFTMAX, got loss BINARY_CROSS_ENTROPY;"
                        + " use JOINT",
                b -> b.loss(Loss.BINARY_CROSS_ENTROPY));
        assertRefused(
                "schedule SEQUENTIAL needs optimiser.kind ADAGRAD, got ADAM; use JOINT",
                b -> b.optimiser(Optimiser.adam(0.1f)));
        assertRefused(
                "schedule SEQUENTIAL trains a tower as a re-ranker: give both tower and rerank, or neither",
                b -> b.tower(TOWER));
        assertRefused(
                "optimiser.negligible is for schedule SEQUENTIAL, got 5.0E-4; leave it at 0",
                b -> b.schedule(Schedule.JOINT));
    }

    @Test
    void shouldRefuseOptimisersThatCannotMove() {
        assertThatThrownBy(() -> Optimiser.adagrad(0.1f, 0f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimiser.initial-accumulator must be positive, because a gradient of 0 is divided by its"
                        + " root, got 0.0");
        assertThatThrownBy(() -> Optimiser.sgd(0f)).hasMessage("optimiser.rate must be positive, got 0.0");
        assertThatThrownBy(() -> Optimiser.adam(0.1f).withWeightDecay(1f))
                .hasMessage("optimiser.weight-decay must be at least 0 and below 1, got 1.0");
    }

    @Test
    void shouldRefuseATowerThatIsNone() {
        assertThatThrownBy(() -> new ModelSettings.TowerSettings(List.of(8, 0), 0.1f, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tower.hidden must list widths of at least 1, got [8, 0]");
        assertThatThrownBy(() -> new ModelSettings.TowerSettings(
                        List.of(), ModelSettings.Optimiser.adam(0.1f), 0f, false, List.of(), List.of(), 1f, 0f))
                .hasMessage("tower.dropout must be at least 0 and below 1, got 1.0");
    }

    @Test
    void shouldRefuseACombinationThatActsNowhere() {
        List<JointFeature> paper = SmallModels.paperFeatures();

        assertThatThrownBy(() -> new DeepAssociationNetwork(Presets.association(), paper, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("joint feature occupation·gender acts nowhere")
                .hasMessageContaining("give it to a tower");
    }

    @Test
    void shouldRefuseToLearnACombinationWhoseRowsWouldNeverMove() {
        DeepAssociationNetwork network =
                new DeepAssociationNetwork(Presets.online(), SmallModels.paperFeatures(), true);

        assertThatThrownBy(() -> new IncrementalLearner(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("joint feature occupation·gender is no part of the association term")
                .hasMessageContaining("use schedule JOINT");
    }

    @Test
    void shouldNameThePresets() {
        for (String name : List.of("online", "association", "paper")) {
            assertThat(Presets.named(name).preset()).isEqualTo(name);
            assertThat(ModelDefinition.ofPreset(name).features()).isNotEmpty();
        }
        assertThatThrownBy(() -> Presets.named("best"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preset must be one of online, association, paper; got best");
    }

    private static void assertRefused(String message, Consumer<ModelSettingsBuilder> change) {
        ModelSettingsBuilder builder = Presets.association().toBuilder();
        change.accept(builder);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

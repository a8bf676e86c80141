package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.Optimiser;
import org.junit.jupiter.api.Test;

class ModelSettingsTest {
    private static final Optimiser ADAGRAD = new Optimiser(Optimiser.Kind.ADAGRAD, 0.1f, 0.1f, 0f, 0f);
    private static final Optimiser ADAM = new Optimiser(Optimiser.Kind.ADAM, 0.1f, 0f, 0f, 0f);

    @Test
    void shouldTellSettingsApartByTheirHash() {
        Set<String> hashes = new HashSet<>();
        for (ModelSettings settings : List.of(
                Presets.online(),
                Presets.association(),
                Presets.paper(),
                settings(8, 16, 3, true, Loss.SAMPLED_SOFTMAX, ADAGRAD),
                settings(8, 17, 3, true, Loss.SAMPLED_SOFTMAX, ADAGRAD))) {
            hashes.add(settings.hash());
            assertThat(settings.hash()).matches("[0-9a-f]{16}");
        }

        assertThat(hashes).hasSize(5);
        assertThat(Presets.online().hash()).isEqualTo(Presets.online().hash());
    }

    @Test
    void shouldRefuseWhatItCannotLearn() {
        assertRefused("dimension must be a multiple of 4, got 6", 6, 16, 3, true, Loss.SAMPLED_SOFTMAX, ADAGRAD);
        assertRefused("dimension must be a multiple of 4, got 0", 0, 16, 3, true, Loss.SAMPLED_SOFTMAX, ADAGRAD);
        assertRefused("batch must be at least 1, got 0", 8, 0, 3, true, Loss.SAMPLED_SOFTMAX, ADAGRAD);
        assertRefused("negatives must be at least 1, got 0", 8, 16, 0, true, Loss.SAMPLED_SOFTMAX, ADAGRAD);
        assertRefused(
                "a model needs an association term or a tower, got neither",
                8,
                16,
                3,
                false,
                Loss.BINARY_CROSS_ENTROPY,
                ADAM);
        assertRefused(
                "loss must be SAMPLED_SOFTMAX with an association term and BINARY_CROSS_ENTROPY without one, got"
                        + " BINARY_CROSS_ENTROPY",
                8,
                16,
                3,
                true,
                Loss.BINARY_CROSS_ENTROPY,
                ADAGRAD);
        assertRefused(
                "optimiser.kind must be ADAGRAD with an association term, got ADAM",
                8,
                16,
                3,
                true,
                Loss.SAMPLED_SOFTMAX,
                ADAM);
        assertRefused(
                "optimiser.initial-accumulator must be positive, because a gradient of 0 is divided by its root, got"
                        + " 0.0",
                8,
                16,
                3,
                true,
                Loss.SAMPLED_SOFTMAX,
                new Optimiser(Optimiser.Kind.ADAGRAD, 0.1f, 0f, 0f, 0f));
    }

    @Test
    void shouldRefuseATowerWithoutLayers() {
        assertThatThrownBy(() -> new ModelSettings.TowerSettings(List.of(), 0.1f, 0, 1, false, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave the tower out for the association term alone");
        assertThatThrownBy(() -> new ModelSettings.TowerSettings(List.of(8, 0), 0.1f, 0, 1, false, false))
                .hasMessageContaining("widths of at least 1, got [8, 0]");
    }

    @Test
    void shouldRefuseToLearnACombinationWhoseRowsWouldNeverMove() {
        DeepAssociationNetwork network =
                new DeepAssociationNetwork(Presets.online(), Presets.features(FeatureSchema.paper()), true);

        assertThatThrownBy(() -> new IncrementalLearner(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("combination user·item joins no history");
    }

    @Test
    void shouldNameThePresets() {
        for (String name : List.of("online", "association", "paper")) {
            assertThat(Presets.named(name).preset()).isEqualTo(name);
            assertThat(Presets.features(Presets.schema(Presets.named(name)))).isNotEmpty();
        }
        assertThatThrownBy(() -> Presets.named("best"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preset must be one of online, association, paper; got best");
    }

    private static void assertRefused(
            String message,
            int dimension,
            int batch,
            int negatives,
            boolean association,
            Loss loss,
            Optimiser optimiser) {
        assertThatThrownBy(() -> settings(dimension, batch, negatives, association, loss, optimiser))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static ModelSettings settings(
            int dimension, int batch, int negatives, boolean association, Loss loss, Optimiser optimiser) {
        return new ModelSettings(
                "test",
                1,
                dimension,
                0.1f,
                association,
                loss,
                negatives,
                0,
                batch,
                new ModelSettings.Replay(0, 0, 1),
                optimiser,
                null,
                null,
                100);
    }
}

package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelSettings.TowerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaperModelsTest {
    private static final int USERS = 24;
    private static final int ITEMS = 16;

    @Test
    void shouldHaveTheWidthsThatThePaperGivesForAFactor() {
        for (int factor : new int[] {2, 4, 8, 16, 32}) {
            ModelSettings settings = PaperModels.dan(factor, Form.HADAMARD).settings();

            assertThat(tower(settings).hidden()).containsExactly(4 * factor, 2 * factor, factor);
            assertThat(settings.dimension()).isEqualTo(2 * factor);
            assertThat(settings.negatives()).isEqualTo(2);
            assertThat(settings.optimiser()).isEqualTo(ModelSettings.Optimiser.adam(0.01f));
            assertThat(settings.initialDeviation()).isEqualTo(0.01f);
            assertThat(tower(settings).initialDeviation()).isEqualTo(0.01f);
            assertThat(settings.loss()).isEqualTo(ModelSettings.Loss.BINARY_CROSS_ENTROPY);
        }
        assertThat(PaperModels.dan(1, Form.HADAMARD).settings().dimension())
                .as("the least that the network has")
                .isEqualTo(4);
    }

    @Test
    void shouldPutCategoriesWhereTheModelsOfThePaperHaveThem() {
        assertThat(PaperModels.dan(4, Form.OUTER_PRODUCT).features())
                .extracting(JointFeature::name)
                .containsExactly("user·item", "occupation·gender", "age·gender", "occupation·age");
        assertThat(PaperModels.mlp2(4, 0).features())
                .extracting(JointFeature::name)
                .containsExactly("user", "item");
        assertThat(tower(PaperModels.mlp2(4, 0).settings()).hidden()).isEmpty();
        assertThat(tower(PaperModels.mlp5(4, 4).settings()).hidden()).containsExactly(32, 16, 8, 4);
        assertThat(PaperModels.mlp5(4, 4).features())
                .extracting(JointFeature::name)
                .containsExactly("user", "item", "occupation", "gender", "age");
        assertThat(tower(PaperModels.gmf(4).settings()).hidden()).isEmpty();
        assertThat(tower(PaperModels.ncf(4).settings()).wide()).containsExactly("user·item");
        assertThat(PaperModels.danWithMlp(FeatureSchema.paper(), 4, Form.HADAMARD)
                        .features())
                .hasSize(4 + 5);
    }

    @Test
    void shouldRefuseAFactorOutOfRange() {
        assertThatThrownBy(() -> PaperModels.gmf(0)).hasMessage("a predictive factor must be 1..256, got 0");
        assertThatThrownBy(() -> PaperModels.dan(128, Form.OUTER_PRODUCT).network(true))
                .hasMessageContaining("an outer product of 2 categories of 256 values has 65536 values");
    }

    private static Stream<ModelDefinition> models() {
        return Stream.of(
                PaperModels.dan(8, Form.HADAMARD),
                PaperModels.dan(8, Form.OUTER_PRODUCT),
                PaperModels.danWithMlp(FeatureSchema.paper(), 8, Form.HADAMARD),
                PaperModels.gmf(8),
                PaperModels.mlp2(8, 2),
                PaperModels.mlp5(8, 2),
                PaperModels.ncf(8));
    }

    /** Users of two tastes, whose items are the even or the odd ones; one item of the own taste was never seen with each. */
    @ParameterizedTest
    @MethodSource("models")
    void shouldRankWhatUsersOfTheSameTasteConsumeAbove(ModelDefinition definition) {
        ModelDefinition scaled = PaperModels.withScaledWeights(definition);
        ModelDefinition small =
                scaled.with(scaled.settings().toBuilder().batch(16).build());
        OfflineModel model = new OfflineModel(small);
        OfflineModel twin = new OfflineModel(small);

        double untrained = shareOfPairsInOrder(model);
        for (int epoch = 0; epoch < 30; epoch++) {
            double loss = model.epoch(examples(model));
            assertThat(twin.epoch(examples(twin))).as("the same bits").isEqualTo(loss);
        }

        assertThat(shareOfPairsInOrder(model)).isGreaterThan(0.8).isGreaterThan(untrained);
    }

    private static List<Example> examples(OfflineModel model) {
        items(model);
        List<Example> examples = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            int parity = u % 2;
            int[] taste = IntStream.range(0, ITEMS / 2).map(i -> parity + 2 * i).toArray();
            for (int item : taste) {
                // The held-out item is no example, and no negative either.
                if (item != heldOut(u)) {
                    examples.add(new Example(context(model, u), item, taste, taste.length));
                }
            }
        }
        return examples;
    }

    private static void items(OfflineModel model) {
        for (int i = 0; i < ITEMS; i++) {
            model.item("i" + i, Map.of());
        }
    }

    private static int heldOut(int user) {
        return (user % 2 + 2 * (user / 2)) % ITEMS;
    }

    private static Context context(OfflineModel model, int user) {
        return model.context(
                Map.of(
                        "user", List.of("u" + user),
                        "occupation", List.of("o" + user % 3),
                        "gender", List.of(user % 2 == 0 ? "F" : "M"),
                        "age", List.of("a" + user % 4)),
                new int[0],
                0);
    }

    /** How often the held-out item is above one of the other taste. */
    private static double shareOfPairsInOrder(OfflineModel model) {
        items(model);
        int[] all = new int[ITEMS];
        Arrays.setAll(all, i -> i);
        float[] scores = new float[ITEMS];
        int right = 0;
        int pairs = 0;
        for (int u = 0; u < USERS; u++) {
            model.scores(context(model, u), all, ITEMS, scores);
            for (int i = 1 - u % 2; i < ITEMS; i += 2) {
                right += scores[heldOut(u)] > scores[i] ? 1 : 0;
                pairs++;
            }
        }
        return right / (double) pairs;
    }

    private static TowerSettings tower(ModelSettings settings) {
        return Objects.requireNonNull(settings.tower());
    }
}

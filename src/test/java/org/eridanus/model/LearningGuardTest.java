package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.LearningGuard.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningGuardTest {
    private static final int ITEMS = 9;
    private static final int[] NEGATIVES = {2, 6};

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e38f})
    void shouldKeepWhatIsNoNumberFromRowsThatGoOneByOne(float poison) {
        DeepAssociationNetwork network =
                SmallModels.network(SmallModels.association(2, 0f, 0f, null, null), SmallModels.HISTORIES, ITEMS);
        Example example = SmallModels.example(SmallModels.context(new int[] {3, 5, 0}), 7, ITEMS, NEGATIVES);
        Arrays.fill(network.items().row(3), 0, 8, poison);
        String before = rows(network);

        new AssociationLearner(network).learn(new Example[] {example}, 1, 0);

        assertThat(rows(network)).isEqualTo(before);
        assertThat(network.items().changed().count()).isZero();
        assertThat(network.guard().count(Reason.NON_FINITE_LOSS)
                        + network.guard().count(Reason.EXPLODING_GRADIENT))
                .isEqualTo(1);
    }

    @Test
    void shouldLearnFromTheOtherExamplesOfAMiniBatch() {
        DeepAssociationNetwork network =
                SmallModels.network(SmallModels.association(2, 0f, 0f, null, null), SmallModels.HISTORIES, ITEMS);
        Example poisoned = SmallModels.example(SmallModels.context(new int[] {3}), 7, ITEMS, NEGATIVES);
        Example healthy = SmallModels.example(SmallModels.context(new int[] {5, 0}), 7, ITEMS, NEGATIVES);
        network.items().row(3)[0] = Float.NaN;

        double loss = new AssociationLearner(network).learn(new Example[] {poisoned, healthy}, 2, 0);

        assertThat(loss).isPositive().isFinite();
        assertThat(network.items().changed().sorted()).containsExactly(0, 2, 5, 6, 7);
        assertThat(network.guard().count(Reason.NON_FINITE_LOSS)).isEqualTo(1);
    }

    @Test
    void shouldRefuseAGradientThatAnEventsWeightMakesTooLong() {
        ModelSettings settings = SmallModels.association(2, 0f, 0f, null, null).toBuilder()
                .maxGradient(100f)
                .build();
        DeepAssociationNetwork network = SmallModels.network(settings, SmallModels.HISTORIES, ITEMS);
        Example example = SmallModels.example(SmallModels.context(new int[] {3, 5, 0}), 7, ITEMS, NEGATIVES);
        String before = rows(network);

        Example heavy = new Example(example.context, example.positive, example.consumed, example.consumedCount, 1e6f);
        new AssociationLearner(network).learn(new Example[] {heavy}, 1, 0);
        String after = rows(network);
        new AssociationLearner(network).learn(new Example[] {example}, 1, 0);

        assertThat(after).isEqualTo(before);
        assertThat(network.guard().count(Reason.EXPLODING_GRADIENT)).isEqualTo(1);
        assertThat(rows(network)).as("the same with a weight of 1").isNotEqualTo(before);
    }

    @Test
    void shouldRefuseAGradientThatIsTooLongForRowsThatGoOneByOne() {
        ModelSettings settings = SmallModels.association(2, 0f, 0f, null, null).toBuilder()
                .maxGradient(1e-3f)
                .build();
        DeepAssociationNetwork network = SmallModels.network(settings, SmallModels.HISTORIES, ITEMS);
        String before = rows(network);

        new AssociationLearner(network)
                .learn(
                        new Example[] {
                            SmallModels.example(SmallModels.context(new int[] {3, 5, 0}), 7, ITEMS, NEGATIVES)
                        },
                        1,
                        0);

        assertThat(rows(network)).isEqualTo(before);
        assertThat(network.guard().count(Reason.EXPLODING_GRADIENT)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ModelSettings.Loss.class)
    void shouldKeepAPoisonedBatchFromRowsTowerAndEmbeddings(ModelSettings.Loss loss) {
        DeepAssociationNetwork network = paper(loss, 1e4f);
        network.items().row(2)[0] = Float.NaN;
        String items = rows(network);
        float[] dense = network.dense(new float[0], 0).tower;

        double value = learn(network);

        assertThat(value).isNaN();
        assertThat(rows(network)).isEqualTo(items);
        assertThat(network.dense(new float[0], 0).tower).isEqualTo(dense);
        assertThat(network.guard().count(Reason.NON_FINITE_LOSS)).isEqualTo(1);
        assertThat(network.items().changed().count()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ModelSettings.Loss.class)
    void shouldRefuseABatchWhoseGradientExplodes(ModelSettings.Loss loss) {
        DeepAssociationNetwork network = paper(loss, 1e-6f);
        String items = rows(network);
        float[] dense = network.dense(new float[0], 0).tower;

        double value = learn(network);

        assertThat(value).isFinite();
        assertThat(rows(network)).isEqualTo(items);
        assertThat(network.dense(new float[0], 0).tower).isEqualTo(dense);
        assertThat(network.guard().count(Reason.EXPLODING_GRADIENT)).isEqualTo(1);
    }

    @Test
    void shouldLearnAgainAfterARefusal() {
        DeepAssociationNetwork network = paper(ModelSettings.Loss.BINARY_CROSS_ENTROPY, 1e4f);
        DeepAssociationNetwork healthy = paper(ModelSettings.Loss.BINARY_CROSS_ENTROPY, 1e4f);
        JointLearner learner = new JointLearner(network);
        float value = network.items().row(2)[0];
        network.items().row(2)[0] = Float.POSITIVE_INFINITY;
        learner.learn(examples(), 1, 0);
        network.items().row(2)[0] = value;

        learner.learn(examples(), 1, 0);
        new JointLearner(healthy).learn(examples(), 1, 0);

        assertThat(SmallModels.rows(network.items())).isDeepEqualTo(SmallModels.rows(healthy.items()));
        assertThat(network.dense(new float[0], 0).tower).isEqualTo(healthy.dense(new float[0], 0).tower);
    }

    @Test
    void shouldCountValuesThatFindTheirTableFull() {
        ModelSettings settings = SmallModels.tower(2, 0f).toBuilder().maxRows(2).build();
        DeepAssociationNetwork network = new DeepAssociationNetwork(settings, SmallModels.paperFeatures(), true);

        int[][] rows = network.admitRows(Map.of("user", List.of("a")));
        network.admitRows(Map.of("user", List.of("b")));
        int[][] refused = network.admitRows(Map.of("user", List.of("c"), "gender", List.of("F")));

        assertThat(rows[0]).containsExactly(0);
        assertThat(refused[0]).isEmpty();
        assertThat(refused[2]).hasSize(1);
        assertThat(network.guard().count(Reason.TABLE_FULL)).isEqualTo(1);
    }

    private static DeepAssociationNetwork paper(ModelSettings.Loss loss, float maxGradient) {
        ModelSettings settings = SmallModels.tower(2, 0f).toBuilder()
                .join(new JoinSettings(
                        Form.HADAMARD,
                        Map.of("occupation·gender", Form.OUTER_PRODUCT),
                        JoinSettings.Tables.PER_COMBINATION,
                        true,
                        List.of()))
                .loss(loss)
                .maxGradient(maxGradient)
                .build();
        return SmallModels.network(
                settings, JointFeature.of(org.eridanus.feature.FeatureSchema.paper(), settings.join()), ITEMS);
    }

    /** Every value of the item table, in a form in which NaN equals NaN. */
    private static String rows(DeepAssociationNetwork network) {
        return Arrays.deepToString(SmallModels.rows(network.items()));
    }

    private static Example[] examples() {
        return new Example[] {SmallModels.example(SmallModels.context(new int[] {3}, 0, 1, 2, 3), 7, ITEMS, NEGATIVES)};
    }

    private static double learn(DeepAssociationNetwork network) {
        return new JointLearner(network).learn(examples(), 1, 0);
    }
}

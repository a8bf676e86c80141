package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TowerBatchTest {
    private static final int ITEMS = 9;
    private static final int[] NEGATIVES = {2, 6};
    private static final float SHARE = 0.4f;
    private static final long BATCH = 5;
    private static final float STEP = 1e-2f;
    private static final double TOLERANCE = 5e-4;

    @Test
    void shouldDropValuesOfJointFeaturesAlone() {
        DeepAssociationNetwork network = network(true, List.of());
        Tower tower = Objects.requireNonNull(network.tower);
        silence(Objects.requireNonNull(network.wide));
        TowerBatch batch = new TowerBatch(network, tower, Objects.requireNonNull(network.settings.tower()));
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        network.score(examples(network)[0].context, scoring);
        int count = 40 * ITEMS;
        batch.ensure(count);
        float[] inputs = new float[ITEMS * batch.inputs()];
        for (int item = 0; item < ITEMS; item++) {
            network.towerInput(scoring, item, inputs, item * batch.inputs());
        }

        int values = 0;
        int dropped = 0;
        for (int d = 0; d < batch.inputs(); d++) {
            float[] out = outputs(batch, tower, scoring, count, d, BATCH);
            float[] again = outputs(batch, tower, scoring, count, d, BATCH);
            float[] other = outputs(batch, tower, scoring, count, d, BATCH + 1);
            boolean scalar = d >= network.towerFeatures.length * network.dimension;
            for (int row = 0; row < count; row++) {
                float input = inputs[row % ITEMS * batch.inputs() + d];
                values += scalar ? 0 : 1;
                dropped += !scalar && out[row] == 0f ? 1 : 0;
                assertThat(out[row])
                        .as("input %s of row %s", d, row)
                        .isIn(0f, scalar ? input : input * (1f / (1f - SHARE)));
                assertThat(!scalar || out[row] == input)
                        .as("scalar %s of row %s", d, row)
                        .isTrue();
            }
            assertThat(again).isEqualTo(out);
            assertThat(Arrays.equals(other, out))
                    .as("input %s in another mini-batch", d)
                    .isEqualTo(scalar);
        }
        assertThat(dropped / (double) values).isBetween(SHARE - 0.03, SHARE + 0.03);
    }

    private static void silence(Tower tower) {
        tower.restore(new float[tower.length()], tower.firstMoments, tower.secondMoments, 0);
    }

    /** What a tower of one layer gives that reads one value of its input. */
    private static float[] outputs(
            TowerBatch batch, Tower tower, DeepAssociationNetwork.Scoring scoring, int count, int input, long number) {
        float[] parameters = new float[tower.length()];
        parameters[input] = 1f;
        tower.restore(parameters, tower.firstMoments, tower.secondMoments, 0);
        for (int row = 0; row < count; row++) {
            batch.put(scoring, row % ITEMS, row);
        }
        float[] out = new float[count];
        batch.forward(count, number, out);
        return out;
    }

    /**
     * By central differences of the loss that a step itself tells, from networks of which one value differs: the values that
     * drop out depend on the mini-batch's number alone.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCarryGradientsPastTheInputsThatDropOut(boolean association) {
        DeepAssociationNetwork network = network(association, List.of(8));
        DeepAssociationNetwork before = network(association, List.of(8));
        examples(before);
        learn(network);

        check("item rows", before.items(), network.items(), association, DeepAssociationNetwork::items);
        check("user rows", before.table(0), network.table(0), association, n -> n.table(0));
        checkTower(network, association, n -> Objects.requireNonNull(n.tower));
        checkTower(network, association, n -> Objects.requireNonNull(n.wide));
    }

    private static void check(
            String what,
            EmbeddingTable before,
            EmbeddingTable after,
            boolean association,
            Function<DeepAssociationNetwork, EmbeddingTable> table) {
        int worth = 0;
        int equal = 0;
        int values = 0;
        for (int r = 0; r < before.size(); r++) {
            for (int d = 0; d < before.rowLength(); d++) {
                int row = r;
                int at = d;
                double difference =
                        difference(association, (n, by) -> table.apply(n).record(row)[at] += by);
                worth += Math.abs(difference) > 1e-2 ? 1 : 0;
                equal += Math.abs(before.values(r)[d] - after.values(r)[d] - difference) < TOLERANCE ? 1 : 0;
                values++;
            }
        }
        assertThat(worth).as("%s worth checking", what).isGreaterThan(values / 8);
        // Piecewise smooth: a difference is the derivative but where it passes a bend.
        assertThat(equal).as("%s of %s", what, values).isGreaterThan(values * 9 / 10);
    }

    private static void checkTower(
            DeepAssociationNetwork after, boolean association, Function<DeepAssociationNetwork, Tower> tower) {
        Tower moved = tower.apply(after);
        int worth = 0;
        int equal = 0;
        for (int i = 0; i < moved.length(); i++) {
            int at = i;
            double difference = difference(association, (n, by) -> {
                Tower changed = tower.apply(n);
                float[] parameters = changed.parameters();
                parameters[at] += by;
                changed.restore(parameters, changed.firstMoments, changed.secondMoments, 0);
            });
            double gradient = moved.firstMoments[i] / (1.0 - FloatKernel.BETA_1);
            worth += Math.abs(difference) > 1e-2 ? 1 : 0;
            equal += Math.abs(gradient - difference) < TOLERANCE ? 1 : 0;
        }
        assertThat(worth).as("parameters worth checking").isGreaterThan(moved.length() / 8);
        assertThat(equal).as("of %s", moved.length()).isGreaterThan(moved.length() * 9 / 10);
    }

    /** Changes one value of a network. */
    private interface Change {
        void by(DeepAssociationNetwork network, float value);
    }

    private static double difference(boolean association, Change change) {
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            DeepAssociationNetwork network = network(association, List.of(8));
            examples(network);
            change.by(network, side == 0 ? STEP : -STEP);
            losses[side] = learn(network);
        }
        return (losses[0] - losses[1]) / (2.0 * STEP);
    }

    private static double learn(DeepAssociationNetwork network) {
        Example[] examples = examples(network);
        return new JointLearner(network).learn(examples, examples.length, BATCH);
    }

    private static Example[] examples(DeepAssociationNetwork network) {
        return new Example[] {
            example(network, 7, "u1", 3, 5, 0), example(network, 5, "u2", 1, 3), example(network, 7, "u3", 4)
        };
    }

    private static Example example(DeepAssociationNetwork network, int positive, String user, int... history) {
        int[][] rows = network.admitRows(Map.of("user", List.of(user)));
        return SmallModels.example(new Context(history, history.length, rows), positive, ITEMS, NEGATIVES);
    }

    /** Rows step by SGD of rate 1, so that their change is their gradient. */
    private static DeepAssociationNetwork network(boolean association, List<Integer> hidden) {
        ModelSettings settings = SmallModels.tower(NEGATIVES.length, 0f).toBuilder()
                .association(association)
                .join(JoinSettings.DEFAULT.withSingles("item"))
                .optimiser(ModelSettings.Optimiser.sgd(1f))
                .tower(new ModelSettings.TowerSettings(
                        hidden,
                        ModelSettings.Optimiser.adam(0.01f),
                        0.5f,
                        false,
                        List.of(),
                        List.of("user·item"),
                        SHARE,
                        0f))
                .build();
        FeatureSchema schema = new FeatureSchema(
                List.of(
                        Category.id("user", Category.Owner.USER),
                        Category.id("item", Category.Owner.ITEM),
                        Category.past("recent", 2, 0.8)),
                List.of(Combination.of("user", "item"), Combination.of("recent", "item")));
        DeepAssociationNetwork network = new ModelDefinition(settings, schema).network(true);
        for (int j = 0; j < ITEMS; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
            network.setStatistics(j, j, 0.0, Double.NEGATIVE_INFINITY);
        }
        return network;
    }
}

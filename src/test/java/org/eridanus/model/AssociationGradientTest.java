package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Normalisation;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JoinSettings.Tables;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of combination in the association term, learned one example after the other, against central differences.
 * Adagrad's accumulators start at almost nothing, so that their growth is the square of the gradient.
 */
class AssociationGradientTest {
    private static final int ITEMS = 9;
    private static final int[] NEGATIVES = {2, 6};
    private static final float ACCUMULATOR = 1e-10f;
    private static final double DECAY = 0.05f;

    /** What is combined. */
    enum Model {
        OF_USERS(JoinSettings.DEFAULT, "user·item", "occupation·item", "recent·item"),
        OF_DESCRIPTIONS(JoinSettings.DEFAULT, "user·genre", "recent·genre", "recent·item", "session·genre"),
        BESIDE_OVERLAPS(
                SmallModels.joined(
                        Map.of("session·genre", JointFeature.Form.OVERLAP, "sum·genre", JointFeature.Form.OVERLAP)),
                "session·genre",
                "user·genre",
                "recent·item",
                "sum·genre"),
        OF_THREE(JoinSettings.DEFAULT, "gender·occupation·item", "gender·recent·genre", "gender·recent·item"),
        OF_EVERY_FORM(
                new JoinSettings(
                        JointFeature.Form.OUTER_PRODUCT,
                        Map.of("user·item", JointFeature.Form.PAIR_ID, "recent·item", JointFeature.Form.HADAMARD),
                        Tables.PER_COMBINATION,
                        true,
                        List.of("genre")),
                "user·item",
                "occupation·item",
                "recent·item",
                "gender·genre",
                "gender·sum·item"),
        UNTIED(
                new JoinSettings(JointFeature.Form.HADAMARD, Map.of(), Tables.PER_COMBINATION, false, List.of()),
                "recent·item",
                "sum·item",
                "session·item"),
        SHARED(JoinSettings.DEFAULT.with(Tables.SHARED), "user·item", "gender·item", "recent·item", "user·genre");

        private final ModelDefinition definition;

        Model(JoinSettings join, String... combinations) {
            this.definition = new ModelDefinition(
                    SmallModels.association(NEGATIVES.length, 0f, 0f, null, null).toBuilder()
                            .join(join)
                            .combinationRate(0.1f)
                            .optimiser(ModelSettings.Optimiser.adagrad(0.1f, ACCUMULATOR)
                                    .withWeightDecay((float) DECAY))
                            .build(),
                    new FeatureSchema(
                            List.of(
                                    Category.id("user", Owner.USER),
                                    Category.id("item", Owner.ITEM),
                                    Category.attribute(
                                            "occupation", Owner.USER, new Kind.Many(), "occupations", "user"),
                                    Category.attribute("gender", Owner.USER, new Kind.Single(), "gender", "user"),
                                    Category.attribute("genre", Owner.ITEM, new Kind.Many(), "genres", "item"),
                                    Category.past("recent", 2, 0.8),
                                    new Category(
                                            "sum",
                                            Owner.HISTORY,
                                            new Kind.Past(3, 0.5, Normalisation.NONE),
                                            "history",
                                            null),
                                    Category.session("session", 3, 1_000)),
                            Stream.of(combinations).map(Combination::parse).toList()));
        }
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void shouldDescendTheGradientOfTheSoftmaxInEveryRow(Model model) {
        DeepAssociationNetwork network = model.definition.network(true);
        SeededRandom random = SeededRandom.of(5, 6, 7);
        for (int j = 0; j < ITEMS; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
            network.items().record(j)[network.items().width()] = (float) (0.3 * random.nextGaussian());
            // No description of an item is that of another: rows that move twice for one example hide their gradients.
            network.describe(j, Map.of("genre", j == 2 ? List.of("a", "b", "c") : List.of("g" + j)));
        }
        Context context = new Context(
                new int[] {3, 5, 0},
                new long[] {10_000, 8_700, 9_100},
                3,
                network.admitRows(
                        Map.of("user", List.of("u"), "occupation", List.of("o1", "o2"), "gender", List.of("F"))));
        for (int m = DeepAssociationNetwork.FIRST_WEIGHT; m < network.mixing.length; m++) {
            network.mixing[m] = 0.6f + 0.3f * m;
        }
        for (int item : new int[] {7, NEGATIVES[0], NEGATIVES[1]}) {
            network.joints.admitPairs(context, item, network.guard());
        }
        Example plain = SmallModels.example(context, 7, ITEMS, NEGATIVES);
        Example example = new Example(context, 7, plain.consumed, plain.consumedCount, 1.5f);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        network.clearChanged();

        double loss = new AssociationLearner(network).learn(new Example[] {example}, 1, 0);

        ReferenceNetwork.Loss value = () -> 1.5
                * ReferenceNetwork.softmaxLoss(new double[] {
                    reference.vectorScore(context, 7),
                    reference.vectorScore(context, NEGATIVES[0]),
                    reference.vectorScore(context, NEGATIVES[1])
                });
        assertThat(loss).isCloseTo(value.value(), within(1e-5));
        check(network.items(), reference.items, value);
        for (int t = 0; t < network.tables.length; t++) {
            if (network.tables[t].width() > 0) {
                check(network.tables[t], reference.tables[t], value);
            }
        }
        for (int f = 0; f < network.features.size(); f++) {
            OuterEmbedding outer = network.joints.features[f].outer;
            if (outer != null) {
                float[] weights = new float[outer.length()];
                float[] state = new float[outer.length()];
                outer.copyTo(weights, state, new float[0], 0);
                check(weights, state, reference.embeddings[f], value);
            }
        }
    }

    private static void check(float[] weights, float[] state, double[] before, ReferenceNetwork.Loss loss) {
        int worth = 0;
        for (int i = 0; i < before.length; i++) {
            double gradient = ReferenceNetwork.derivative(loss, before, i);
            double expected = gradient + DECAY * before[i];
            worth += Math.abs(gradient) > 1e-3 ? 1 : 0;
            double grown = Math.sqrt(Math.max(0.0, state[i] - ACCUMULATOR));
            assertThat(grown).as("weight %s", i).isCloseTo(Math.abs(expected), within(1e-4));
            if (Math.abs(expected) > 1e-3) {
                assertThat(Math.signum(before[i] - weights[i])).isEqualTo(Math.signum(expected));
            }
        }
        assertThat(worth).isGreaterThan(before.length / 20);
    }

    private static void check(EmbeddingTable table, double[][] rows, ReferenceNetwork.Loss loss) {
        int worth = 0;
        for (int r = 0; r < rows.length; r++) {
            boolean touched = false;
            for (int changed : table.changed().sorted()) {
                touched |= changed == r;
            }
            for (int d = 0; d < rows[r].length; d++) {
                double gradient = ReferenceNetwork.derivative(loss, rows[r], d);
                assertThat(touched || gradient == 0.0)
                        .as("%s %s is in the example or has no gradient", table.name(), r)
                        .isTrue();
                if (!touched || Math.abs(gradient) < 1e-3) {
                    continue;
                }
                worth++;
                double expected = gradient + DECAY * rows[r][d];
                double grown = Math.sqrt(table.state(r)[d] - ACCUMULATOR);
                assertThat(grown).as("%s %s, value %s", table.name(), r, d).isCloseTo(Math.abs(expected), within(1e-4));
                assertThat(Math.signum(rows[r][d] - table.values(r)[d])).isEqualTo(Math.signum(expected));
            }
        }
        assertThat(worth)
                .as("gradients worth checking in table %s", table.name())
                .isPositive();
    }
}

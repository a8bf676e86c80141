package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.LearningGuard.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningGuardTest {
    private static final int ITEMS = 9;
    private static final int[] NEGATIVES = {2, 6};
    private static final float HUGE = 1e6f;

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e38f})
    void shouldKeepWhatIsNoNumberFromRowsThatGoOneByOne(float poison) {
        DeepAssociationNetwork network =
                SmallModels.network(SmallModels.association(2, 0f, 0f, null, null), SmallModels.HISTORIES, ITEMS);
        Example example = SmallModels.example(SmallModels.context(new int[] {3, 5, 0}), 7, ITEMS, NEGATIVES);
        Arrays.fill(network.items().record(3), 0, 8, poison);
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
        network.items().record(3)[0] = Float.NaN;

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

    /** Parameters whose gradient explodes alone: of what it is a product with, the score sees nothing, because of a zero. */
    enum Explosion {
        /** Of the history's rows, by way of ∂L/∂q: the candidate's value meets a 0 of the query. */
        HISTORY {
            @Override
            void prepare(DeepAssociationNetwork network) {
                rows(network.items(), offset(network, "recent·item", "item"), 0f);
                value(network.items(), 7, offset(network, "recent·item", "item"), HUGE);
            }
        },
        /** Of a user's row, by way of ∂L/∂q. */
        USER {
            @Override
            void prepare(DeepAssociationNetwork network) {
                value(table(network, "user"), 0, offset(network, "user·item", "user"), 0f);
                value(network.items(), 7, offset(network, "user·item", "item"), HUGE);
            }
        },
        /** Of a user's row, by a category of the candidate. */
        USER_BY_DESCRIPTION {
            @Override
            void prepare(DeepAssociationNetwork network) {
                value(table(network, "user"), 0, offset(network, "user·genre", "user"), 0f);
                EmbeddingTable genres = table(network, "genre");
                value(genres, genres.indexOf("g7"), offset(network, "user·genre", "genre"), HUGE);
            }
        },
        /** Of the rows of a candidate's category. */
        DESCRIPTION {
            @Override
            void prepare(DeepAssociationNetwork network) {
                value(table(network, "user"), 0, offset(network, "user·genre", "user"), HUGE);
                rows(table(network, "genre"), offset(network, "user·genre", "genre"), 0f);
            }
        },
        /** Of the rows of pairs, whose weight is large. */
        PAIR {
            @Override
            void prepare(DeepAssociationNetwork network) {
                EmbeddingTable pairs = table(network, "occupation·item");
                for (int row = 0; row < pairs.size(); row++) {
                    Arrays.fill(pairs.record(row), 0, pairs.rowLength(), 0f);
                }
                network.mixing[feature(network, "occupation·item").weight] = HUGE;
            }
        },
        /** Of the embedding of an outer product: its two sides are large, and what it makes of them is 0. */
        OUTER_PRODUCT {
            @Override
            void prepare(DeepAssociationNetwork network) {
                OuterEmbedding outer = Objects.requireNonNull(feature(network, "gender·item").outer);
                outer.copyFrom(new float[outer.length()], state(outer), new float[0], 0);
                value(table(network, "gender"), 0, offset(network, "gender·item", "gender"), 1e3f);
                value(network.items(), 7, offset(network, "gender·item", "item"), 1e3f);
            }
        };

        abstract void prepare(DeepAssociationNetwork network);

        private static float[] state(OuterEmbedding outer) {
            float[] state = new float[outer.length()];
            outer.copyTo(new float[outer.length()], state, new float[0], 0);
            return state;
        }

        private static JointFeatures.Laid feature(DeepAssociationNetwork network, String name) {
            return Arrays.stream(network.joints.features)
                    .filter(laid -> laid.feature.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        private static int offset(DeepAssociationNetwork network, String name, String category) {
            JointFeatures.Laid laid = feature(network, name);
            for (int s = 0; s < laid.sides.length; s++) {
                if (laid.feature.sides().get(s).category().name().equals(category)) {
                    return laid.sides[s].offset;
                }
            }
            throw new IllegalArgumentException(category);
        }

        private static EmbeddingTable table(DeepAssociationNetwork network, String name) {
            return Arrays.stream(network.tables)
                    .filter(table -> table.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        private static void value(EmbeddingTable table, int row, int at, float value) {
            table.record(row)[at] = value;
        }

        private static void rows(EmbeddingTable table, int at, float value) {
            for (int row = 0; row < table.size(); row++) {
                table.record(row)[at] = value;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Explosion.class)
    void shouldLeaveEveryParameterAsItWasWhereTheGradientOfOneKindExplodes(Explosion explosion) {
        DeepAssociationNetwork healthy = everyKind();
        DeepAssociationNetwork network = everyKind();
        explosion.prepare(network);
        network.clearChanged();
        String before = everything(network);
        String whole = everything(healthy);
        Example example = example(network);

        double loss = new AssociationLearner(network).learn(new Example[] {example}, 1, 0);
        new AssociationLearner(healthy).learn(new Example[] {example(healthy)}, 1, 0);

        assertThat(loss).as("a loss that gives no warning").isPositive().isLessThan(100.0);
        assertThat(network.guard().count(Reason.EXPLODING_GRADIENT)).isEqualTo(1);
        assertThat(network.guard().count(Reason.NON_FINITE_LOSS)).isZero();
        assertThat(everything(network)).isEqualTo(before);
        assertThat(network.items().changed().count()).isZero();
        assertThat(everything(healthy)).as("without the explosion").isNotEqualTo(whole);
        for (EmbeddingTable table : network.tables) {
            assertThat(table.changed().count()).as(table.name()).isZero();
        }
        for (EmbeddingTable table : healthy.tables) {
            // The rows of what only pairs are made of have no values.
            assertThat(table.changed().count() > 0 || table.width() == 0)
                    .as("%s without the explosion", table.name())
                    .isTrue();
        }
    }

    /** An association model with rows of every kind. */
    private static DeepAssociationNetwork everyKind() {
        ModelSettings settings = SmallModels.association(2, 0.01f, 0f, null, null).toBuilder()
                .combinationRate(0.1f)
                .join(SmallModels.joined(Map.of("occupation·item", Form.PAIR_ID, "gender·item", Form.OUTER_PRODUCT)))
                .build();
        FeatureSchema schema = new FeatureSchema(
                List.of(
                        Category.id("user", Owner.USER),
                        Category.id("item", Owner.ITEM),
                        Category.attribute("occupation", Owner.USER, new Kind.Single(), "occupation", "user"),
                        Category.attribute("gender", Owner.USER, new Kind.Single(), "gender", "user"),
                        Category.attribute("genre", Owner.ITEM, new Kind.Many(), "genres", "item"),
                        Category.past("recent", 2, 0.8)),
                List.of(
                        Combination.of("recent", "item"),
                        Combination.of("user", "item"),
                        Combination.of("user", "genre"),
                        Combination.of("occupation", "item"),
                        Combination.of("gender", "item")));
        DeepAssociationNetwork network = new ModelDefinition(settings, schema).network(true);
        for (int j = 0; j < ITEMS; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
            network.describe(j, Map.of("genre", List.of("g" + j)));
        }
        Context context = example(network).context;
        for (int item : new int[] {7, NEGATIVES[0], NEGATIVES[1]}) {
            network.joints.admitPairs(context, item, network.guard());
        }
        network.clearChanged();
        return network;
    }

    private static Example example(DeepAssociationNetwork network) {
        int[][] rows =
                network.admitRows(Map.of("user", List.of("u"), "occupation", List.of("o"), "gender", List.of("F")));
        return SmallModels.example(new Context(new int[] {3, 5, 0}, 3, rows), 7, ITEMS, NEGATIVES);
    }

    /** Every row, embedding and state value, bit for bit. */
    private static String everything(DeepAssociationNetwork network) {
        StringBuilder all = new StringBuilder();
        List<EmbeddingTable> tables = new ArrayList<>(List.of(network.tables));
        tables.add(network.items());
        for (EmbeddingTable table : tables) {
            for (int row = 0; row < table.size(); row++) {
                all.append(Arrays.toString(SmallModels.bits(table.record(row))));
            }
        }
        for (JointFeatures.Laid laid : network.joints.features) {
            if (laid.outer != null) {
                float[] weights = new float[laid.outer.length()];
                float[] state = new float[laid.outer.length()];
                laid.outer.copyTo(weights, state, new float[0], 0);
                all.append(Arrays.toString(SmallModels.bits(weights))).append(Arrays.toString(SmallModels.bits(state)));
            }
        }
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource(ModelSettings.Loss.class)
    void shouldKeepAPoisonedBatchFromRowsTowerAndEmbeddings(ModelSettings.Loss loss) {
        DeepAssociationNetwork network = paper(loss, 1e4f);
        network.items().record(2)[0] = Float.NaN;
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
        float value = network.items().record(2)[0];
        network.items().record(2)[0] = Float.POSITIVE_INFINITY;
        learner.learn(examples(), 1, 0);
        network.items().record(2)[0] = value;

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
                .join(SmallModels.joined(Map.of("occupation·gender", Form.OUTER_PRODUCT)))
                .loss(loss)
                .maxGradient(maxGradient)
                .build();
        return SmallModels.network(settings, JointFeature.of(FeatureSchema.paper(), settings.join()), ITEMS);
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

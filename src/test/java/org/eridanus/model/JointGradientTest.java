package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Normalisation;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JoinSettings.Tables;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelSettings.Loss;
import org.eridanus.model.ModelSettings.TowerSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every parameter of every form of the network, under every loss, against central differences of the documented formulas in
 * double precision. Rows, and the embeddings of outer products, step by SGD of rate 1, so that their change is their
 * gradient; the gradient of the tower's parameters is read off Adam's first moment.
 */
class JointGradientTest {
    private static final int ITEMS = 8;
    private static final int[] NEGATIVES = {2, 6};
    private static final double BETA_1 = 0.9;
    private static final double TOLERANCE = 3e-5;
    private static final float RATE = 1f;

    /** What is joined, and how. */
    enum Model {
        PAPER(join(Form.HADAMARD), false, tower(8, 4), "user·item", "occupation·gender"),
        OUTER_PRODUCT(join(Form.OUTER_PRODUCT), false, tower(8), "user·item", "occupation·gender", "gender·genre"),
        PAIR_ID(SmallModels.joined(Map.of("user·item", Form.PAIR_ID)), false, tower(8), "user·item", "gender·item"),
        PAIR_ID_OF_USERS(
                SmallModels.joined(Map.of("age·gender", Form.PAIR_ID)),
                false,
                tower(8),
                "user·item",
                "age·gender",
                "gender·genre"),
        PAIR_ID_OF_USERS_BESIDE_ASSOCIATION(
                SmallModels.joined(Map.of("age·gender", Form.PAIR_ID)), true, tower(8), "user·item", "age·gender"),
        DAN_AND_MLP(
                join(Form.HADAMARD).withSingles("user", "item", "genre", "recent"),
                false,
                tower(8, 4),
                "user·item",
                "occupation·genre"),
        GMF(join(Form.HADAMARD), false, tower(), "user·item"),
        NCF(
                join(Form.HADAMARD).withSingles("user", "item"),
                false,
                new TowerSettings(
                        List.of(8, 4),
                        ModelSettings.Optimiser.adam(0.01f),
                        0f,
                        false,
                        List.of(),
                        List.of("user·item"),
                        0f,
                        0f),
                "user·item"),
        SHARED_TABLES(
                join(Form.HADAMARD).with(Tables.SHARED).withSingles("item"),
                false,
                tower(8),
                "user·item",
                "gender·item",
                "history·item"),
        UNTIED(
                new JoinSettings(Form.HADAMARD, Map.of(), Tables.PER_COMBINATION, false, List.of()),
                false,
                tower(8),
                "recent·item",
                "mean·genre",
                "session·item"),
        THREE(join(Form.HADAMARD), false, tower(8), "gender·occupation·item", "gender·recent·genre"),
        THREE_OUTER(join(Form.OUTER_PRODUCT), false, tower(8), "gender·occupation·item"),
        ASSOCIATION(
                join(Form.HADAMARD),
                true,
                null,
                "user·item",
                "recent·item",
                "occupation·genre",
                "sum·item",
                "session·item",
                "gender·occupation·item",
                "gender·recent·genre"),
        ASSOCIATION_SHARED(
                join(Form.HADAMARD).with(Tables.SHARED), true, null, "user·item", "recent·item", "history·genre"),
        ASSOCIATION_OF_EVERY_FORM(
                new JoinSettings(
                        Form.OUTER_PRODUCT,
                        Map.of("user·item", Form.PAIR_ID, "recent·item", Form.HADAMARD),
                        Tables.PER_COMBINATION,
                        true,
                        List.of("genre")),
                true,
                null,
                "user·item",
                "gender·item",
                "recent·item",
                "occupation·genre",
                "gender·recent·item"),
        ASSOCIATION_AND_TOWER(
                join(Form.HADAMARD).withSingles("hour"),
                true,
                tower(8),
                "recent·item",
                "gender·genre",
                "occupation·gender"),
        OVERLAPS(
                SmallModels.joined(Map.of("session·genre", Form.OVERLAP, "mean·genre", Form.OVERLAP)),
                true,
                null,
                "recent·item",
                "session·genre",
                "gender·genre",
                "mean·genre"),
        OVERLAP_AND_TOWER(
                SmallModels.joined(Map.of("session·genre", Form.OVERLAP)),
                true,
                tower(8),
                "session·genre",
                "recent·item",
                "occupation·gender");

        private final JoinSettings join;
        private final boolean association;
        private final TowerSettings tower;
        private final FeatureSchema schema;

        Model(JoinSettings join, boolean association, TowerSettings tower, String... combinations) {
            this.join = join;
            this.association = association;
            this.tower = tower;
            this.schema = new FeatureSchema(
                    List.of(
                            Category.id("user", Owner.USER),
                            Category.id("item", Owner.ITEM),
                            Category.attribute("occupation", Owner.USER, new Kind.Many(), "occupations", "user"),
                            Category.attribute("gender", Owner.USER, new Kind.Single(), "gender", "user"),
                            Category.attribute("age", Owner.USER, new Kind.Single(), "age", "user"),
                            Category.attribute(
                                    "genre", Owner.ITEM, new Kind.Many(Normalisation.MEAN), "genres", "item"),
                            Category.event("hour", new Kind.Single(), "hour"),
                            Category.past("recent", 2, 0.8),
                            Category.past("history", 4, 1),
                            past("mean", 3, 0.9, Normalisation.MEAN),
                            past("sum", 3, 0.5, Normalisation.NONE),
                            Category.session("session", 3, 1_000)),
                    Stream.of(combinations).map(Combination::parse).toList());
        }

        private static Category past(String name, int length, double decay, Normalisation normalisation) {
            return new Category(name, Owner.HISTORY, new Kind.Past(length, decay, normalisation), "history", null);
        }

        private static JoinSettings join(Form form) {
            return JoinSettings.DEFAULT.with(form);
        }

        private static TowerSettings tower(Integer... hidden) {
            return new TowerSettings(List.of(hidden), 0.01f, false);
        }

        ModelDefinition definition(Loss loss) {
            return new ModelDefinition(
                    SmallModels.tower(NEGATIVES.length, 0f).toBuilder()
                            .preset(name())
                            .join(join)
                            .association(association)
                            .combinationRate(association ? 0.1f : 0f)
                            .tower(tower)
                            .loss(loss)
                            .optimiser(ModelSettings.Optimiser.sgd(RATE))
                            .build(),
                    schema);
        }
    }

    private static Stream<Arguments> modelsAndLosses() {
        List<Arguments> all = new ArrayList<>();
        for (Model model : Model.values()) {
            for (Loss loss : Loss.values()) {
                all.add(Arguments.of(model, loss));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("modelsAndLosses")
    void shouldDescendTheGradientInEveryParameter(Model model, Loss loss) {
        DeepAssociationNetwork network = network(model.definition(loss));
        Example[] examples = examples(network);
        admitPairs(network, examples);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        ReferenceNetwork.Loss value = () -> loss(reference, examples, loss);

        double before = new JointLearner(network).learn(examples, examples.length, 0);

        assertThat(before).isCloseTo(value.value(), within(1e-5));
        int worth = checkRows(network.items(), reference.items, value);
        assertThat(worth).as("gradients worth checking in the item table").isPositive();
        for (int t = 0; t < network.tables.length; t++) {
            int ofTable = checkRows(network.tables[t], reference.tables[t], value);
            if (network.tables[t].width() > 0) {
                assertThat(ofTable)
                        .as("gradients worth checking in table %s", network.tables[t].name())
                        .isPositive();
            }
        }
        checkDense(network.tower, reference.tower, value);
        checkDense(network.wide, reference.wide, value);
        for (int f = 0; f < network.features.size(); f++) {
            OuterEmbedding outer = network.joints.features[f].outer;
            if (outer != null) {
                float[] weights = new float[outer.length()];
                outer.copyTo(weights, new float[0], new float[0], 0);
                checkSteps(weights, Objects.requireNonNull(reference.embeddings[f]), value);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndLosses")
    void shouldLearnItsExamples(Model model, Loss loss) {
        DeepAssociationNetwork network = network(model.definition(loss)
                .with(model.definition(loss).settings().toBuilder()
                        .optimiser(ModelSettings.Optimiser.adam(0.01f))
                        .build()));
        Example[] examples = examples(network);
        JointLearner learner = new JointLearner(network);
        double first = learner.learn(examples, examples.length, 0);
        double last = first;

        for (int batch = 1; batch < 300; batch++) {
            last = learner.learn(examples, examples.length, batch);
        }

        assertThat(last).isLessThan(first / 5.0);
    }

    private static DeepAssociationNetwork network(ModelDefinition definition) {
        DeepAssociationNetwork network = definition.network(true);
        SeededRandom random = SeededRandom.of(3, 1, 4);
        for (int m = DeepAssociationNetwork.FIRST_WEIGHT; m < network.mixing.length; m++) {
            network.mixing[m] = 0.6f + 0.3f * m;
        }
        for (int j = 0; j < ITEMS; j++) {
            int item = network.admitItem("i" + j);
            network.setCandidate(item, true);
            network.items().record(item)[network.items().width()] = (float) (0.3 * random.nextGaussian());
            network.describe(item, Map.of("genre", j % 3 == 0 ? List.of("g1", "g2") : List.of("g" + j % 4)));
        }
        return network;
    }

    /** Users share attributes, some are unknown, one has many; one item is the positive of two examples, one counts half. */
    /** When each item of a history was consumed, ms. */
    private static final long[] TIMES = {10_000, 8_700, 9_100, 5_000};

    private static Example[] examples(DeepAssociationNetwork network) {
        return new Example[] {
            example(network, new int[] {3, 5, 0, 4}, 7, 1f, "u1", List.of("o1", "o2"), "F", "30", "9"),
            example(network, new int[] {1, 3}, 5, 0.5f, "u2", List.of("o1"), "F", "20", "10"),
            example(network, new int[] {4}, 7, 1f, "u3", List.of("o3", "o4", "o5"), "M", "30", "9")
        };
    }

    private static Example example(
            DeepAssociationNetwork network,
            int[] history,
            int positive,
            float weight,
            String user,
            List<String> occupations,
            String gender,
            String age,
            String hour) {
        int[][] rows = network.admitRows(Map.of(
                "user", List.of(user),
                "occupation", occupations,
                "gender", List.of(gender),
                "age", List.of(age),
                "hour", List.of(hour)));
        Context context = new Context(history, TIMES, history.length, rows);
        Example only = SmallModels.example(context, positive, ITEMS, NEGATIVES);
        return new Example(context, positive, only.consumed, only.consumedCount, weight);
    }

    private static void admitPairs(DeepAssociationNetwork network, Example[] examples) {
        for (Example example : examples) {
            network.joints.admitPairs(example.context, example.positive, network.guard());
            for (int negative : NEGATIVES) {
                network.joints.admitPairs(example.context, negative, network.guard());
            }
        }
    }

    private static int checkRows(EmbeddingTable table, double[][] rows, ReferenceNetwork.Loss loss) {
        int worth = 0;
        for (int r = 0; r < rows.length; r++) {
            for (int d = 0; d < rows[r].length; d++) {
                double gradient = ReferenceNetwork.derivative(loss, rows[r], d);
                worth += Math.abs(gradient) > 1e-3 ? 1 : 0;
                assertThat((rows[r][d] - table.values(r)[d]) / RATE)
                        .as("%s %s, value %s", table.name(), r, d)
                        .isCloseTo(gradient, within(TOLERANCE));
            }
        }
        return worth;
    }

    private static void checkDense(Tower tower, double[] parameters, ReferenceNetwork.Loss loss) {
        if (tower != null) {
            checkMoments(tower.firstMoments, parameters, loss);
        }
    }

    private static void checkSteps(float[] weights, double[] before, ReferenceNetwork.Loss loss) {
        int worth = 0;
        for (int i = 0; i < before.length; i++) {
            double gradient = ReferenceNetwork.derivative(loss, before, i);
            worth += Math.abs(gradient) > 1e-4 ? 1 : 0;
            assertThat((before[i] - weights[i]) / RATE).as("weight %s", i).isCloseTo(gradient, within(TOLERANCE));
        }
        assertThat(worth).as("gradients worth checking").isGreaterThan(before.length / 20);
    }

    private static void checkMoments(float[] moments, double[] parameters, ReferenceNetwork.Loss loss) {
        int worth = 0;
        for (int i = 0; i < parameters.length; i++) {
            double gradient = ReferenceNetwork.derivative(loss, parameters, i);
            worth += Math.abs(gradient) > 1e-3 ? 1 : 0;
            assertThat(moments[i] / (1.0 - BETA_1)).as("parameter %s", i).isCloseTo(gradient, within(TOLERANCE));
        }
        assertThat(worth).as("gradients worth checking").isGreaterThan(parameters.length / 20);
    }

    private static double loss(ReferenceNetwork reference, Example[] examples, Loss loss) {
        double sum = 0.0;
        for (Example example : examples) {
            double[] scores = new double[NEGATIVES.length + 1];
            for (int i = 0; i < scores.length; i++) {
                int item = i == 0 ? example.positive : NEGATIVES[i - 1];
                scores[i] = reference.baseScore(example.context, item) + reference.towerOutput(example.context, item);
            }
            sum += example.weight * ReferenceNetwork.loss(loss, scores);
        }
        return sum / (loss == Loss.SAMPLED_SOFTMAX ? examples.length : examples.length * (NEGATIVES.length + 1));
    }
}

package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.eridanus.feature.Category;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.model.ModelSettings.Loss;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixingLearnerTest {
    private static final int ITEMS = 12;
    private static final int POSITIVE = 7;
    private static final int[] NEGATIVES = {2, 9, 10};
    private static final Context CONTEXT = SmallModels.context(new int[] {3, 5, 0});

    private final DeepAssociationNetwork network = network(SmallModels.PAIRS);
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final MixingLearner learner = new MixingLearner(network);

    @Test
    void shouldStepAlongTheGradientOfScaleAndCountWeight() {
        network.score(CONTEXT, scoring);
        double[] mixing = ReferenceNetwork.doubles(network.mixing());
        double byScale = ReferenceNetwork.derivative(() -> loss(mixing), mixing, 0);
        double byWeight = ReferenceNetwork.derivative(() -> loss(mixing), mixing, 1);

        double loss = learner.step(scoring, example(), 0);

        // Adagrad from accumulator 0: the accumulator holds g², and the first step is η against its sign.
        assertThat(loss).isCloseTo(loss(mixing), within(1e-5));
        assertThat(Math.abs(byScale)).isGreaterThan(0.05);
        assertThat(Math.abs(byWeight)).isGreaterThan(0.05);
        assertThat(Math.sqrt(learner.state[0])).isCloseTo(Math.abs(byScale), within(1e-5));
        assertThat(Math.sqrt(learner.state[1])).isCloseTo(Math.abs(byWeight), within(1e-5));
        assertThat((double) network.mixing()[0]).isCloseTo(1.0 - 0.05 * Math.signum(byScale), within(1e-6));
        assertThat((double) network.mixing()[1]).isCloseTo(0.5 - 0.05 * Math.signum(byWeight), within(1e-6));
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldStepAlongTheGradientOfEveryCombinationsWeight(Loss loss) {
        DeepAssociationNetwork weighed = weighed(everyForm(loss));
        Context context = new Context(
                new int[] {3, 5, 0}, 3, weighed.admitRows(Map.of("user", List.of("u"), "gender", List.of("F"))));
        Example example = SmallModels.example(context, POSITIVE, ITEMS, NEGATIVES);
        weighed.score(context, scoring);
        ReferenceNetwork reference = new ReferenceNetwork(weighed);
        ReferenceNetwork.Loss value = () -> loss(reference, context, loss);
        double[] gradient = new double[reference.mixing.length];
        for (int k = 0; k < gradient.length; k++) {
            gradient[k] = ReferenceNetwork.derivative(value, reference.mixing, k);
        }
        MixingLearner all = new MixingLearner(weighed);

        double before = all.step(scoring, example, 0);

        assertThat(before).isCloseTo(value.value(), within(1e-5));
        assertThat(gradient).as("a, w₁ and the weights of three forms").hasSize(5);
        for (int k = 0; k < gradient.length; k++) {
            assertThat(Math.sqrt(all.state[k])).as("weight %s", k).isCloseTo(Math.abs(gradient[k]), within(1e-5));
            if (k != 1) {
                assertThat(Math.abs(gradient[k])).as("weight %s", k).isGreaterThan(1e-4);
                assertThat(weighed.mixing()[k] - reference.mixing[k])
                        .isCloseTo(-0.05 * Math.signum(gradient[k]), within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldStepAlongTheGradientThroughTheTowerThatSeesTheVectorScore(Loss loss) {
        ModelDefinition bare = everyForm(loss);
        // Dropout is for the tower's own training: with it, the gradient would be another.
        ModelSettings.TowerSettings tower = new ModelSettings.TowerSettings(
                List.of(8, 4),
                ModelSettings.Optimiser.adam(0.01f),
                0f,
                false,
                List.of("gender·item", "recent·item"),
                List.of("user·item"),
                0.5f,
                0.5f);
        DeepAssociationNetwork deep = weighed(bare.with(bare.settings().toBuilder()
                .pairs(SmallModels.PAIRS)
                .tower(tower)
                .build()));
        Context context = new Context(
                new int[] {3, 5, 0}, 3, deep.admitRows(Map.of("user", List.of("u"), "gender", List.of("F"))));
        deep.setStatistics(POSITIVE, 4, 0.0, Double.NEGATIVE_INFINITY);
        ReferenceNetwork reference = new ReferenceNetwork(deep);
        for (int[] event : List.of(new int[] {3, 7}, new int[] {3, 9}, new int[] {5, 9}, new int[] {0, 2})) {
            Context before = new Context(new int[] {event[0]}, 1, context.values);
            Objects.requireNonNull(deep.pairs()).add(before, event[1]);
            reference.count(before, event[1]);
        }
        deep.score(context, scoring);
        float[] dense = deep.dense(new float[0], 0).tower.clone();
        ReferenceNetwork.Loss value = () -> loss(reference, context, loss);
        Map<Integer, Double> outputs = new HashMap<>();
        outputs.put(POSITIVE, reference.towerOutput(context, POSITIVE));
        Arrays.stream(NEGATIVES).forEach(item -> outputs.put(item, reference.towerOutput(context, item)));
        ReferenceNetwork.Loss past = () -> baseLoss(reference, context, loss, outputs);
        MixingLearner all = new MixingLearner(deep);

        double first = all.step(scoring, SmallModels.example(context, POSITIVE, ITEMS, NEGATIVES), 0);

        assertThat(first).isCloseTo(value.value(), within(1e-5));
        for (int k = 0; k < reference.mixing.length; k++) {
            double gradient = ReferenceNetwork.derivative(value, reference.mixing, k);
            assertThat(Math.sqrt(all.state[k])).as("weight %s", k).isCloseTo(Math.abs(gradient), within(1e-5));
            assertThat(Math.abs(gradient)).as("weight %s", k).isGreaterThan(1e-4);
            assertThat(deep.mixing()[k] - reference.mixing[k])
                    .as("weight %s", k)
                    .isCloseTo(-0.05 * Math.signum(gradient), within(1e-4));
        }
        double throughTower = 0.0;
        for (int k = DeepAssociationNetwork.FIRST_WEIGHT; k < reference.mixing.length; k++) {
            throughTower += Math.abs(ReferenceNetwork.derivative(value, reference.mixing, k)
                    - ReferenceNetwork.derivative(past, reference.mixing, k));
        }
        assertThat(throughTower).as("what the tower's path adds").isGreaterThan(1e-3);
        assertThat(deep.dense(new float[0], 0).tower)
                .as("the tower does not move")
                .isEqualTo(dense);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void shouldStepAlongTheGradientOfEveryOverlapsWeight(Loss loss) {
        DeepAssociationNetwork overlapping = described(overlaps(loss, SmallModels.PAIRS));
        Context context = new Context(
                new int[] {3, 5, 0},
                new long[] {9_000, 8_500, 7_000},
                3,
                overlapping.admitRows(Map.of("user", List.of("u"))));
        overlapping.score(context, scoring);
        ReferenceNetwork reference = new ReferenceNetwork(overlapping);
        ReferenceNetwork.Loss value = () -> loss(reference, context, loss);
        MixingLearner all = new MixingLearner(overlapping);

        double before = all.step(scoring, SmallModels.example(context, POSITIVE, ITEMS, NEGATIVES), 0);

        assertThat(before).isCloseTo(value.value(), within(1e-5));
        assertThat(reference.mixing)
                .as("a, w₁, the weight of a combination and of two overlaps")
                .hasSize(5);
        for (int k = 0; k < reference.mixing.length; k++) {
            double gradient = ReferenceNetwork.derivative(value, reference.mixing, k);
            assertThat(Math.sqrt(all.state[k])).as("weight %s", k).isCloseTo(Math.abs(gradient), within(1e-5));
            if (k != 1) {
                // The rate of the mix, but for that of the combination's weight.
                double rate = k == 2 ? 0.02 : 0.05;
                assertThat(Math.abs(gradient)).as("weight %s", k).isGreaterThan(1e-4);
                assertThat(overlapping.mixing()[k] - reference.mixing[k])
                        .as("weight %s", k)
                        .isCloseTo(-rate * Math.signum(gradient), within(1e-4));
            }
        }
    }

    @Test
    void shouldLearnToTrustWhatTellsTheConsumedItem() {
        ModelDefinition definition = overlaps(Loss.SAMPLED_SOFTMAX, SmallModels.PAIRS);
        DeepAssociationNetwork overlapping = described(definition);
        int first = overlapping.firstOverlap();
        Arrays.fill(overlapping.mixing, first, overlapping.mixing.length, 0f);
        Context context = new Context(new int[] {3}, 1, overlapping.admitRows(Map.of("user", List.of("u"))));
        MixingLearner all = new MixingLearner(overlapping);

        for (int event = 0; event < 20; event++) {
            overlapping.score(context, scoring);
            all.step(scoring, SmallModels.example(context, POSITIVE, ITEMS, NEGATIVES), event);
        }

        assertThat(scoring.overlaps[0][POSITIVE]).isGreaterThan(scoring.overlaps[0][NEGATIVES[0]]);
        assertThat(overlapping.mixing()[first]).isGreaterThan(0.1f);
    }

    /** A combination by vectors, whose weight is learned, and two overlaps. */
    private static ModelDefinition overlaps(Loss loss, ModelSettings.Pairs pairs) {
        return new ModelDefinition(
                SmallModels.tower(NEGATIVES.length, 0f).toBuilder()
                        .association(true)
                        .combinationRate(0.02f)
                        .pairs(pairs)
                        .loss(loss)
                        .tower(null)
                        .join(SmallModels.joined(Map.of("session·genre", Form.OVERLAP, "recent·genre", Form.OVERLAP)))
                        .build(),
                new FeatureSchema(
                        List.of(
                                Category.id("user", Category.Owner.USER),
                                Category.id("item", Category.Owner.ITEM),
                                Category.attribute(
                                        "genre", Category.Owner.ITEM, new Category.Kind.Many(), "genres", "item"),
                                Category.past("recent", 3, 0.8),
                                Category.session("session", 3, 1_000)),
                        List.of(
                                Combination.parse("session·genre"),
                                Combination.parse("recent·item"),
                                Combination.parse("recent·genre"))));
    }

    /** Its network: the positive is of the genre of item 3, the negatives share another with item 5 or are of none. */
    private static DeepAssociationNetwork described(ModelDefinition definition) {
        DeepAssociationNetwork network = weighed(definition);
        Map<Integer, List<String>> genres =
                Map.of(3, List.of("a"), POSITIVE, List.of("a", "b"), 5, List.of("b", "c"), NEGATIVES[0], List.of("c"));
        genres.forEach((item, values) -> network.describe(item, Map.of("genre", values)));
        return network;
    }

    /** Three combinations of different forms with learned weights, no counts. */
    static ModelDefinition everyForm(Loss loss) {
        ModelSettings settings = SmallModels.tower(NEGATIVES.length, 0f).toBuilder()
                .association(true)
                .combinationRate(0.05f)
                .loss(loss)
                .tower(null)
                .join(SmallModels.joined(Map.of("user·item", Form.PAIR_ID, "gender·item", Form.OUTER_PRODUCT)))
                .build();
        FeatureSchema schema = new FeatureSchema(
                List.of(
                        Category.id("user", Category.Owner.USER),
                        Category.id("item", Category.Owner.ITEM),
                        Category.attribute("gender", Category.Owner.USER, new Category.Kind.Single(), "gender", "user"),
                        Category.past("recent", 3, 0.8)),
                List.of(
                        Combination.parse("user·item"),
                        Combination.parse("gender·item"),
                        Combination.parse("recent·item")));
        return new ModelDefinition(settings, schema);
    }

    /** Its network, weights away from 1. */
    static DeepAssociationNetwork weighed(ModelDefinition definition) {
        DeepAssociationNetwork network = definition.network(true);
        for (int j = 0; j < ITEMS; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
        }
        Context context = new Context(new int[0], 0, network.admitRows(Map.of("user", List.of("u"))));
        for (int j = 0; j < ITEMS; j++) {
            network.joints.admitPairs(context, j, network.guard());
        }
        for (int k = 0; k < network.mixing.length; k++) {
            network.mixing[k] = 0.7f + 0.1f * k;
        }
        return network;
    }

    /** Of the whole score. */
    private static double loss(ReferenceNetwork reference, Context context, Loss loss) {
        return loss(loss, item -> reference.baseScore(context, item) + reference.towerOutput(context, item));
    }

    /** The same with the tower's outputs as they were when the test began, whatever the mix. */
    private static double baseLoss(
            ReferenceNetwork reference, Context context, Loss loss, Map<Integer, Double> towers) {
        return loss(loss, item -> reference.baseScore(context, item) + towers.getOrDefault(item, 0.0));
    }

    private static double loss(Loss loss, IntToDoubleFunction score) {
        double[] scores = new double[NEGATIVES.length + 1];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score.applyAsDouble(i == 0 ? POSITIVE : NEGATIVES[i - 1]);
        }
        double sum = ReferenceNetwork.loss(loss, scores);
        return loss == Loss.SAMPLED_SOFTMAX ? sum : sum / scores.length;
    }

    @Test
    void shouldAccumulateSquaredGradients() {
        network.score(CONTEXT, scoring);
        learner.step(scoring, example(), 0);
        double first = learner.state[0];
        double[] mixing = ReferenceNetwork.doubles(network.mixing());
        network.score(CONTEXT, scoring);
        double gradient = ReferenceNetwork.derivative(() -> loss(mixing), mixing, 0);

        learner.step(scoring, example(), 1);

        assertThat((double) learner.state[0]).isCloseTo(first + gradient * gradient, within(1e-5));
        assertThat((double) network.mixing()[0])
                .isCloseTo(mixing[0] - 0.05 * gradient / Math.sqrt(first + gradient * gradient), within(1e-6));
    }

    @Test
    void shouldMoveNoEmbeddingRow() {
        float[][] before = SmallModels.rows(network.items());
        network.score(CONTEXT, scoring);

        learner.step(scoring, example(), 0);

        assertThat(SmallModels.rows(network.items())).isDeepEqualTo(before);
        assertThat(network.items().changed().count()).isZero();
    }

    @Test
    void shouldNotMoveWithoutCounts() {
        DeepAssociationNetwork vectors = network(null);
        IncrementalLearner incremental = new IncrementalLearner(vectors);
        vectors.score(CONTEXT, scoring);

        double loss = incremental.observe(scoring, example(), 0, new int[0], 0);

        assertThat(loss).isPositive();
        assertThat(vectors.mixing()).containsExactly(1f, 0f);
    }

    @Test
    void shouldStandStillWhereThereIsNothingToContrast() {
        network.score(CONTEXT, scoring);

        double loss = learner.step(scoring, SmallModels.example(CONTEXT, POSITIVE, ITEMS), 0);

        assertThat(loss).isCloseTo(0.0, within(1e-6));
        assertThat(network.mixing()).containsExactly(1f, 0.5f);
    }

    private static DeepAssociationNetwork network(ModelSettings.@Nullable Pairs pairs) {
        DeepAssociationNetwork network = SmallModels.network(
                SmallModels.association(NEGATIVES.length, 0f, 0f, pairs, null), SmallModels.HISTORIES, ITEMS);
        PairCounts counts = network.pairs();
        if (counts != null) {
            for (int[] event : List.of(new int[] {3, 7}, new int[] {3, 9}, new int[] {5, 9}, new int[] {0, 2})) {
                counts.add(SmallModels.context(new int[] {event[0]}), event[1]);
            }
        }
        return network;
    }

    private static Example example() {
        return SmallModels.example(CONTEXT, POSITIVE, ITEMS, NEGATIVES);
    }

    /** Cross-entropy of the softmax over a · vector + w₁ φ, by the scoring's vector scores and pair features. */
    private double loss(double[] mixing) {
        double[] scores = new double[NEGATIVES.length + 1];
        scores[0] = mixing[0] * scoring.vector[POSITIVE] + mixing[1] * scoring.phi[POSITIVE];
        for (int n = 0; n < NEGATIVES.length; n++) {
            scores[n + 1] = mixing[0] * scoring.vector[NEGATIVES[n]] + mixing[1] * scoring.phi[NEGATIVES[n]];
        }
        return ReferenceNetwork.softmaxLoss(scores);
    }
}

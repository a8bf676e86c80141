package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.eridanus.serde.ModelRowFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeepAssociationNetworkTest {
    private static final int ITEMS = 40;
    private static final ModelSettings.TowerSettings TOWER =
            new ModelSettings.TowerSettings(List.of(8, 4), 0.01f, false);

    /** What is compared with the formulas. */
    enum Form {
        /** Vectors, counts and a tower. */
        ONLINE(SmallModels.association(3, 1e-3f, 0f, SmallModels.PAIRS, TOWER), SmallModels.HISTORIES),
        /** Vectors and counts. */
        ASSOCIATION(SmallModels.association(3, 1e-3f, 0f), SmallModels.HISTORIES),
        /** Vectors of histories and of a category, without counts: scored, though not learned online. */
        VECTORS(
                SmallModels.association(3, 1e-3f, 0f, null, null),
                SmallModels.features("recent·item", "user·item", "history·item")),
        /** The tower alone over combinations of categories. */
        PAPER(SmallModels.tower(2, 0f), SmallModels.paperFeatures());

        private final ModelSettings settings;
        private final List<JointFeature> features;

        Form(ModelSettings settings, List<JointFeature> features) {
            this.settings = settings;
            this.features = features;
        }

        Context context(int[] history, int... values) {
            return SmallModels.context(
                    history, this == PAPER ? values : this == VECTORS ? Arrays.copyOf(values, 1) : new int[0]);
        }

        /** Users of some, of many and of no past, and one of whom nothing is known. */
        List<Context> contexts() {
            return List.of(
                    context(new int[] {3, 5, 0}, 1, 2, 3, 4),
                    context(new int[] {9, 8, 7, 6, 5, 4, 3}, 2, 2, 3, 5),
                    context(new int[0], 3, -1, 3, -1),
                    context(new int[] {39}, -1, -1, -1, -1));
        }
    }

    /** A network after some learning where its form learns, with the reference of it. */
    private static final class Trained {
        private final DeepAssociationNetwork network;
        private final ModelRow.Dense dense;
        private final ReferenceNetwork reference;

        Trained(Form form) {
            network = SmallModels.network(form.settings, form.features, ITEMS);
            if (form == Form.VECTORS) {
                float[] none = new float[0];
                dense = new ModelRow.Dense(network.mixing(), none, none, none, none, 0);
                reference = new ReferenceNetwork(network);
                return;
            }
            IncrementalLearner learner = new IncrementalLearner(network);
            DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
            SeededRandom random = SeededRandom.of(1, 2, 3);
            List<Context> counted = new ArrayList<>();
            List<Integer> items = new ArrayList<>();
            int[] all = IntStream.range(0, ITEMS).toArray();
            for (int batch = 0; batch < 6; batch++) {
                Example[] examples = new Example[4];
                for (int e = 0; e < examples.length; e++) {
                    int[] history = IntStream.range(0, random.nextInt(7))
                            .map(p -> random.nextInt(ITEMS))
                            .distinct()
                            .toArray();
                    Context context = form.context(
                            history, random.nextInt(10), random.nextInt(10), random.nextInt(10), random.nextInt(10));
                    int item = random.nextInt(ITEMS);
                    examples[e] = new Example(context, item, history, history.length);
                    network.score(context, scoring);
                    learner.observe(scoring, examples[e], batch * 4L + e, all.clone(), ITEMS);
                    learner.count(examples[e]);
                    network.setStatistics(item, network.occurrences(item) + 1, batch, Double.NEGATIVE_INFINITY);
                    network.touch(item);
                    counted.add(context);
                    items.add(item);
                }
                learner.learn(examples, examples.length, batch);
            }
            dense = learner.dense();
            reference = new ReferenceNetwork(network);
            for (int e = 0; e < items.size(); e++) {
                reference.count(counted.get(e), items.get(e));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldScoreAsItsFormulaSays(Form form) {
        Trained trained = new Trained(form);
        DeepAssociationNetwork network = trained.network;
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        int[] all = IntStream.range(0, ITEMS).toArray();
        float[] outputs = new float[ITEMS];
        double spread = 0.0;
        for (Context context : form.contexts()) {
            network.score(context, scoring);
            network.tower(scoring, all, ITEMS, outputs);

            for (int j = 0; j < ITEMS; j++) {
                assertThat((double) scoring.base()[j])
                        .as("base score of %s for %s", j, context)
                        .isCloseTo(trained.reference.baseScore(context, j), within(1e-4));
                assertThat((double) outputs[j])
                        .as("tower of %s for %s", j, context)
                        .isCloseTo(trained.reference.towerOutput(context, j), within(1e-4));
                if (network.pairs() != null) {
                    assertThat((double) scoring.evidence()[j])
                            .isCloseTo(trained.reference.evidence(context, j), within(1e-4));
                }
                spread = Math.max(spread, Math.abs(scoring.base()[j] + outputs[j] - scoring.base()[0] - outputs[0]));
            }
        }
        assertThat(spread).as("scores worth comparing").isGreaterThan(0.2);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldExplainAScoreByPartsThatSumToIt(Form form) {
        Trained trained = new Trained(form);
        DeepAssociationNetwork network = trained.network;
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        Context context = form.contexts().get(0);
        int[] all = IntStream.range(0, ITEMS).toArray();
        float[] outputs = new float[ITEMS];
        network.score(context, scoring);
        network.tower(scoring, all, ITEMS, outputs);

        for (int j = 0; j < ITEMS; j++) {
            List<Contribution> parts = network.explain(scoring, j, outputs[j]);

            double sum = parts.stream().mapToDouble(Contribution::value).sum();
            assertThat(sum).isCloseTo(scoring.base()[j] + (double) outputs[j], within(1e-4));
        }
        List<String> names = network.explain(scoring, 0, outputs[0]).stream()
                .map(Contribution::combination)
                .toList();
        assertThat(names)
                .containsExactlyElementsOf(
                        switch (form) {
                            case ONLINE ->
                                List.of(
                                        "recent·item",
                                        "history·item",
                                        DeepAssociationNetwork.COUNTS,
                                        DeepAssociationNetwork.BIAS,
                                        DeepAssociationNetwork.TOWER);
                            case ASSOCIATION ->
                                List.of(
                                        "recent·item",
                                        "history·item",
                                        DeepAssociationNetwork.COUNTS,
                                        DeepAssociationNetwork.BIAS);
                            case VECTORS ->
                                List.of("recent·item", "user·item", "history·item", DeepAssociationNetwork.BIAS);
                            case PAPER -> List.of(DeepAssociationNetwork.TOWER);
                        });
    }

    @Test
    void shouldExplainEachCombinationByItsOwnInnerProduct() {
        Trained trained = new Trained(Form.ONLINE);
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        Context context = Form.ONLINE.contexts().get(0);
        trained.network.score(context, scoring);

        List<Contribution> parts = trained.network.explain(scoring, 17, 0.25f);

        double[] joint = trained.reference.joint(context, 17);
        double recent = Arrays.stream(joint, 0, 4).sum();
        double history = Arrays.stream(joint, 4, 8).sum();
        assertThat((double) parts.get(0).value()).isCloseTo(trained.reference.mixing[0] * recent, within(1e-5));
        assertThat((double) parts.get(1).value()).isCloseTo(trained.reference.mixing[0] * history, within(1e-5));
        assertThat((double) parts.get(2).value())
                .isCloseTo(trained.reference.mixing[1] * trained.reference.phi(context, 17), within(1e-5));
        assertThat((double) parts.get(3).value())
                .isCloseTo(trained.reference.mixing[0] * trained.reference.items[17][8], within(1e-5));
        assertThat(parts.get(4).value()).isEqualTo(0.25f);
    }

    @Test
    void shouldExplainEveryFormByItsShareAndTakeItsWeightsWithTheDenseRow() {
        ModelDefinition definition = MixingLearnerTest.everyForm(ModelSettings.Loss.BINARY_CROSS_ENTROPY);
        DeepAssociationNetwork network = MixingLearnerTest.weighed(definition);
        Context context = new Context(
                new int[] {3, 5, 0}, 3, network.admitRows(Map.of("user", List.of("u"), "gender", List.of("F"))));
        ReferenceNetwork reference = new ReferenceNetwork(network);
        DeepAssociationNetwork copy = definition.network(false);
        network.writeAllRows(copy::load);
        copy.candidates();
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        network.score(context, scoring);
        DeepAssociationNetwork.Scoring ofCopy = new DeepAssociationNetwork.Scoring();
        copy.score(context, ofCopy);

        for (int item = 0; item < network.items().size(); item++) {
            double expected = reference.baseScore(context, item);
            List<Contribution> parts = network.explain(scoring, item, 0f);

            assertThat((double) scoring.base()[item]).isCloseTo(expected, within(1e-5));
            assertThat(parts)
                    .extracting(Contribution::combination)
                    .containsExactly("user·item", "gender·item", "recent·item", DeepAssociationNetwork.BIAS);
            assertThat((double) Contribution.sum(parts)).isCloseTo(expected, within(1e-5));
            double[] joint = reference.joint(context, item);
            for (int f = 0; f < 3; f++) {
                double sum = Arrays.stream(joint, f * 4, f * 4 + 4).sum();
                assertThat((double) parts.get(f).value())
                        .as(parts.get(f).combination())
                        .isCloseTo(reference.mixing[0] * reference.mixing[2 + f] * sum, within(1e-5));
            }
            assertThat(ofCopy.base()[item]).isEqualTo(scoring.base()[item]);
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldScoreTheSameFromItsPublishedRows(Form form) {
        Trained trained = new Trained(form);
        DeepAssociationNetwork network = trained.network;
        for (int j = 0; j < ITEMS; j++) {
            network.touch(j);
        }
        for (int t = 0; t < network.categories().size(); t++) {
            for (int v = 0; v < network.table(t).size(); v++) {
                network.table(t).touch(v);
            }
        }
        network.setCandidate(11, false);
        List<ModelRow> rows = new ArrayList<>();
        int embeddings = network.writeChangedRows(rows::add, removed -> {});
        int pairs = network.writeGrownPairs(0.0, rows::add);
        rows.add(trained.dense);
        DeepAssociationNetwork serving = new DeepAssociationNetwork(form.settings, form.features, false);
        ModelRowFormat topic = new ModelRowFormat(false);

        // Backwards, because a compacted topic keeps no order among keys.
        for (int r = rows.size() - 1; r >= 0; r--) {
            serving.load(topic.decode(topic.encode(rows.get(r))));
        }

        assertThat(embeddings).isEqualTo(ITEMS + 10 * network.categories().size());
        assertThat(rows).hasSize(embeddings + pairs + 1);
        assertThat(pairs > 0).isEqualTo(network.pairs() != null);
        assertThat(serving.candidates()).isEqualTo(ITEMS - 1);
        assertThat(serving.isCandidate(11)).isFalse();
        DeepAssociationNetwork.Scoring trainers = new DeepAssociationNetwork.Scoring();
        DeepAssociationNetwork.Scoring servers = new DeepAssociationNetwork.Scoring();
        int[] all = IntStream.range(0, ITEMS).toArray();
        float[] expected = new float[ITEMS];
        float[] outputs = new float[ITEMS];
        for (Context context : form.contexts()) {
            network.score(context, trainers);
            serving.score(context, servers);
            network.tower(trainers, all, ITEMS, expected);
            serving.tower(servers, all, ITEMS, outputs);

            assertThat(Arrays.copyOf(servers.base(), ITEMS)).containsExactly(Arrays.copyOf(trainers.base(), ITEMS));
            assertThat(outputs).containsExactly(expected);
        }
        for (int j = 0; j < ITEMS; j++) {
            assertThat(serving.occurrences(j)).isEqualTo(network.occurrences(j));
            assertThat(serving.popularity(j)).isEqualTo(network.popularity(j));
        }
    }

    @Test
    void shouldOrderItemsByWhatUsersStartWithThenByPopularity() {
        DeepAssociationNetwork network =
                ModelDefinition.of(Presets.association()).network(true);
        for (int j = 0; j < 6; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
        }
        network.setStatistics(5, 2, 1.0, 5.0);
        network.setStatistics(4, 9, 7.0, 4.0);
        network.setStatistics(3, 8, 6.0, Double.NEGATIVE_INFINITY);
        network.setStatistics(2, 1, -3.0, Double.NEGATIVE_INFINITY);
        network.setStatistics(1, 0, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

        for (int j = 1; j < 5; j++) {
            assertThat(network.compareAtStart(j + 1, j)).as("item %s", j).isPositive();
            assertThat(network.compareAtStart(j, j + 1)).as("item %s", j).isNegative();
        }
        assertThat(network.compareAtStart(0, 1)).as("both without events").isZero();
        assertThat(network.compareAtStart(1, 0)).isZero();
    }

    @Test
    void shouldChangeNothingByATowerThatStartsAtZero() {
        DeepAssociationNetwork network = ModelDefinition.of(Presets.online()).network(true);
        for (int j = 0; j < 300; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
            network.setStatistics(j, j, j, Double.NEGATIVE_INFINITY);
        }
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        network.score(SmallModels.context(new int[] {4, 2, 250}), scoring);
        float[] outputs = new float[300];
        Arrays.fill(outputs, 1f);

        network.tower(scoring, IntStream.range(0, 300).toArray(), 300, outputs);

        assertThat(outputs).containsOnly(0f);
        assertThat(Objects.requireNonNull(network.tower).length()).isPositive();
    }

    @Test
    void shouldLearnATowerThatStartedAtZero() {
        Form form = Form.ONLINE;
        ModelSettings.TowerSettings zero = new ModelSettings.TowerSettings(List.of(8, 4), 0.01f, true);
        DeepAssociationNetwork network =
                SmallModels.network(SmallModels.association(3, 0f, 0f, SmallModels.PAIRS, zero), form.features, ITEMS);
        IncrementalLearner learner = new IncrementalLearner(network);
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        Context context = form.contexts().get(0);
        Example example = SmallModels.example(context, 20, ITEMS, 21, 22, 23);
        int[] ranked = {20, 21, 22, 23};
        float[] outputs = new float[4];

        for (int batch = 0; batch < 200; batch++) {
            network.score(context, scoring);
            learner.observe(scoring, example, batch, ranked.clone(), 4);
            learner.learn(new Example[0], 0, batch);
        }
        network.score(context, scoring);
        network.tower(scoring, ranked, 4, outputs);

        assertThat(outputs[0]).isGreaterThan(outputs[1] + 1f).isGreaterThan(outputs[2] + 1f);
        assertThat(outputs[0]).isGreaterThan(outputs[3] + 1f);
    }

    @Test
    void shouldGiveTheSoftmaxGradientToTheTower() {
        DeepAssociationNetwork network =
                SmallModels.network(SmallModels.association(3, 0f, 0f, null, TOWER), SmallModels.HISTORIES, ITEMS);
        IncrementalLearner learner = new IncrementalLearner(network);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        Tower tower = Objects.requireNonNull(network.tower);
        List<Context> contexts = Form.ONLINE.contexts().subList(0, 2);
        int[] positives = {20, 30};
        int[] ranked = {20, 30, 22, 23};
        DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
        for (int e = 0; e < 2; e++) {
            network.score(contexts.get(e), scoring);
            Example example = SmallModels.example(contexts.get(e), positives[e], ITEMS, 22);
            // The second event was ranked among three, so that its group is not full.
            learner.observe(scoring, example, e, ranked.clone(), e == 0 ? 4 : 3);
        }

        learner.learn(new Example[0], 0, 0);

        ReferenceNetwork.Loss loss =
                () -> (ReferenceNetwork.softmaxLoss(scores(reference, contexts.get(0), 20, 30, 22, 23))
                                + ReferenceNetwork.softmaxLoss(scores(reference, contexts.get(1), 30, 20, 22)))
                        / 2.0;
        for (int i = 0; i < tower.length(); i++) {
            double gradient = ReferenceNetwork.derivative(loss, reference.tower, i);
            assertThat(tower.firstMoments[i] / (1.0 - 0.9))
                    .as("parameter %s", i)
                    .isCloseTo(gradient, within(2e-5));
        }
        assertThat(Arrays.equals(tower.firstMoments, new float[tower.length()])).isFalse();
    }

    @Test
    void shouldKeepTheListOfCandidates() {
        DeepAssociationNetwork network = SmallModels.network(Form.ASSOCIATION.settings, SmallModels.HISTORIES, 100);
        network.setCandidate(3, false);
        network.setCandidate(99, false);
        network.setCandidate(3, false);

        assertThat(network.candidates()).isEqualTo(98);
        assertThat(Arrays.copyOf(network.live(), 98))
                .containsExactly(IntStream.range(0, 99).filter(j -> j != 3).toArray());

        network.setCandidate(3, true);
        network.admitItem("new, but not announced");
        assertThat(network.candidates()).isEqualTo(99);
        assertThat(network.isCandidate(100)).isFalse();
        assertThat(network.isCandidate(-1)).isFalse();
        assertThat(network.isCandidate(1_000_000)).isFalse();
    }

    @Test
    void shouldForgetTheRowsThatAUserOwns() {
        DeepAssociationNetwork network = SmallModels.network(Form.PAPER.settings, Form.PAPER.features, ITEMS);
        network.table(0).admit("alice");
        network.table(1).admit("alice");
        DeepAssociationNetwork serving = new DeepAssociationNetwork(Form.PAPER.settings, Form.PAPER.features, false);
        network.writeChangedRows(serving::load, removed -> {});
        List<String> removed = new ArrayList<>();
        List<ModelRow> rows = new ArrayList<>();

        network.forgetUsers(Set.of("alice"));
        int written = network.writeChangedRows(rows::add, removed::add);
        removed.forEach(serving::unload);

        assertThat(network.categories().get(0)).isEqualTo(DeepAssociationNetwork.USER);
        assertThat(removed).containsExactly("row/user/alice");
        assertThat(written).isZero();
        assertThat(rows).isEmpty();
        assertThat(serving.table(0).indexOf("alice")).isEqualTo(-1);
        assertThat(serving.table(1).indexOf("alice"))
                .as("an occupation of that name is nobody's")
                .isNotNegative();
    }

    @Test
    void shouldWriteARowOnceThatWasAdmittedAndForgotten() {
        DeepAssociationNetwork network = SmallModels.network(Form.PAPER.settings, Form.PAPER.features, ITEMS);
        List<String> removed = new ArrayList<>();
        List<String> written = new ArrayList<>();
        network.table(0).admit("alice");
        network.forgetUsers(Set.of("alice"));
        network.table(0).admit("alice");

        network.writeChangedRows(row -> written.add(row.key()), removed::add);

        assertThat(removed).containsExactly("row/user/alice");
        assertThat(written).containsExactly("row/user/alice");
    }

    @Test
    void shouldHandOverChangedRowsOnce() {
        DeepAssociationNetwork network = SmallModels.network(Form.ASSOCIATION.settings, SmallModels.HISTORIES, ITEMS);
        network.touch(9);
        network.touch(4);
        network.touch(9);
        List<String> keys = new ArrayList<>();

        assertThat(network.writeChangedRows(row -> keys.add(row.key()), removed -> {}))
                .isEqualTo(2);
        assertThat(network.writeChangedRows(row -> keys.add(row.key()), removed -> {}))
                .isZero();
        assertThat(keys).containsExactly("row/item/i4", "row/item/i9");
    }

    @Test
    void shouldRefuseARowOfATableItLacks() {
        DeepAssociationNetwork network =
                new DeepAssociationNetwork(Form.ASSOCIATION.settings, SmallModels.HISTORIES, false);

        assertThatThrownBy(() -> network.load(new ModelRow.Embedding(
                        "user", "u1", 0, false, 0, 0.0, Double.NEGATIVE_INFINITY, new float[4], new float[0])))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("row of table user")
                .hasMessageContaining("use the preset that the model was trained with");
    }

    private static double[] scores(ReferenceNetwork reference, Context context, int... items) {
        return Arrays.stream(items)
                .mapToDouble(j -> reference.baseScore(context, j) + reference.towerOutput(context, j))
                .toArray();
    }
}

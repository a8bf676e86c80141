package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Normalisation;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.JointFeature.Form;
import org.eridanus.serde.ModelRowFormat;
import org.junit.jupiter.api.Test;

/** How far a candidate is described as a history's items are. */
class OverlapTest {
    private static final int ITEMS = 30;
    private static final int[] NOTHING = {};
    private static final long[] TIMES = {50_000, 49_500, 49_500, 47_000, 30_000, 20_000};

    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();

    @Test
    void shouldSumSharedValuesByHistoryAndRarity() {
        DeepAssociationNetwork network = network(6, "session·genre");
        describe(network, 0, "drama");
        describe(network, 1, "drama", "war");
        describe(network, 2, "war", "crime", "comedy");
        describe(network, 3, EnrichedInteraction.UNKNOWN);
        describe(network, 4, EnrichedInteraction.UNKNOWN);

        network.score(context(network, 1, 0, 3), scoring);

        // Weights 1, .5 and .5 by the root of their sum, of items with 2, 1 and 1 values; 5 items have any.
        double newest = 1 / Math.sqrt(2);
        double older = .5 / Math.sqrt(2);
        double drama = Math.sqrt(5. / 3) * (newest / Math.sqrt(2) + older);
        double war = Math.sqrt(5. / 3) * (newest / Math.sqrt(2));
        float[] overlap = scoring.overlaps[0];
        assertThat((double) overlap[0]).isCloseTo(drama, within(1e-6));
        assertThat((double) overlap[1]).isCloseTo((drama + war) / Math.sqrt(2), within(1e-6));
        assertThat((double) overlap[2]).isCloseTo(war / Math.sqrt(3), within(1e-6));
        assertThat(Arrays.copyOfRange(overlap, 3, 6))
                .as("of unknown values, and not described")
                .containsOnly(0f);
    }

    @Test
    void shouldBeAsItsFormulaSaysWhateverBecameOfDescriptions() {
        DeepAssociationNetwork network = network(ITEMS, "session·genre", "mean·genre", "sum·tag");
        describeAll(network);
        checkFormula(network);

        describe(network, 3, "g1", "g2");
        describe(network, 4, EnrichedInteraction.UNKNOWN);
        describe(network, 5);
        checkFormula(network);

        network.evictItems(new int[] {6, 7}, key -> {});
        checkFormula(network);

        int back = network.admitItem("new");
        network.setCandidate(back, true);
        describe(network, back, "g0", "a value of its own");
        checkFormula(network);
        // More values than were counted at first, and a scoring that has to grow.
        for (int j = 0; j < 3 * ITEMS; j++) {
            describe(network, network.admitItem("late" + j), "g" + j % 7, "late" + j);
        }
        checkFormula(network);
    }

    /** Compares every overlap and base score with the reference, for histories of every length. */
    private void checkFormula(DeepAssociationNetwork network) {
        ReferenceNetwork reference = new ReferenceNetwork(network);
        int worth = 0;
        for (int[] history : new int[][] {{3, 5, 0, 8, 4, 12}, {9}, {3, 3, 1}, {5}, NOTHING}) {
            Context context = context(network, history);
            network.score(context, scoring);
            int overlaps = 0;
            for (JointFeature feature : network.features) {
                for (int j = 0;
                        feature.form() == Form.OVERLAP && j < network.items().size();
                        j++) {
                    double expected = history.length == 0 ? 0.0 : reference.psi(feature, context, j);
                    assertThat((double) scoring.overlaps[overlaps][j])
                            .as("%s of %s after %s", feature.name(), j, context)
                            .isCloseTo(expected, within(1e-5));
                    worth += expected > 0.1 ? 1 : 0;
                }
                overlaps += feature.form() == Form.OVERLAP ? 1 : 0;
            }
            assertThat(overlaps).isEqualTo(3);
            for (int j = 0; history.length > 0 && j < network.items().size(); j++) {
                assertThat((double) scoring.base()[j]).isCloseTo(reference.baseScore(context, j), within(1e-4));
            }
        }
        assertThat(worth).as("overlaps worth comparing").isGreaterThan(ITEMS);
    }

    @Test
    void shouldScoreOneByOneAsAllAtOnce() {
        DeepAssociationNetwork network = network(ITEMS, "session·genre", "mean·genre", "sum·tag");
        describeAll(network);
        Context context = context(network, 3, 5, 0);
        network.score(context, scoring);
        DeepAssociationNetwork.Scoring each = new DeepAssociationNetwork.Scoring();

        network.prepare(context, each);

        for (int j = 0; j < ITEMS; j++) {
            assertThat(network.baseScore(each, j)).isCloseTo(scoring.base()[j], within(1e-5f));
        }
    }

    @Test
    void shouldExplainItsShareByTheCombinationsName() {
        DeepAssociationNetwork network = network(ITEMS, "session·genre", "recent·item", "sum·tag");
        describeAll(network);
        Context context = context(network, 3, 5, 0);
        network.score(context, scoring);
        ReferenceNetwork reference = new ReferenceNetwork(network);
        double most = 0.0;

        for (int j = 0; j < ITEMS; j++) {
            List<Contribution> parts = network.explain(scoring, j, 0f);

            assertThat(parts)
                    .extracting(Contribution::combination)
                    .containsExactly("session·genre", "recent·item", "sum·tag", DeepAssociationNetwork.BIAS);
            double share = reference.mixing[3] * reference.psi(network.features.get(0), context, j);
            assertThat((double) parts.get(0).value()).isCloseTo(share, within(1e-5));
            assertThat(Contribution.sum(parts)).isCloseTo(scoring.base()[j], within(1e-5f));
            most = Math.max(most, share);
        }
        assertThat(most).isGreaterThan(0.1);
    }

    @Test
    void shouldComeBackFromRowsInAnyOrder() {
        ModelDefinition definition = definition("session·genre", "recent·item", "sum·tag");
        DeepAssociationNetwork network = network(definition, ITEMS);
        describeAll(network);
        describe(network, 3, "g1", "g2");
        network.evictItems(new int[] {6}, key -> {});
        ModelRowFormat topic = new ModelRowFormat(false);
        List<ModelRow> rows = new ArrayList<>();
        network.writeAllRows(row -> rows.add(topic.decode(topic.encode(row))));
        DeepAssociationNetwork forwards = definition.network(false);
        DeepAssociationNetwork backwards = definition.network(false);
        DeepAssociationNetwork.Scoring served = new DeepAssociationNetwork.Scoring();

        rows.forEach(forwards::load);
        for (int r = rows.size() - 1; r >= 0; r--) {
            backwards.load(rows.get(r));
            // What is loaded again replaces itself.
            backwards.load(rows.get(r));
        }

        network.score(context(network, 3, 5, 0, 9), scoring);
        for (DeepAssociationNetwork copy : List.of(forwards, backwards)) {
            copy.score(context(copy, 3, 5, 0, 9), served);
            assertThat(copy.candidates()).isEqualTo(ITEMS - 1);
            for (int item : Arrays.copyOf(copy.live(), ITEMS - 1)) {
                assertThat(Float.floatToRawIntBits(served.base()[item]))
                        .as("item %s", item)
                        .isEqualTo(Float.floatToRawIntBits(scoring.base()[item]));
            }
        }
        assertThat(IntStream.range(0, ITEMS).filter(j -> scoring.overlaps[0][j] > 0f))
                .hasSizeGreaterThan(3);
    }

    @Test
    void shouldTakeADenseRowOfAsManyOverlapsAlone() {
        DeepAssociationNetwork two = network(3, "session·genre", "recent·item", "sum·tag");
        DeepAssociationNetwork one = network(3, "session·genre", "recent·item");
        float[] none = new float[0];

        assertThat(two.mixing()).hasSize(one.mixing().length + 1);
        assertThat(two.fits(two.dense(none, 0))).isTrue();
        assertThat(two.fits(one.dense(none, 0))).isFalse();
        assertThat(one.fits(two.dense(none, 0))).isFalse();
    }

    @Test
    void shouldStartWithoutAnInfluence() {
        DeepAssociationNetwork network = ModelDefinition.of(Presets.online()).network(true);

        assertThat(network.mixing()).endsWith(1f, 0f);
    }

    @Test
    void shouldHaveNoVectors() {
        ModelDefinition definition = definition("session·genre", "recent·item", "sum·tag");

        DeepAssociationNetwork network = definition.network(true);

        assertThat(network.items().width()).isEqualTo(definition.settings().dimension());
        assertThat(network.tables).hasSize(2).allMatch(table -> table.width() == 0);
    }

    @Test
    void shouldRefuseWhatIsNoOverlapOfAHistoryWithAnAttributeOfItems() {
        for (String other :
                List.of("session·item", "user·genre", "genre·tag", "gender·session", "user·session·genre")) {
            assertThatThrownBy(() -> definition(other))
                    .as(other)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("combination " + other
                            + ": an overlap is that of a history's items with the candidate in an"
                            + " attribute of items, such as [session, genre], got "
                            + Arrays.asList(other.split("·")) + "; use another form");
        }
        assertThat(definition("genre·session").features().get(0).form()).isEqualTo(Form.OVERLAP);
    }

    @Test
    void shouldRefuseToBeATowersInput() {
        ModelDefinition definition = definition("session·genre", "recent·item");
        for (List<List<String>> towered : List.of(
                List.of(List.of("session·genre"), List.<String>of()),
                List.of(List.of("recent·item"), List.of("session·genre")))) {
            ModelSettings.TowerSettings tower = new ModelSettings.TowerSettings(
                    List.of(4), ModelSettings.Optimiser.adam(0.01f), 0f, true, towered.get(0), towered.get(1), 0f, 0f);
            ModelDefinition deep = definition.with(definition.settings().toBuilder()
                    .tower(tower)
                    .schedule(ModelSettings.Schedule.JOINT)
                    .build());

            assertThatThrownBy(() -> deep.network(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "tower.inputs and tower.wide name joint features with a vector, got session·genre, which is"
                                    + " an overlap: leave it out");
        }
    }

    @Test
    void shouldRefuseToStandBesideNoAssociationTerm() {
        ModelDefinition alone = new ModelDefinition(
                SmallModels.tower(2, 0f).toBuilder()
                        .join(SmallModels.joined(Map.of("session·genre", Form.OVERLAP)))
                        .build(),
                definition("session·genre", "recent·item").schema());

        assertThatThrownBy(() -> alone.network(true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "joint feature session·genre is an overlap, which acts beside an association term, and there is"
                                + " none: give it another form");
    }

    @Test
    void shouldRefuseAWeightThatWouldNeverMove() {
        ModelDefinition moving = definition("session·genre", "recent·item");
        ModelDefinition still =
                moving.with(moving.settings().toBuilder().combinationRate(0f).build());

        assertThatThrownBy(() -> new IncrementalLearner(still.network(true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("an overlap's weight starts at 0 and would never move without pair counts");
        assertThat(new IncrementalLearner(moving.network(true)).dense().mixing())
                .hasSize(4);
        assertThat(new IncrementalLearner(still.with(still.settings().toBuilder()
                                        .pairs(SmallModels.PAIRS)
                                        .build())
                                .network(true))
                        .dense()
                        .mixing())
                .hasSize(3);
    }

    /** Overlaps, and combinations of the item by vectors. */
    private static ModelDefinition definition(String... combinations) {
        JoinSettings join = JoinSettings.DEFAULT;
        for (String combination : combinations) {
            join = combination.equals("recent·item") ? join : join.with(combination, Form.OVERLAP);
        }
        return new ModelDefinition(
                SmallModels.association(3, 0f, 0f, null, null).toBuilder()
                        .join(join)
                        .combinationRate(0.05f)
                        .build(),
                new FeatureSchema(
                        List.of(
                                Category.id("user", Owner.USER),
                                Category.id("item", Owner.ITEM),
                                Category.attribute("gender", Owner.USER, new Kind.Single(), "gender", "user"),
                                Category.attribute("genre", Owner.ITEM, new Kind.Many(), "genres", "item"),
                                Category.attribute("tag", Owner.ITEM, new Kind.Single(), "tag", "item"),
                                Category.past("recent", 2, 0.8),
                                past("mean", 3, 0.9, Normalisation.MEAN),
                                past("sum", 4, 0.5, Normalisation.NONE),
                                Category.session("session", 4, 500)),
                        Arrays.stream(combinations).map(Combination::parse).toList()));
    }

    private static Category past(String name, int length, double decay, Normalisation normalisation) {
        return new Category(name, Owner.HISTORY, new Kind.Past(length, decay, normalisation), "history", null);
    }

    private static DeepAssociationNetwork network(int items, String... combinations) {
        return network(definition(combinations), items);
    }

    /** A network of this many items without descriptions, weights away from their start. */
    private static DeepAssociationNetwork network(ModelDefinition definition, int items) {
        DeepAssociationNetwork network = definition.network(true);
        for (int j = 0; j < items; j++) {
            network.setCandidate(network.admitItem("i" + j), true);
        }
        for (int k = 0; k < network.mixing.length; k++) {
            network.mixing[k] = 0.7f + 0.1f * k;
        }
        return network;
    }

    /** Items of one, two and three values, of an unknown one, and some without any. */
    private static void describeAll(DeepAssociationNetwork network) {
        for (int j = 0; j < network.items().size(); j++) {
            int first = j;
            String[] genres = IntStream.rangeClosed(0, j % 3)
                    .mapToObj(k -> "g" + (first + k * k) % 5)
                    .toArray(String[]::new);
            if (j % 11 != 10) {
                describe(network, j, j % 7 == 6 ? new String[] {EnrichedInteraction.UNKNOWN} : genres);
            }
        }
    }

    private static void describe(DeepAssociationNetwork network, int item, String... genres) {
        network.describe(item, Map.of("genre", List.of(genres), "tag", List.of("t" + item % 4)));
    }

    private static Context context(DeepAssociationNetwork network, int... history) {
        return new Context(history, TIMES, history.length, network.admitRows(Map.of()));
    }
}

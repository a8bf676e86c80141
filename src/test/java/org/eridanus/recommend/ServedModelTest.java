package org.eridanus.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eridanus.event.Attributes;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.StableHash;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.trainer.TrainerSettings;
import org.junit.jupiter.api.Test;

class ServedModelTest {
    private static final ModelSettings ASSOCIATION = Presets.association();
    private static final Generation SECOND = new Generation(2);
    private static final int WIDTH =
            ModelDefinition.of(ASSOCIATION).network(false).items().width();

    private final ServedModel model = new ServedModel(ModelDefinition.ofPreset("association"));
    private final UserContext user =
            new UserContext(UserHistory.EMPTY.after("i0", Feedback.POSITIVE), List.of(0L), Attributes.NONE, null);

    @Test
    void shouldServeNothingBeforeTheMarker() {
        model.stage(item(0, 1f));
        model.stage(item(1, 1f));

        assertThat(model.loaded()).isFalse();
        assertThat(model.marker()).isEmpty();
        assertThat(model.stagedRows()).isEqualTo(2);
        assertThat(list().fallback()).isEqualTo(Fallback.NO_MODEL);

        Publication publication = model.publish(marker(1, ASSOCIATION));

        assertThat(publication).isEqualTo(new Publication.Served(marker(1, ASSOCIATION), 0, false));
        assertThat(model.loaded()).isTrue();
        assertThat(model.stagedRows()).isZero();
        assertThat(list().items()).extracting(RecommendedItem::score).containsExactly(1f);
    }

    @Test
    void shouldSayWhetherLearningWasFrozenAsOfTheServedVersion() {
        boolean before = model.frozen();
        model.publish(marker(1, ASSOCIATION, true));
        boolean frozen = model.frozen();
        model.publish(SECOND, marker(1, ASSOCIATION, false));
        boolean kept = model.frozen();
        model.publish(marker(2, ASSOCIATION, false));

        assertThat(before).isFalse();
        assertThat(frozen).isTrue();
        assertThat(kept).as("another generation that is not served").isTrue();
        assertThat(model.frozen()).isFalse();
    }

    @Test
    void shouldKeepServingTheOldVersionUntilTheNextIsComplete() {
        publish(1, 5, 1f);

        for (int i = 0; i < 5; i++) {
            model.stage(item(i, 2f));
            assertThat(list().version()).isEqualTo(1);
            assertThat(list().items()).extracting(RecommendedItem::score).containsOnly(1f);
        }
        model.publish(marker(2, ASSOCIATION));

        assertThat(list().version()).isEqualTo(2);
        assertThat(list().items()).hasSize(4).extracting(RecommendedItem::score).containsOnly(2f);
    }

    @Test
    void shouldNeverMixVersions() throws Exception {
        int items = 300;
        int versions = 400;
        publish(1, items, 1f);
        AtomicBoolean writing = new AtomicBoolean(true);
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Long>> seen = List.of(
                    readers.submit(() -> readUntil(writing, items)), readers.submit(() -> readUntil(writing, items)));
            for (int version = 2; version <= versions; version++) {
                publish(version, items, version);
            }
            writing.set(false);
            for (Future<Long> reader : seen) {
                assertThat(reader.get(30, TimeUnit.SECONDS))
                        .as("lists made meanwhile")
                        .isPositive();
            }
        } finally {
            writing.set(false);
            readers.shutdownNow();
        }
        assertThat(list().version()).isEqualTo(versions);
    }

    private long readUntil(AtomicBoolean writing, int items) {
        Recommender recommender = new Recommender(model, true);
        long lists = 0;
        do {
            Recommendation list = recommender.recommend(user, 100, Set.of());
            assertThat(list.items()).hasSize(100);
            for (RecommendedItem item : list.items()) {
                assertThat(item.score())
                        .as("version %s of %s items", list.version(), items)
                        .isEqualTo(list.version());
            }
            lists++;
        } while (writing.get());
        return lists;
    }

    @Test
    void shouldServeTheRowsOfATrainerThatEvictsItemsAndTheSameFromACompactedTopic() {
        TinyTrainer trainer =
                new TinyTrainer(TinyTrainer.SETTINGS, FeatureSchema.online(), TrainerSettings.DEFAULT.withMaxItems(40));
        ServedModel served = new ServedModel(TinyTrainer.DEFINITION);
        Map<String, byte[]> topic = new LinkedHashMap<>();
        for (int round = 0; round < 25; round++) {
            for (int i = 0; i < 60; i++) {
                // Most items are left behind for good, each tenth event brings an early one back.
                int item = i % 10 == 0 ? i % 7 : 4 * round + i % 30;
                trainer.learn(trainer.event("u" + i % 15, "i" + item));
            }
            List<Map.Entry<String, byte[]>> rows = trainer.close();
            TinyTrainer.publish(rows, served);
            rows.forEach(row -> {
                topic.remove(row.getKey());
                topic.put(row.getKey(), row.getValue());
            });

            assertSame(served, trainer.network());
            for (int item = 0; item < 130; item++) {
                String id = "i" + item;
                assertThat(served.indexOf(StableHash.of(id)))
                        .isEqualTo(trainer.network().items().indexOf(id));
            }
        }
        assertThat(trainer.network().items().rows()).isLessThanOrEqualTo(40);

        topic.values().removeIf(value -> value.length == 0);
        ServedModel late = new ServedModel(TinyTrainer.DEFINITION);
        TinyTrainer.publish(topic.entrySet(), late);

        assertSame(late, trainer.network());
    }

    private static void assertSame(ServedModel served, DeepAssociationNetwork trained) {
        assertThat(embeddings(served.network())).isEqualTo(embeddings(trained));
        assertThat(served.network().rows().get("pairs"))
                .isLessThanOrEqualTo(trained.rows().get("pairs"));
    }

    private static Map<String, String> embeddings(DeepAssociationNetwork network) {
        Map<String, String> rows = new TreeMap<>();
        network.writeAllRows(row -> {
            if (row instanceof ModelRow.Embedding embedding) {
                rows.put(
                        row.key(),
                        embedding.index() + " " + embedding.candidate() + " " + embedding.occurrences() + " "
                                + embedding.popularity() + " " + Arrays.toString(embedding.values()));
            }
        });
        return rows;
    }

    @Test
    void shouldRefuseAVersionOfAnotherPreset() {
        publish(1, 3, 1f);
        model.stage(item(0, 9f));
        model.stage(item(1, 9f));

        Publication publication = model.publish(marker(2, Presets.paper()));

        assertThat(publication)
                .isInstanceOfSatisfying(
                        Publication.Refused.class,
                        refused -> assertThat(refused.reason())
                                .contains(
                                        "version 2",
                                        "preset paper",
                                        Presets.paper().hash(),
                                        ASSOCIATION.hash(),
                                        "same preset"));
        assertThat(model.marker().orElseThrow().version()).isEqualTo(1);
        assertThat(model.stagedRows()).isZero();
        publish(3, 1, 3f);
        assertThat(list().items())
                .extracting(RecommendedItem::score)
                .as("no row of the refused one")
                .containsOnly(1f);
    }

    @Test
    void shouldLeaveOutRowsOfAnotherShape() {
        model.stage(item(0, 1f));
        model.stage(item(1, 1f));
        model.stage(new ModelRow.Embedding("item", "i2", 2, true, 0, 0, 0, new float[5], new float[0]));
        model.stage(new ModelRow.Embedding("colour", "red", 0, false, 0, 0, 0, new float[32], new float[0]));
        model.stage(new ModelRow.Embedding(
                "item", "i3", Integer.MAX_VALUE - 8, true, 0, 0, 0, new float[WIDTH + 1], new float[0]));
        model.stage(new ModelRow.Dense(new float[2], new float[0], new float[3], new float[0], new float[0], 1));

        assertThat(model.publish(marker(1, ASSOCIATION)))
                .isInstanceOfSatisfying(
                        Publication.Served.class,
                        served -> assertThat(served.unfit()).isEqualTo(4));
        assertThat(list().items()).hasSize(1);
    }

    @Test
    void shouldApplyRemovalsWithTheirVersion() {
        ServedModel paper = new ServedModel(ModelDefinition.ofPreset("paper"));
        float[] row = new float[Presets.paper().dimension()];
        paper.stage(new ModelRow.Embedding("user", "u", 0, false, 0, 0, 0, row, new float[0]));
        paper.publish(marker(1, Presets.paper()));
        assertThat(paper.<Integer>read(() -> paper.network().table(0).indexOf("u")))
                .isZero();

        paper.stageRemoval(ModelRow.Embedding.keyOf(DeepAssociationNetwork.USER, "u"));
        assertThat(paper.<Integer>read(() -> paper.network().table(0).indexOf("u")))
                .isZero();
        paper.publish(marker(2, Presets.paper()));

        assertThat(paper.<Integer>read(() -> paper.network().table(0).indexOf("u")))
                .isEqualTo(-1);
    }

    @Test
    void shouldStartOverWithATrainerThatStartedOver() {
        publish(7, 5, 7f);

        model.stage(item(0, 1f));
        model.stage(item(1, 1f));
        Publication publication = model.publish(marker(1, ASSOCIATION));

        assertThat(publication).isEqualTo(new Publication.Served(marker(1, ASSOCIATION), 0, true));
        assertThat(list().items()).extracting(RecommendedItem::score).containsExactly(1f);
    }

    @Test
    void shouldKeepAnotherGenerationUntilItIsChosen() {
        publish(1, 3, 1f);
        model.define(SECOND, ModelDefinition.ofPreset("paper"));
        model.stage(SECOND, item(0, 9f));

        assertThat(model.publish(SECOND, marker(5, Presets.paper())))
                .isEqualTo(new Publication.Kept(SECOND, marker(5, Presets.paper())));
        assertThat(list().generation()).isEqualTo(Generation.FIRST);

        assertThat(model.serve(SECOND)).isInstanceOf(Publication.Served.class);
        assertThat(list().generation()).isEqualTo(SECOND);
        assertThat(list().version()).isEqualTo(5);
        assertThat(model.settings()).isEqualTo(Presets.paper());
        assertThat(model.schema()).isEqualTo(FeatureSchema.paper());
    }

    @Test
    void shouldGoBackToWhatTheFirstGenerationHasBecomeMeanwhile() {
        serveSecond();

        publish(2, 3, 2f);
        assertThat(list().items()).extracting(RecommendedItem::score).containsOnly(7f);
        model.serve(Generation.FIRST);

        assertThat(list().version()).isEqualTo(2);
        assertThat(list().items()).extracting(RecommendedItem::score).containsOnly(2f);
        assertThat(model.refusal()).isEmpty();
    }

    @Test
    void shouldServeTheOldGenerationOnUntilTheChosenOneIsComplete() {
        publish(1, 3, 1f);

        assertThat(model.serve(SECOND)).isInstanceOf(Publication.Refused.class);
        publish(2, 3, 2f);
        assertThat(list().items())
                .as("the old one keeps learning")
                .extracting(RecommendedItem::score)
                .containsOnly(2f);
        assertThat(model.refusal().orElseThrow()).contains("generation 2 of the model has been chosen");

        model.define(SECOND, ModelDefinition.ofPreset("association"));
        stageSecond(7f);
        model.publish(SECOND, marker(1, ASSOCIATION));

        assertThat(list().items()).extracting(RecommendedItem::score).containsOnly(7f);
        assertThat(model.refusal()).isEmpty();
    }

    @Test
    void shouldRemoveRowsThatComeBackAtAnotherPlaceBeforeTheirGenerationIsChosen() {
        ServedModel paper = new ServedModel(ModelDefinition.ofPreset("paper"));
        paper.define(SECOND, ModelDefinition.ofPreset("association"));
        paper.stage(userRow("u", 0));
        paper.publish(marker(1, Presets.paper()));
        paper.publish(SECOND, marker(1, ASSOCIATION));
        paper.serve(SECOND);

        paper.stageRemoval(ModelRow.Embedding.keyOf(DeepAssociationNetwork.USER, "u"));
        paper.stage(userRow("v", 0));
        paper.publish(marker(2, Presets.paper()));
        paper.stage(userRow("u", 1));
        paper.publish(marker(3, Presets.paper()));
        paper.serve(Generation.FIRST);

        assertThat(paper.<Integer>read(() -> paper.network().table(0).indexOf("u")))
                .isEqualTo(1);
        assertThat(paper.<Integer>read(() -> paper.network().table(0).indexOf("v")))
                .isZero();
    }

    private static ModelRow userRow(String user, int index) {
        return new ModelRow.Embedding(
                "user", user, index, false, 0, 0, 0, new float[Presets.paper().dimension()], new float[0]);
    }

    @Test
    void shouldForgetAGenerationWhoseMarkerIsRemovedUnlessItIsServed() {
        serveSecond();

        model.stageRemoval(SECOND, ModelRow.Marker.KEY);
        assertThat(model.generations()).containsExactly(1, 2);
        model.serve(Generation.FIRST);
        model.stageRemoval(SECOND, ModelRow.Marker.KEY);

        assertThat(model.generations()).containsExactly(1);
    }

    @Test
    void shouldNeverMixGenerations() throws Exception {
        serveSecond();
        AtomicBoolean switching = new AtomicBoolean(true);
        ExecutorService readers = Executors.newFixedThreadPool(1);
        try {
            Future<Long> seen = readers.submit(() -> {
                Recommender recommender = new Recommender(model, true);
                long lists = 0;
                do {
                    Recommendation list = recommender.recommend(user, 100, Set.of());
                    float score = list.generation().equals(SECOND) ? 7f : 1f;
                    assertThat(list.items()).hasSize(2);
                    assertThat(list.items()).extracting(RecommendedItem::score).containsOnly(score);
                    lists++;
                } while (switching.get());
                return lists;
            });
            for (int i = 0; i < 2_000; i++) {
                model.serve(i % 2 == 0 ? Generation.FIRST : SECOND);
            }
            switching.set(false);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isPositive();
        } finally {
            switching.set(false);
            readers.shutdownNow();
        }
    }

    private void serveSecond() {
        publish(1, 3, 1f);
        model.define(SECOND, ModelDefinition.ofPreset("association"));
        stageSecond(7f);
        model.publish(SECOND, marker(1, ASSOCIATION));
        model.serve(SECOND);
    }

    private void stageSecond(float bias) {
        for (int i = 0; i < 3; i++) {
            model.stage(SECOND, item(i, bias));
        }
    }

    private void publish(long version, int items, float bias) {
        for (int i = 0; i < items; i++) {
            model.stage(item(i, bias));
        }
        model.publish(marker(version, ASSOCIATION));
    }

    private Recommendation list() {
        return new Recommender(model, true).recommend(user, 100, Set.of());
    }

    /** An item whose score for everybody is its bias. */
    private static ModelRow item(int index, float bias) {
        float[] values = new float[WIDTH + 1];
        values[WIDTH] = bias;
        return new ModelRow.Embedding("item", "i" + index, index, true, 0, 0, 0, values, new float[0]);
    }

    private static ModelRow.Marker marker(long version, ModelSettings settings) {
        return marker(version, settings, false);
    }

    private static ModelRow.Marker marker(long version, ModelSettings settings, boolean frozen) {
        return new ModelRow.Marker(
                version,
                0,
                0,
                0,
                0,
                0,
                0,
                new TreeMap<>(),
                0,
                0,
                0,
                frozen,
                settings.preset(),
                settings.hash(),
                "java");
    }
}

package org.eridanus.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.JoinSettings;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.junit.jupiter.api.Test;

class ServedModelTest {
    private static final ModelSettings ASSOCIATION = Presets.association();
    private static final int WIDTH = 2 * ASSOCIATION.dimension();

    private final ServedModel model =
            new ServedModel(ASSOCIATION, JointFeature.of(FeatureSchema.online(), JoinSettings.DEFAULT));
    private final UserContext user =
            new UserContext(UserHistory.EMPTY.after("i0", Feedback.POSITIVE), UserContext.UNKNOWN.categories());

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
        model.stage(new ModelRow.Embedding("item", "i2", 2, true, 0, 0, new float[5], new float[0]));
        model.stage(new ModelRow.Embedding("colour", "red", 0, false, 0, 0, new float[32], new float[0]));
        model.stage(new ModelRow.Embedding(
                "item", "i3", Integer.MAX_VALUE - 8, true, 0, 0, new float[WIDTH + 1], new float[0]));
        model.stage(new ModelRow.Dense(new float[2], new float[0], new float[3], new float[0], new float[0], 1));

        assertThat(model.publish(marker(1, ASSOCIATION)))
                .isInstanceOfSatisfying(
                        Publication.Served.class,
                        served -> assertThat(served.unfit()).isEqualTo(4));
        assertThat(list().items()).hasSize(1);
    }

    @Test
    void shouldApplyRemovalsWithTheirVersion() {
        ServedModel paper =
                new ServedModel(Presets.paper(), JointFeature.of(FeatureSchema.paper(), JoinSettings.DEFAULT));
        float[] row = new float[Presets.paper().dimension()];
        paper.stage(new ModelRow.Embedding("user", "u", 0, false, 0, 0, row, new float[0]));
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
        return new ModelRow.Embedding("item", "i" + index, index, true, 0, 0, values, new float[0]);
    }

    private static ModelRow.Marker marker(long version, ModelSettings settings) {
        return new ModelRow.Marker(
                version, 0, 0, 0, 0, 0, new TreeMap<>(), 0, 0, 0, false, settings.preset(), settings.hash(), "java");
    }
}

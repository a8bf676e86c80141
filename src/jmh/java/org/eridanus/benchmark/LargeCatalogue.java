package org.eridanus.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.StableHash;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.recommend.Publication;
import org.eridanus.recommend.Recommender;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.UserContext;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.SequenceChunk;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.VersionWriter;

/** What serving and learning cost over a catalogue too large for any cache. */
final class LargeCatalogue {
    private static final int HISTORY = 50;
    private static final int USERS = 40;
    private static final int LEARNED = 100 * 16;

    private LargeCatalogue() {}

    /**
     * Rows touched by an event, and the loss before learning.
     *
     * @param rowsPerEvent embedding rows written for an event: an item's record over all its tables is one row
     * @param loss mean sampled softmax loss of mini-batches before they were learned, natural logarithm
     */
    record Touched(double rowsPerEvent, double loss) {}

    /**
     * A recommender over {@code items} random rows, everything that a request needs included: one request.
     *
     * @param settings a preset without a tower
     */
    static Runnable recommender(ModelSettings settings, int items, int k) {
        SplittableRandom random = new SplittableRandom(3);
        ServedModel model = new ServedModel(ModelDefinition.of(settings));
        DeepAssociationNetwork network = new DeepAssociationNetwork(
                settings, ModelDefinition.of(settings).features(), false);
        int length = network.items().rowLength();
        List<String> newest = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            float[] values = new float[length];
            for (int d = 0; d < length; d++) {
                values[d] = 0.2f * (float) random.nextDouble() - 0.1f;
            }
            model.stage(new ModelRow.Embedding(
                    DeepAssociationNetwork.ITEM,
                    "i" + i,
                    i,
                    true,
                    1,
                    0.0,
                    Double.NEGATIVE_INFINITY,
                    values,
                    new float[0]));
        }
        for (int h = 0; h < HISTORY; h++) {
            int item = random.nextInt(items);
            newest.add("i" + item);
            int[] successors = random.ints(0, items)
                    .distinct()
                    .limit(Math.min(items / 2, 128))
                    .sorted()
                    .toArray();
            int[] counts = random.ints(successors.length, 1_000, 50_000).toArray();
            model.stage(new ModelRow.Pairs("i" + item, item, 100, 1, successors, counts));
        }
        float[] none = new float[0];
        model.stage(new ModelRow.Dense(network.mixing(), none, none, none, none, 0));
        Publication publication = model.publish(new ModelRow.Marker(
                1,
                1,
                1,
                0,
                1,
                1,
                1,
                new TreeMap<>(),
                0,
                items,
                HISTORY,
                false,
                settings.preset(),
                settings.hash(),
                ""));
        if (!(publication instanceof Publication.Served served && served.unfit() == 0)) {
            throw new IllegalStateException("every row must be served, got " + publication);
        }
        long[] seen = newest.stream().mapToLong(StableHash::of).toArray();
        UserContext user = new UserContext(
                UserHistory.of(newest, seen, HISTORY, 0), Collections.nCopies(HISTORY, 0L), Attributes.NONE, null);
        Recommender recommender = new Recommender(model, true);
        return () -> {
            if (recommender.recommend(user, k, Set.of()).items().size() != k) {
                throw new IllegalStateException("a list must have " + k + " items");
            }
        };
    }

    /** The same preset with mini-batches of another size, and replay in the same proportion. */
    static ModelSettings withMiniBatch(ModelSettings settings, int events) {
        ModelSettings.Replay replay = settings.replay();
        return settings.toBuilder()
                .batch(events)
                .replay(new ModelSettings.Replay(
                        replay.uniform() * events / settings.batch(),
                        replay.own() * events / settings.batch(),
                        replay.ownWindow()))
                .build();
    }

    /**
     * Learns from users with full histories whose items follow Zipf's law (rank r has probability ~ 1 / r).
     *
     * @param settings the preset
     * @param items size of the catalogue
     */
    static Touched touched(ModelSettings settings, int items) {
        TrainerSettings defaults = TrainerSettings.DEFAULT;
        OnlineTrainer trainer = new OnlineTrainer(
                settings,
                ModelDefinition.of(settings).features(),
                new TrainerSettings(
                        settings.batch(),
                        Long.MAX_VALUE,
                        HISTORY,
                        defaults.window(),
                        defaults.popularityHalfLife(),
                        defaults.rankedCatalogue(),
                        defaults.pairGrowth()));
        VersionWriter nowhere = new VersionWriter() {
            @Override
            public void row(ModelRow row) {
                // Counted by the marker.
            }

            @Override
            public void removed(String key) {
                // There are none.
            }

            @Override
            public void sequence(SequenceChunk chunk) {
                // No row of an item.
            }
        };
        for (int i = 0; i < items; i++) {
            trainer.accept(new TrainingRecord.ItemAnnounced(new Item("i" + i, "", Attributes.NONE), Map.of()));
        }
        trainer.close(nowhere);
        SplittableRandom random = new SplittableRandom(4);
        long rows = 0;
        double loss = 0.0;
        int batches = 0;
        int warmUp = USERS * HISTORY;
        for (int e = 0; e < warmUp + LEARNED; e++) {
            int item = (int) Math.pow(items, random.nextDouble()) - 1;
            TrainingRecord event = new TrainingRecord.Event(event(e, "u" + e % USERS, "i" + item), e);
            trainer.accept(event);
            if (trainer.endsVersion(event)) {
                double batchLoss = trainer.batchLoss();
                int written = trainer.close(nowhere).rows();
                if (e >= warmUp) {
                    rows += written;
                    loss += batchLoss;
                    batches++;
                }
            }
        }
        return new Touched(rows / ((double) batches * settings.batch()), loss / batches);
    }

    private static EnrichedInteraction event(long offset, String user, String item) {
        return new EnrichedInteraction(
                new Coordinate(0, offset),
                new Interaction(user, item, "view", null, offset),
                offset,
                EnrichedInteraction.Feedback.POSITIVE,
                1f,
                true,
                false,
                Map.of(),
                List.of(),
                0,
                List.of(),
                "",
                Attributes.NONE);
    }
}

package org.eridanus.recommend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.SequenceChunk;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.VersionWriter;

/** A trainer of a small model on a small log, and the versions it publishes, for tests of those who serve them. */
public final class TinyTrainer {
    /** A small model of every part. */
    public static final ModelSettings SETTINGS = Presets.online().toBuilder()
            .preset("tiny")
            .seed(7)
            .dimension(8)
            .negatives(5)
            .pool(16)
            .batch(4)
            .replay(new ModelSettings.Replay(4, 2, 5))
            .pairs(new ModelSettings.Pairs(5, 10, 0.85f, 10f, 0.5f, 32, 16, 0.5f, 0.05f))
            .tower(new ModelSettings.TowerSettings(List.of(8, 4), 0.01f, true))
            .rerank(new ModelSettings.Rerank(5, 4))
            .maxRows(1_000)
            .build();

    /** Its joint features. */
    public static final List<JointFeature> FEATURES = JointFeature.of(FeatureSchema.online(), SETTINGS.join());

    /** The model, as it is served. */
    public static final ModelDefinition DEFINITION = new ModelDefinition(SETTINGS, FeatureSchema.online());

    /** Record time of the event at an offset, ms. */
    public static final long RECORD_TIME = 1_767_225_600_000L;
    /** Event time between two events. */
    private static final long STEP = 7_000;

    private static final ModelRowFormat ROWS = new ModelRowFormat(false);

    private final OnlineTrainer trainer;
    private final FeatureSchema schema;
    private final Map<String, UserContext> contexts = new HashMap<>();
    private long offset;

    /** A trainer of the small model. */
    public TinyTrainer() {
        this(SETTINGS, FeatureSchema.online());
    }

    /** A trainer of some model. */
    public TinyTrainer(ModelSettings settings, FeatureSchema schema) {
        this(settings, schema, TrainerSettings.DEFAULT);
    }

    /** A trainer of some model within some limits. */
    public TinyTrainer(ModelSettings settings, FeatureSchema schema, TrainerSettings limits) {
        this.schema = schema;
        this.trainer = new OnlineTrainer(settings, JointFeature.of(schema, settings.join()), limits);
    }

    /** The network that learns. */
    DeepAssociationNetwork network() {
        return trainer.network();
    }

    /** Items {@code i0} … that may be recommended. */
    public TinyTrainer announce(int items) {
        for (int i = 0; i < items; i++) {
            trainer.accept(new TrainingRecord.ItemAnnounced(new Item("i" + i, "", new Attributes(Map.of())), Map.of()));
        }
        return this;
    }

    /** Withdraws an item. */
    public TinyTrainer remove(String item) {
        trainer.accept(new TrainingRecord.ItemRemoved(item));
        return this;
    }

    /** Each of some users consumes items one after the other, from a different one on. */
    public TinyTrainer walk(int users, int items, int length) {
        for (int step = 0; step < length; step++) {
            for (int u = 0; u < users; u++) {
                learn(event("u" + u, "i" + (u + step) % items));
            }
        }
        return this;
    }

    /** A user's next event, at the next offset of partition 0, which the trainer does not see. */
    public EnrichedInteraction event(String user, String item) {
        UserContext known = contexts.getOrDefault(user, UserContext.UNKNOWN);
        UserHistory before = known.history();
        Map<String, List<String>> categories = new LinkedHashMap<>(schema.valuesOfUser(user, null));
        categories.put("item", List.of(item));
        EnrichedInteraction event = new EnrichedInteraction(
                new Coordinate(0, offset),
                new Interaction(user, item, "view", null, RECORD_TIME + offset * STEP),
                RECORD_TIME + offset++,
                Feedback.POSITIVE,
                1,
                true,
                before.hasSeen(item),
                categories,
                before.newest(),
                before.consumed(),
                List.of(),
                schema.hash(),
                Attributes.NONE);
        contexts.put(user, known.after(event));
        return event;
    }

    /** Learns from an event. */
    public void learn(EnrichedInteraction event) {
        trainer.accept(new TrainingRecord.Event(event, 0));
    }

    /** What is known of a user after the events so far. */
    public UserContext context(String user) {
        UserContext known = contexts.getOrDefault(user, UserContext.UNKNOWN);
        return new UserContext(
                known.history(), known.times(), Attributes.NONE, new Interaction(user, "", "view", null, RECORD_TIME));
    }

    /** Closes the version: its rows as they travel, by key in the order of the topic; a removal is an empty array. */
    public List<Map.Entry<String, byte[]>> close() {
        List<Map.Entry<String, byte[]>> rows = new ArrayList<>();
        trainer.close(new VersionWriter() {
            @Override
            public void row(ModelRow row) {
                rows.add(Map.entry(row.key(), ROWS.encode(row)));
            }

            @Override
            public void removed(String key) {
                rows.add(Map.entry(key, new byte[0]));
            }

            @Override
            public void sequence(SequenceChunk chunk) {
                // Scorers do not read sequences.
            }
        });
        return rows;
    }

    /** Closes the version and brings it to a model. */
    public Publication publishTo(ServedModel model) {
        return publish(close(), model);
    }

    /** Brings rows as they travel to a model. */
    static Publication publish(Iterable<Map.Entry<String, byte[]>> rows, ServedModel model) {
        Publication last = new Publication.Refused("no marker");
        for (Map.Entry<String, byte[]> row : rows) {
            if (row.getValue().length == 0) {
                model.stageRemoval(row.getKey());
            } else if (ROWS.decode(row.getValue()) instanceof ModelRow.Marker marker) {
                last = model.publish(marker);
            } else {
                model.stage(ROWS.decode(row.getValue()));
            }
        }
        return last;
    }
}

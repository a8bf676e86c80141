package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.Limits;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.Enricher;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.Recommender;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.UserContext;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.EvaluationJson;
import org.eridanus.serde.EventJson;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.RecommendationJson;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.SequenceChunk;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.VersionWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM compile what works on every event before the first one comes: a small made-up world goes through enriching,
 * learning and recommending, without Kafka, while the broker starts and leaves the processor time for it. Vectors above
 * all gain by it: until they are compiled, each operation on one makes objects, and the first mini-batches of a cold
 * trainer take a hundred times as long as later ones.
 *
 * <p>Nothing of it stays but compiled code: the model that has learned here is dropped.
 *
 * <p>Threading: works in a thread of its own; made and closed by another one.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    /** Most events; there is seldom time for more. */
    static final int EVENTS = 6_000;

    /** Events of a version, about as many as one has in a pipeline at full speed. */
    static final int VERSION = 100;

    private static final SyntheticWorld.Settings WORLD =
            SyntheticWorld.Settings.defaults().withSize(150, 400, EVENTS);
    /** Events from one list to the next. */
    private static final int LIST = 8;

    private static final ModelRowFormat ROWS = new ModelRowFormat(false);
    private static final ModelRowFormat STORED_ROWS = new ModelRowFormat(true);
    private static final EnrichedInteractionFormat ENRICHED = new EnrichedInteractionFormat();
    private static final TrainingRecordFormat RECORDS = new TrainingRecordFormat();

    private final Thread thread;
    private volatile boolean stopped;
    private volatile int events;

    private WarmUp(ModelDefinition definition) {
        thread = new Thread(() -> run(definition), "warm-up");
        thread.setDaemon(true);
    }

    /** Starts to warm up for a model. */
    static WarmUp start(ModelDefinition definition) {
        WarmUp warmUp = new WarmUp(definition);
        warmUp.thread.start();
        return warmUp;
    }

    private void run(ModelDefinition definition) {
        long started = System.nanoTime();
        try {
            new Run(definition).through(SyntheticWorld.generate(WORLD));
            LOG.debug("warmed up by {} events in {} ms", events, (System.nanoTime() - started) / 1_000_000);
        } catch (RuntimeException e) {
            LOG.warn("not warmed up, the first seconds will be slower: {}", e.toString(), e);
        }
    }

    /** Events that it has taken so far. */
    int events() {
        return events;
    }

    /** Stops after the event at hand, and waits for that. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one warm-up works with. */
    private final class Run {
        private final Enricher enricher;
        private final OnlineTrainer trainer;
        private final ServedModel served;
        private final Recommender recommender;
        private final Map<String, UserProfile> profiles = new HashMap<>();
        private final Map<String, Item> items = new HashMap<>();
        private final Map<String, UserContext> contexts = new HashMap<>();

        Run(ModelDefinition definition) {
            enricher = new Enricher(definition.schema());
            trainer = new OnlineTrainer(definition.settings(), definition.features(), TrainerSettings.DEFAULT);
            served = new ServedModel(definition);
            recommender = new Recommender(served, true);
        }

        void through(Dataset world) {
            world.users().forEach(user -> profiles.put(user.id(), user));
            for (Item item : world.items()) {
                items.put(item.id(), item);
                trainer.accept(enricher.under(new TrainingRecord.ItemAnnounced(item, Map.of())));
            }
            int number = 0;
            for (Interaction interaction : world.interactions()) {
                if (stopped) {
                    break;
                }
                learn(interaction, number);
                number++;
                if (number % VERSION == 0) {
                    publish();
                }
                if (number % LIST == 0) {
                    recommend(interaction.user(), number);
                }
                events = number;
            }
        }

        private void learn(Interaction interaction, int number) {
            Interaction read = read(interaction);
            UserContext before = contexts.getOrDefault(read.user(), UserContext.UNKNOWN);
            EnrichedInteraction enriched = enricher.enrich(JoinedInteraction.of(
                            new Coordinate(0, number), read, read.timestamp(), FeedbackTable.ALL_POSITIVE.of(read))
                    .with(profiles.get(read.user()))
                    .with(items.get(read.item()))
                    .with(before.history()));
            contexts.put(read.user(), before.after(ENRICHED.decode(ENRICHED.encode(enriched))));
            byte[] logged = RECORDS.encode(new TrainingRecord.Event(enriched, read.timestamp()));
            Evaluation evaluation =
                    trainer.accept(enricher.under(RECORDS.decode(logged))).orElseThrow();
            EvaluationJson.write(evaluation, Generation.FIRST);
        }

        private static Interaction read(Interaction interaction) {
            Validated<Interaction> read = EventReader.interaction(
                    interaction.user().getBytes(UTF_8), EventJson.interaction(interaction), interaction.timestamp());
            if (read instanceof Validated.Valid<Interaction> valid) {
                return valid.value();
            }
            throw new IllegalStateException("a synthetic interaction must be valid, got " + read);
        }

        private void publish() {
            ModelRow.Marker marker = trainer.close(new VersionWriter() {
                @Override
                public void row(ModelRow row) {
                    STORED_ROWS.encode(row);
                    ModelRow copy = ROWS.decode(ROWS.encode(row));
                    if (!(copy instanceof ModelRow.Marker)) {
                        served.stage(copy);
                    }
                }

                @Override
                public void removed(String key) {
                    served.stageRemoval(key);
                }

                @Override
                public void sequence(SequenceChunk chunk) {}
            });
            served.publish(marker);
        }

        private void recommend(String user, int number) {
            RecommendationJson.write(new IssuedRecommendation(
                    user,
                    number,
                    new Coordinate(0, number),
                    false,
                    recommender.recommend(
                            contexts.getOrDefault(user, UserContext.UNKNOWN), Limits.DEFAULT_K, Set.of())));
        }
    }
}

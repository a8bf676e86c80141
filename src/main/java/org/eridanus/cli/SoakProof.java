package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.eridanus.accounting.AuditReader;
import org.eridanus.accounting.StreamingAudit;
import org.eridanus.config.Configuration;
import org.eridanus.dataset.DriftingWorld;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.server.HttpSettings;
import org.eridanus.stream.FeaturesLimits;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerSettings;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainerSettings;

/**
 * Runs broker and pipeline in this process on a {@linkplain DriftingWorld world without end}, with bounds on users and
 * items that it exceeds many times over, measures memory and disk on the way, and accounts for every event.
 *
 * <p>Topics keep so little that their disk is at its bound after a short while: what retention would hold for days says
 * nothing about growth.
 *
 * <p>Threading: for one thread.
 */
final class SoakProof {
    /** What a series may grow in any case, in bytes. */
    static final long FLOOR_BYTES = 8L << 20;

    private static final Duration START = Duration.ofSeconds(180);
    private static final Duration STALL = Duration.ofSeconds(180);
    private static final Duration SETTLE = Duration.ofSeconds(180);
    private static final Duration PAUSE = Duration.ofMillis(2);
    /** Interactions under way at most. */
    private static final int WINDOW = 2_000;
    /** Events of sampled users that may wait for their lists. */
    private static final int LISTS_WAITED = 200;

    private static final int SAMPLES = 200;
    private static final int FEWEST_EVENTS_A_SAMPLE = 1_000;
    private static final int PARTITIONS = 4;
    private static final String KIB_4096 = String.valueOf(4 << 20);

    private static final Map<String, String> BROKER = Map.of(
            "log.retention.check.interval.ms", "5000",
            "log.initial.task.delay.ms", "5000",
            "log.cleaner.backoff.ms", "1000",
            "offsets.topic.segment.bytes", KIB_4096,
            "transaction.state.log.segment.bytes", KIB_4096);

    /** Of topics that retention keeps small: what an event may wait to be read, many times over. */
    private static final Map<String, String> KEPT_SHORT = Map.of(
            "retention.bytes", String.valueOf(8 << 20),
            "segment.bytes", String.valueOf(2 << 20),
            "file.delete.delay.ms", "1000");

    /** Of topics that compaction keeps small, changelogs included. */
    private static final Map<String, String> COMPACTED = Map.of(
            "segment.bytes", KIB_4096,
            "segment.ms", "60000",
            "min.cleanable.dirty.ratio", "0.2",
            "max.compaction.lag.ms", "60000",
            "delete.retention.ms", "60000",
            "file.delete.delay.ms", "1000");

    private final Settings settings;
    private final Path folder;
    private final Screen screen;
    private final Runnable check;
    private final List<SoakResult.Sample> samples = new ArrayList<>();
    private long published;

    /**
     * What is asked for.
     *
     * @param events interactions
     * @param seed of the world
     * @param model the model
     * @param users that are there at a time, at least 10; twice as many are kept
     * @param items that are on sale at a time, at least 100; a quarter more are kept
     * @param window positive events that the trainer remembers
     * @param tolerance share by which a series may grow in the second half, in [0, 1]
     */
    record Settings(long events, long seed, ModelSettings model, int users, int items, int window, double tolerance) {
        Settings {
            if (events < 12L * FEWEST_EVENTS_A_SAMPLE) {
                throw new IllegalArgumentException("--events must be at least " + 12 * FEWEST_EVENTS_A_SAMPLE
                        + ", so that there is something to measure, got " + events);
            }
            if (!(tolerance >= 0 && tolerance <= 1)) {
                throw new IllegalArgumentException("--tolerance must be a share in [0, 1], got " + tolerance);
            }
        }

        int maxUsers() {
            return 2 * users;
        }

        int maxItems() {
            return items + items / 4;
        }

        private PipelineSettings pipeline() {
            return new PipelineSettings(
                    EnumSet.allOf(Role.class),
                    TopicNames.PLAIN,
                    model,
                    Presets.schema(model),
                    Generation.FIRST,
                    FeedbackTable.ALL_POSITIVE,
                    FeaturesLimits.DEFAULT.withUsersPerTask(-Math.floorDiv(-maxUsers(), PARTITIONS)),
                    // A world that drifts must not look like one that is poisoned: learning has to go on.
                    TrainerSettings.DEFAULT
                            .withWindow(window)
                            .withCollapse(TrainerSettings.Collapse.NEVER)
                            .withMaxItems(maxItems()),
                    ScorerSettings.DEFAULT);
        }
    }

    /**
     * A soak.
     *
     * @param folder where to keep data
     * @param check throws if there is no point in going on
     */
    SoakProof(Settings settings, Path folder, Screen screen, Runnable check) {
        this.settings = settings;
        this.folder = folder;
        this.screen = screen;
        this.check = check;
    }

    /** Runs it. */
    SoakResult run() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0, BROKER)) {
            String servers = broker.bootstrapServers();
            applyTopics(servers);
            PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
            try (AuditReader audit = new AuditReader(servers);
                    RunningPipeline running = start(servers, metrics);
                    EventPublisher publisher = new EventPublisher(servers)) {
                return soak(servers, audit, running, publisher, metrics);
            }
        }
    }

    private static void applyTopics(String servers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            new TopicApplier(admin, new TopicSettings(PARTITIONS, 1, TopicNames.PLAIN))
                    .apply(TopicFiles.find().load().stream()
                            .map(SoakProof::keptShort)
                            .toList());
        }
    }

    private static TopicDefinition keptShort(TopicDefinition topic) {
        Map<String, String> config = new HashMap<>(topic.config());
        String cleanup = config.getOrDefault("cleanup.policy", "delete");
        if (cleanup.contains("compact")) {
            config.putAll(COMPACTED);
        }
        if (cleanup.contains("delete")) {
            config.putAll(KEPT_SHORT);
        }
        return new TopicDefinition(
                topic.name(),
                topic.fixedPartitions(),
                config,
                topic.carries(),
                topic.key(),
                topic.value(),
                topic.writtenBy(),
                topic.readBy(),
                topic.stateful());
    }

    private RunningPipeline start(String servers, PipelineMetrics metrics) {
        Map<String, String> changelogs = new HashMap<>();
        COMPACTED.forEach((name, value) -> changelogs.put("topic." + name, value));
        return RunningPipeline.start(
                new RunningPipeline.Settings(
                        settings.pipeline(),
                        StreamsSettings.of(servers, folder.resolve("state")).withOverrides(changelogs),
                        null,
                        new RunningPipeline.Http(HttpSettings.onLoopback(0), true)),
                metrics);
    }

    private SoakResult soak(
            String servers,
            AuditReader audit,
            RunningPipeline running,
            EventPublisher publisher,
            PipelineMetrics metrics) {
        Runnable checks = () -> {
            check.run();
            running.check();
        };
        DriftingWorld world = new DriftingWorld(settings.seed(), settings.users(), settings.items());
        DriftingWorld.Listener into = new Publishing(publisher);
        world.begin(into);
        publisher.flush();
        running.awaitRunning(START);
        Waiting waiting = new Waiting(PAUSE, checks);
        waiting.require(() -> audit.progress().announced() >= settings.items(), START, "items must be taken in");
        screen.line(String.format(
                Locale.ROOT,
                "%,d users and %,d items at a time, of which at most %,d and %,d are kept; metrics at %smetrics",
                settings.users(),
                settings.items(),
                settings.maxUsers(),
                settings.maxItems(),
                running.http()));
        long began = System.nanoTime();
        long each = Math.max(FEWEST_EVENTS_A_SAMPLE, settings.events() / SAMPLES);
        while (world.events() < settings.events()) {
            if (world.events() % each == 0) {
                sample(world.events(), began, audit.progress());
            }
            makeRoom(checks, audit);
            world.next(into);
        }
        publisher.flush();
        if (!waiting.until(() -> isSettled(audit.progress()), SETTLE)) {
            throw new CommandException("every event must be done within " + SETTLE.toSeconds()
                    + " s after the last, and was not: " + audit.progress() + "; look into the log");
        }
        sample(world.events(), began, audit.progress());
        double seconds = (System.nanoTime() - began) / 1e9;
        StreamingAudit.Account account = audit.finish(SETTLE);
        Optional<SoakResult.Replayed> replayed = replay(servers, checks);
        screen.clear();
        return new SoakResult(
                settings,
                samples,
                account,
                replayed,
                new SoakResult.Turnover(world.usersEver(), count(metrics, "eridanus.features.evicted.users")),
                new SoakResult.Turnover(world.itemsEver(), count(metrics, "eridanus.training.evicted.items")),
                seconds);
    }

    private static long count(PipelineMetrics metrics, String meter) {
        return Math.round(metrics.registry().get(meter).counter().count());
    }

    private boolean isSettled(StreamingAudit.Progress progress) {
        return progress.read() == published && progress.settled();
    }

    private void makeRoom(Runnable checks, AuditReader audit) {
        StreamingAudit.Progress progress = audit.progress();
        Standstill standstill = new Standstill();
        while (published - progress.done() >= WINDOW || progress.listsWaited() > LISTS_WAITED) {
            checks.run();
            LockSupport.parkNanos(PAUSE.toNanos());
            progress = audit.progress();
            if (standstill.look(progress.done(), true).compareTo(STALL) > 0) {
                throw new CommandException(
                        "an event must be done within " + STALL.toSeconds() + " s, and none was: " + progress);
            }
        }
    }

    private void sample(long events, long began, StreamingAudit.Progress progress) {
        Map<SoakSeries, Long> bytes = new EnumMap<>(SoakSeries.class);
        for (SoakSeries series : SoakSeries.values()) {
            bytes.put(series, series.measure(folder));
        }
        SoakResult.Sample sample =
                new SoakResult.Sample(events, (System.nanoTime() - began) / 1e9, bytes, progress.hitRate());
        samples.add(sample);
        String text = String.format(
                Locale.ROOT,
                "%3d%%  %,d events, %,.0f/s  HR@10 %.3f  MiB: heap %d, resident %d, broker %d, stores %d",
                100 * events / settings.events(),
                events,
                events / Math.max(1e-9, sample.seconds()),
                progress.hitRate(),
                sample.of(SoakSeries.HEAP) >> 20,
                sample.of(SoakSeries.RESIDENT) >> 20,
                sample.of(SoakSeries.BROKER_DISK) >> 20,
                sample.of(SoakSeries.STATE_DISK) >> 20);
        screen.status(text);
    }

    /** What a replay of the training log comes to: nothing where retention has cut it. */
    private Optional<SoakResult.Replayed> replay(String servers, Runnable checks) {
        Configuration clients =
                Configuration.parse("the soak", "kafka:\n  bootstrap-servers: " + servers + "\n", Map.of());
        ModelSnapshot served = ModelSnapshot.read(clients, checks);
        Retraining retraining =
                new Retraining(settings.pipeline(), served.marker().version());
        try (TopicReader log = new TopicReader(clients, Topics.TRAINING_LOG)) {
            if (!log.isWhole()) {
                return Optional.empty();
            }
            log.readToEnd(record -> retraining.take(record.offset(), record.value()), checks);
        }
        return Optional.of(new SoakResult.Replayed(ModelDifference.between(served, retraining.model())));
    }

    private final class Publishing implements DriftingWorld.Listener {
        private final EventPublisher publisher;

        Publishing(EventPublisher publisher) {
            this.publisher = publisher;
        }

        @Override
        public void registered(UserProfile profile) {
            publisher.publish(profile);
        }

        @Override
        public void left(String user) {
            publisher.remove(Topics.USERS, user);
        }

        @Override
        public void announced(Item item) {
            publisher.publish(item);
        }

        @Override
        public void withdrawn(String item) {
            publisher.remove(Topics.ITEMS, item);
        }

        @Override
        public void consumed(Interaction interaction) {
            publisher.publish(interaction);
            published++;
        }

        @Override
        public void broken(String user) {
            publisher.send(Topics.INTERACTIONS, user, "{\"item\":\"\"}".getBytes(UTF_8));
            published++;
        }
    }
}

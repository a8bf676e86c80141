package org.eridanus.stream;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.UserContexts;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chosen roles running in this process, each apart from the others. They start together; when one fails the others
 * go on until {@link #close}, and whoever runs the pipeline learns of it by {@link #failure}.
 *
 * <p>Threading: {@code start} and {@code close} by one thread, everything else by all.
 */
public final class Pipeline implements AutoCloseable {
    /** What is said where there is nothing to recommend by but popularity. */
    public static final String NO_MODEL =
            "no model yet: lists are by popularity until the trainer has closed a version with events";

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    /** How often the roles' consumers are looked at. */
    private static final Duration LOOK_FOR_STALLS = Duration.ofSeconds(5);

    private final Map<Role, StreamsRole> roles = new EnumMap<>(Role.class);
    private final TopicNames topics;
    private final @Nullable ServedModel model;
    private final OpenContexts open;
    private final ClockWatch clockWatch;
    private final ScheduledExecutorService stallWatch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stall-watch");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A pipeline of given topologies that is not yet started.
     *
     * @param topologies the topology of each role to run
     * @throws RoleException if a role cannot be set up
     */
    public Pipeline(Map<Role, Topology> topologies, StreamsSettings settings) {
        this(topologies, settings, System::nanoTime);
    }

    /** The same by a clock of the caller's, in nanoseconds, that tells how long roles have waited. */
    Pipeline(Map<Role, Topology> topologies, StreamsSettings settings, LongSupplier nanoTime) {
        this(topologies, settings, TopicNames.PLAIN, null, new OpenContexts(), Clock.systemUTC(), nanoTime);
    }

    /**
     * A pipeline of Eridanus's roles that is not yet started.
     *
     * @param settings what the roles do
     * @param streams how they run on Kafka
     * @param clock stamps the training log and lists, and measures freshness; the one that Kafka goes by, so that the roles
     *     stop when it is set back
     * @param monitors who is told
     * @throws RoleException if a role cannot be set up
     */
    public static Pipeline of(
            PipelineSettings settings, StreamsSettings streams, Clock clock, PipelineSettings.Monitors monitors) {
        if (!settings.generation().equals(streams.generation())) {
            throw new IllegalArgumentException("roles and streams must be of one generation, got "
                    + settings.generation() + " and " + streams.generation());
        }
        ServedModel model = new ServedModel(settings.definition(), settings.generation());
        OpenContexts open = new OpenContexts();
        return new Pipeline(
                settings.topologies(model, open, clock, monitors),
                streams,
                settings.topics(),
                model,
                open,
                clock,
                System::nanoTime);
    }

    private Pipeline(
            Map<Role, Topology> topologies,
            StreamsSettings settings,
            TopicNames topics,
            @Nullable ServedModel model,
            OpenContexts open,
            Clock clock,
            LongSupplier nanoTime) {
        this.topics = topics;
        this.model = model;
        this.open = open;
        this.clockWatch = new ClockWatch(clock::millis, System::nanoTime);
        if (topologies.isEmpty()) {
            throw new IllegalArgumentException("roles must name at least one of features, trainer, scorer, got none");
        }
        try {
            topologies.forEach(
                    (role, topology) -> roles.put(role, new StreamsRole(role, topology, settings, nanoTime)));
        } catch (RoleException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts all roles and returns at once.
     *
     * @throws RoleException if one cannot start; {@link #close} stops the others
     */
    public void start() {
        clockWatch.start(setBack -> roles.values().forEach(role -> role.stopForClock(setBack)));
        roles.values().forEach(StreamsRole::start);
        stallWatch.scheduleWithFixedDelay(
                () -> roles.values().forEach(StreamsRole::lookForStalls),
                LOOK_FOR_STALLS.toMillis(),
                LOOK_FOR_STALLS.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until every role has all its tasks.
     *
     * @throws RoleException if one fails, or does not get there in time
     */
    public void awaitRunning(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        for (StreamsRole role : roles.values()) {
            role.awaitRunning(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        if (model != null
                && roles.containsKey(Role.SCORER)
                && !model.loaded()
                && model.refusal().isEmpty()) {
            LOG.info(NO_MODEL);
        }
    }

    /**
     * What keeps roles from working right now, a sentence each; empty while all run. The scorer has read the whole model
     * before it runs; if there is none it works all the same, by fallbacks that say so. It does not while the only model
     * is another preset's.
     */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        roles.forEach((role, running) -> running.missing().ifPresent(what -> missing.add(role.label() + ": " + what)));
        if (roles.containsKey(Role.SCORER) && model != null && !model.loaded()) {
            model.refusal().ifPresent(why -> missing.add(Role.SCORER.label() + ": " + why));
        }
        return missing;
    }

    /** The model that the scorer serves, where it runs here. */
    public Optional<ServedModel> model() {
        return roles.containsKey(Role.SCORER) ? Optional.ofNullable(model) : Optional.empty();
    }

    /** What the scorer knows of users, where it runs here. */
    public Optional<UserContexts> contexts() {
        StreamsRole scorer = roles.get(Role.SCORER);
        return scorer == null || model == null
                ? Optional.empty()
                : Optional.of(scorer.contexts(topics.of(Topics.ENRICHED_INTERACTIONS), open));
    }

    /** Completes with the first fault that stopped a role; never completes otherwise. */
    public CompletableFuture<RoleException> failure() {
        CompletableFuture<RoleException> first = new CompletableFuture<>();
        roles.values().forEach(role -> role.failure().thenAccept(first::complete));
        return first;
    }

    /** Which roles run here. */
    public Set<Role> roles() {
        return Set.copyOf(roles.keySet());
    }

    /** Kafka's side of a role that runs here. */
    public Optional<KafkaStreams> streams(Role role) {
        return Optional.ofNullable(roles.get(role)).map(StreamsRole::streams);
    }

    /** Whether a role that runs here does not get on in a partition though records are there. */
    public boolean stalled(Role role) {
        StreamsRole running = roles.get(role);
        return running != null && !running.stalled().isEmpty();
    }

    /** Stops all roles, at the same time. */
    @Override
    public void close() {
        clockWatch.close();
        stallWatch.shutdownNow();
        List<Thread> closing = new ArrayList<>();
        roles.forEach((role, running) -> {
            Thread thread = new Thread(running::close, "close-" + role.label());
            thread.start();
            closing.add(thread);
        });
        boolean interrupted = false;
        for (Thread thread : closing) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    // Closing is bounded in time by itself.
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

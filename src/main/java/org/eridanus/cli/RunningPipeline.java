package org.eridanus.cli;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.live.InteractionProducer;
import org.eridanus.live.LiveFeed;
import org.eridanus.metrics.LiveMetrics;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.recommend.ServedModel;
import org.eridanus.server.Endpoints;
import org.eridanus.server.HttpServer;
import org.eridanus.server.HttpSettings;
import org.eridanus.server.LiveEndpoints;
import org.eridanus.server.PageEndpoints;
import org.eridanus.server.QueryEndpoints;
import org.eridanus.server.ServerException;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.RoleException;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicSettings;
import org.jspecify.annotations.Nullable;

/**
 * Roles at work in this process, with all that belongs to them: their topics, the metrics and the HTTP server. The server
 * answers first, and says what is missing until the roles run.
 *
 * <p>Threading: started and closed by one thread, everything else is for all.
 */
final class RunningPipeline implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpServer server;
    private final Pipeline pipeline;
    private final PipelineMetrics metrics;
    private final CompletableFuture<RoleException> failure;
    private volatile boolean applied;

    /**
     * What to run.
     *
     * @param roles what the roles do
     * @param streams how they run on Kafka
     * @param topics the topics to apply first; null to leave them to the operator
     * @param http where the server listens
     */
    record Settings(
            PipelineSettings roles,
            StreamsSettings streams,
            @Nullable TopicSettings topics,
            Http http) {}

    /**
     * Where the HTTP server listens.
     *
     * @param settings the address, and whether it changes anything
     * @param elsewhere whether a free port will do where the one asked for is taken
     */
    record Http(HttpSettings settings, boolean elsewhere) {}

    private RunningPipeline(Settings settings, PipelineMetrics metrics) {
        this.metrics = metrics;
        try {
            add(metrics);
            pipeline = add(Pipeline.of(
                    settings.roles(),
                    settings.streams(),
                    Clock.systemUTC(),
                    metrics.monitors(settings.roles().roles())));
            failure = pipeline.failure();
            metrics.bind(pipeline);
            Optional<LiveFeed> feed =
                    pipeline.model().map(model -> add(feed(settings.streams(), settings.roles(), model)));
            server = startServer(settings.http(), metrics, endpoints(settings, feed));
            // It answers until everything else has stopped.
            parts.addLast(server);
            if (settings.topics() != null) {
                applyTopics(settings.streams(), settings.topics());
            }
            applied = true;
            pipeline.start();
            feed.ifPresent(LiveFeed::start);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything and returns before the roles have their tasks.
     *
     * @param metrics counts what goes on, and is closed in the end
     */
    static RunningPipeline start(Settings settings, PipelineMetrics metrics) {
        return new RunningPipeline(settings, metrics);
    }

    private HttpServer startServer(Http http, PipelineMetrics metrics, List<Endpoints> endpoints) {
        try {
            return HttpServer.start(http.settings(), metrics.registry(), this::missing, this::notes, endpoints);
        } catch (ServerException e) {
            if (!http.elsewhere()) {
                throw e;
            }
            return HttpServer.start(
                    http.settings().withPort(0), metrics.registry(), this::missing, this::notes, endpoints);
        }
    }

    private static LiveFeed feed(StreamsSettings streams, PipelineSettings roles, ServedModel model) {
        return new LiveFeed(streams.consumerConfig(), roles.topics(), model, Clock.systemUTC());
    }

    /** What can be asked where the scorer runs, and nothing elsewhere. */
    private List<Endpoints> endpoints(Settings settings, Optional<LiveFeed> feed) {
        if (feed.isEmpty()) {
            return List.of();
        }
        StreamsSettings streams = settings.streams();
        Optional<InteractionProducer> producer = settings.http().settings().writable()
                ? Optional.of(add(new InteractionProducer(
                        streams.producerConfig(), settings.roles().topics())))
                : Optional.empty();
        return List.of(
                new QueryEndpoints(
                        pipeline.contexts().orElseThrow(),
                        pipeline.model().orElseThrow(),
                        settings.roles().scorer().hideConsumed(),
                        feed.get().catalogue(),
                        feed.get().users(),
                        Clock.systemUTC()),
                new LiveEndpoints(feed.get(), producer, new LiveMetrics(metrics.registry()), Clock.systemUTC()),
                new PageEndpoints());
    }

    private static void applyTopics(StreamsSettings streams, TopicSettings topics) {
        try (Admin admin = Admin.create(streams.adminConfig())) {
            new TopicApplier(admin, topics).apply(TopicFiles.find().load());
        }
    }

    private List<String> notes() {
        return notes(
                pipeline.model(),
                () -> pipeline.roles().contains(Role.TRAINER)
                        && metrics.trainer().frozen());
    }

    /**
     * What is not as usual though the pipeline works.
     *
     * @param model the model that is served here, empty where none is
     * @param trainerFrozen whether a trainer is here that has stopped learning; asked where no model is served
     */
    static List<String> notes(Optional<ServedModel> model, BooleanSupplier trainerFrozen) {
        List<String> notes = new ArrayList<>();
        // The trainer closes a first version for the features role's settings alone, before any event.
        if (model.isPresent()
                && model.get().marker().map(marker -> marker.events() == 0).orElse(true)) {
            notes.add(Pipeline.NO_MODEL);
        }
        // Scorers learn of it by the model, a process that has the trainer alone by its last version.
        if (model.filter(ServedModel::loaded).map(ServedModel::frozen).orElseGet(trainerFrozen::getAsBoolean)) {
            notes.add("learning is frozen, by a command or because accuracy collapsed; see the trainer's log, and"
                    + " resume it by: eridanus model resume");
        }
        return notes;
    }

    private List<String> missing() {
        return applied ? pipeline.missing() : List.of("topics are being applied");
    }

    /** Whether every role has all its tasks, here or in another instance. */
    boolean ready() {
        return missing().isEmpty();
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Where the HTTP server answers; ends with a slash. */
    URI http() {
        return server.uri();
    }

    /**
     * Throws if a role has failed.
     *
     * @throws RoleException with what went wrong
     */
    void check() {
        RoleException failed = failure.getNow(null);
        if (failed != null) {
            throw failed;
        }
    }

    /**
     * Waits until every role has all its tasks.
     *
     * @throws RoleException if one fails, or does not get there in time
     */
    void awaitRunning(Duration patience) {
        pipeline.awaitRunning(patience);
    }

    /** Kafka's side of a role that runs here. */
    KafkaStreams streams(Role role) {
        return pipeline.streams(role).orElseThrow();
    }

    /** Stops everything, the server last. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = new CommandException("a part of the pipeline did not stop: " + e, e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}

package org.eridanus.cli;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.server.MetricsServer;
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
    private final MetricsServer server;
    private final Pipeline pipeline;
    private final CompletableFuture<RoleException> failure;
    private volatile @Nullable Pipeline started;

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
     * @param host the address it binds
     * @param port its port, 0 for a free one
     * @param elsewhere whether a free port will do where {@code port} is taken
     */
    record Http(String host, int port, boolean elsewhere) {}

    private RunningPipeline(Settings settings, PipelineMetrics metrics) {
        try {
            add(metrics);
            server = add(startServer(settings.http(), metrics));
            if (settings.topics() != null) {
                applyTopics(settings.streams(), settings.topics());
            }
            pipeline = add(Pipeline.of(
                    settings.roles(),
                    settings.streams(),
                    Clock.systemUTC(),
                    metrics.monitors(settings.roles().roles())));
            failure = pipeline.failure();
            metrics.bind(pipeline);
            started = pipeline;
            pipeline.start();
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

    private MetricsServer startServer(Http http, PipelineMetrics metrics) {
        try {
            return MetricsServer.start(http.host(), http.port(), metrics.registry(), this::missing);
        } catch (ServerException e) {
            if (!http.elsewhere()) {
                throw e;
            }
            return MetricsServer.start(http.host(), 0, metrics.registry(), this::missing);
        }
    }

    private static void applyTopics(StreamsSettings streams, TopicSettings topics) {
        try (Admin admin = Admin.create(streams.clientConfig(AdminClientConfig.configNames()))) {
            new TopicApplier(admin, topics).apply(TopicFiles.find().load());
        }
    }

    private List<String> missing() {
        Pipeline running = started;
        return running == null ? List.of("topics are being applied") : running.missing();
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

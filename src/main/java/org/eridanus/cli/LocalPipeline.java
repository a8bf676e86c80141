package org.eridanus.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.event.Item;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.server.MetricsServer;
import org.eridanus.server.ServerException;
import org.eridanus.stream.Names;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.RoleException;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * All of Eridanus in this process: broker, topics, the three roles, and the metrics.
 *
 * <p>Threading: started and closed by one thread, everything else is for all.
 */
final class LocalPipeline implements AutoCloseable {
    private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EmbeddedBroker broker;
    private final Admin admin;
    private final FreshnessWatch freshness;
    private final Pipeline pipeline;
    private final CompletableFuture<RoleException> failure;
    private final MetricsServer server;
    private final StreamsSettings streams;

    private LocalPipeline(DemoOptions options, Path folder) {
        try {
            broker = add(EmbeddedBroker.start(folder, options.brokerPort()));
            admin = add(Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers())));
            new TopicApplier(admin, new TopicSettings(options.partitions(), 1, ""))
                    .apply(TopicFiles.find().load());
            PipelineMetrics metrics = add(new PipelineMetrics(Clock.systemUTC()));
            freshness = new FreshnessWatch(metrics.scorer());
            streams = StreamsSettings.of(broker.bootstrapServers(), folder.resolve("state"));
            pipeline = add(Pipeline.of(
                    PipelineSettings.of(options.model()),
                    streams,
                    Clock.systemUTC(),
                    new PipelineSettings.Monitors(metrics.features(), metrics.trainer(), freshness)));
            failure = pipeline.failure();
            for (Role role : pipeline.roles()) {
                pipeline.streams(role).ifPresent(kafka -> metrics.bind(role, kafka));
            }
            server = add(startServer(options.httpPort(), metrics));
            pipeline.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything and returns before the roles have their tasks.
     *
     * @param folder where broker and stores keep their data
     */
    static LocalPipeline start(DemoOptions options, Path folder) {
        return new LocalPipeline(options, folder);
    }

    private MetricsServer startServer(OptionalInt wanted, PipelineMetrics metrics) {
        try {
            return MetricsServer.start(wanted.orElse(DemoOptions.HTTP_PORT), metrics.registry(), this::missing);
        } catch (ServerException e) {
            if (wanted.isPresent()) {
                throw e;
            }
            return MetricsServer.start(0, metrics.registry(), this::missing);
        }
    }

    private List<String> missing() {
        return pipeline.missing();
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Where clients connect. */
    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** How long the broker took to become ready. */
    Duration brokerStartTime() {
        return broker.startTime();
    }

    /** Where the metrics are. */
    URI metrics() {
        return server.uri().resolve("metrics");
    }

    /** From an event to a served model that has learned from it. */
    DemoSummary.Quantiles freshness() {
        return freshness.quantiles();
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

    /** Whether the features role has taken in all users and items published so far, and joins with these items. */
    boolean knows(List<Item> items) {
        return hasReadAll(Topics.USERS, Topics.ITEMS) && joinsWith(items);
    }

    private boolean hasReadAll(String... topics) {
        try {
            Map<TopicPartition, OffsetSpec> wanted = admin
                    .describeTopics(List.of(topics))
                    .allTopicNames()
                    .get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(
                            streams.applicationId(Role.FEATURES))
                    .partitionsToOffsetAndMetadata()
                    .get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return admin
                    .listOffsets(wanted)
                    .all()
                    .get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .entrySet()
                    .stream()
                    .allMatch(end -> end.getValue().offset() == 0
                            || offset(read.get(end.getKey())) >= end.getValue().offset());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking what was read", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the broker must tell what was read, and did not: " + e, e);
        }
    }

    private static long offset(@Nullable OffsetAndMetadata read) {
        return read == null ? -1 : read.offset();
    }

    private boolean joinsWith(List<Item> items) {
        try {
            ReadOnlyKeyValueStore<String, CatalogueItem> catalogue = pipeline.streams(Role.FEATURES)
                    .orElseThrow()
                    .store(StoreQueryParameters.fromNameAndType(
                            Names.CATALOGUE_STORE, QueryableStoreTypes.<String, CatalogueItem>keyValueStore()));
            return items.stream().allMatch(item -> catalogue.get(item.id()) != null);
        } catch (InvalidStateStoreException e) {
            // Not open yet, or being moved.
            return false;
        }
    }

    /** Stops everything, the broker last. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = new DemoException("a part of the pipeline did not stop: " + e, e);
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

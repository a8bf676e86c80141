package org.eridanus.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.eridanus.server.HttpSettings;
import org.eridanus.stream.Names;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * All of Eridanus in this process: a broker, and what {@link RunningPipeline} runs on it.
 *
 * <p>Threading: started and closed by one thread, everything else is for all.
 */
final class LocalPipeline implements AutoCloseable {
    private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(10);

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final FreshnessWatch freshness = new FreshnessWatch(Clock.systemUTC());
    private final RunningPipeline running;
    private final StreamsSettings streams;

    /**
     * Starts everything and returns before the roles have their tasks.
     *
     * @param folder where broker and stores keep their data
     */
    static LocalPipeline start(DemoOptions options, Path folder) {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, options.brokerPort());
        try {
            return new LocalPipeline(options, folder, broker);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    private LocalPipeline(DemoOptions options, Path folder, EmbeddedBroker broker) {
        this.broker = broker;
        streams = StreamsSettings.of(broker.bootstrapServers(), folder.resolve("state"));
        PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
        metrics.scorer().onFreshness(freshness);
        running = RunningPipeline.start(
                new RunningPipeline.Settings(
                        PipelineSettings.of(options.model()),
                        streams,
                        new TopicSettings(options.partitions(), 1, TopicNames.PLAIN),
                        new RunningPipeline.Http(
                                HttpSettings.onLoopback(options.httpPort().orElse(HttpSettings.PORT))
                                        .withWriting(),
                                options.httpPort().isEmpty())),
                metrics);
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /** Where clients connect. */
    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** How long the broker took to become ready. */
    Duration brokerStartTime() {
        return broker.startTime();
    }

    /** Where the HTTP server is, ending with a slash. */
    URI http() {
        return running.http();
    }

    /** How long it takes from an event to a served model that has learned from it. */
    FreshnessWatch freshness() {
        return freshness;
    }

    /**
     * Throws if a role has failed.
     *
     * @throws org.eridanus.stream.RoleException with what went wrong
     */
    void check() {
        running.check();
    }

    /**
     * Waits until every role has all its tasks.
     *
     * @throws org.eridanus.stream.RoleException if one fails, or does not get there in time
     */
    void awaitRunning(Duration patience) {
        running.awaitRunning(patience);
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
            ReadOnlyKeyValueStore<String, CatalogueItem> catalogue = running.streams(Role.FEATURES)
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
        try (broker;
                admin) {
            running.close();
        }
    }
}

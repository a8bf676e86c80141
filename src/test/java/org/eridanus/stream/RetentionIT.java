package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.model.Presets;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that happened in 1997, as MovieLens has them, are not old for Kafka. */
class RetentionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long IN_1997 = 881_250_949_000L;
    private static final int EVENTS = 200;
    private static final String PROBE = "probe";

    @Test
    void shouldKeepAndJoinEventsOf1997ThroughRetentionChecks(@TempDir Path folder) throws Exception {
        Map<String, String> often =
                Map.of("log.retention.check.interval.ms", "100", "log.initial.task.delay.ms", "100");
        try (TestBroker broker = TestBroker.start(often);
                Admin admin = broker.admin();
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            new TopicApplier(admin, TopicSettings.DEFAULT)
                    .apply(TopicFiles.in(Path.of("topics")).load());
            broker.create(new NewTopic(PROBE, 1, (short) 1).configs(Map.of("retention.ms", "1000")));
            try (Pipeline pipeline = Pipeline.of(
                    PipelineSettings.of(Presets.online()),
                    StreamsSettings.of(broker.bootstrapServers(), folder),
                    Clock.systemUTC(),
                    PipelineSettings.Monitors.NONE)) {
                pipeline.start();
                pipeline.awaitRunning(PATIENCE);
                TestBroker.send(producer, Topics.USERS, IN_1997, "u", "{\"id\":\"u\",\"gender\":\"F\"}");
                for (int item = 0; item < 40; item++) {
                    TestBroker.send(
                            producer,
                            Topics.ITEMS,
                            IN_1997,
                            "i" + item,
                            "{\"id\":\"i" + item + "\",\"genres\":[\"war\"]}");
                }
                Await.until(
                        PATIENCE,
                        () -> broker.read(Topics.CATALOGUE).size() == 40
                                && !broker.read("eridanus-features-profile-store-changelog")
                                        .isEmpty(),
                        "user and items known, each of which has an order of its own");
                for (int event = 0; event < EVENTS; event++) {
                    TestBroker.send(
                            producer,
                            Topics.INTERACTIONS,
                            IN_1997,
                            "u",
                            "{\"user\":\"u\",\"item\":\"i" + event % 40 + "\",\"timestamp\":" + (IN_1997 + event)
                                    + "}");
                    if (event % 50 == 0) {
                        awaitRetentionCheck(broker, admin, producer);
                    }
                }
                Await.until(
                        PATIENCE,
                        () -> broker.read(Topics.EVALUATIONS).size() == EVENTS
                                && !broker.read(Topics.RECOMMENDATIONS).isEmpty(),
                        "evaluations of all events, and a list");

                awaitRetentionCheck(broker, admin, producer);

                assertThat(starts(admin))
                        .as("first offset of each partition")
                        .allSatisfy((partition, offset) -> assertThat(offset).isZero());
                assertThat(broker.read(Topics.ENRICHED_INTERACTIONS))
                        .hasSize(EVENTS)
                        .extracting(each -> new EnrichedInteractionFormat().decode(each.value()))
                        .allMatch(EnrichedInteraction::itemAnnounced)
                        .allMatch(event -> event.categories().get("gender").equals(List.of("F"))
                                && event.categories().get("genre").equals(List.of("war"))
                                && event.interaction().timestamp() < IN_1997 + EVENTS);
            }
        }
    }

    /** Waits until the broker has looked through all its logs: until it has twice removed a record that is too old. */
    private static void awaitRetentionCheck(TestBroker broker, Admin admin, KafkaProducer<byte[], byte[]> producer)
            throws Exception {
        TopicPartition partition = new TopicPartition(PROBE, 0);
        for (int check = 0; check < 2; check++) {
            long offset = producer.send(new ProducerRecord<>(PROBE, 0, IN_1997, null, new byte[] {1}))
                    .get()
                    .offset();
            Await.until(
                    PATIENCE,
                    () -> earliest(admin, Set.of(partition)).get(partition) > offset,
                    "a record of 1997 to be removed where its time is the producer's");
        }
    }

    private static Map<TopicPartition, Long> starts(Admin admin) throws Exception {
        Set<String> topics = admin.listTopics().names().get();
        Set<TopicPartition> partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .filter(topic -> !topic.name().equals(PROBE))
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
        assertThat(partitions).extracting(TopicPartition::topic).contains(Topics.INTERACTIONS, Topics.TRAINING_LOG);
        return earliest(admin, partitions);
    }

    private static Map<TopicPartition, Long> earliest(Admin admin, Set<TopicPartition> partitions) {
        try {
            Map<TopicPartition, Long> starts = new TreeMap<>(Comparator.comparing(TopicPartition::toString));
            for (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> each : admin.listOffsets(
                            partitions.stream()
                                    .collect(Collectors.toMap(
                                            partition -> partition, partition -> OffsetSpec.earliest())))
                    .all()
                    .get()
                    .entrySet()) {
                starts.put(each.getKey(), each.getValue().offset());
            }
            return starts;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the broker does not tell where its logs begin", e);
        }
    }
}

package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.Role;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaMetersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RECORDS = 500;
    private static final int PARTITIONS = 16;
    /** Meters of Kafka in the table. */
    private static final int METERS = 15;

    /** With a partition for each thread, so that none is idle. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void shouldShowThreeRolesInOneSmallScrape(int threads, @TempDir Path folder) throws Exception {
        TestBroker broker = TestBroker.shared();
        String in = TestBroker.uniqueName("meters-in");
        String out = TestBroker.uniqueName("meters-out");
        broker.create(new NewTopic(in, PARTITIONS, (short) 1), new NewTopic(out, PARTITIONS, (short) 1));
        StreamsSettings settings = StreamsSettings.of(broker.bootstrapServers(), folder)
                .withPrefix(TestBroker.uniqueName("meters") + "-")
                .withOverrides(Map.of("num.stream.threads", Integer.toString(threads)));
        Map<Role, Topology> topologies =
                Map.of(Role.FEATURES, copying(in, out), Role.TRAINER, copying(in, out), Role.SCORER, copying(in, out));
        try (PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
                Pipeline pipeline = new Pipeline(topologies, settings)) {
            pipeline.start();
            for (Role role : Role.values()) {
                KafkaStreams streams = pipeline.streams(role).orElseThrow();
                metrics.bind(role, streams);
            }
            pipeline.awaitRunning(PATIENCE);
            produce(broker, in);
            Await.until(PATIENCE, () -> broker.read(out).size() == RECORDS * Role.values().length, "all copied");
            Await.until(
                    PATIENCE,
                    () -> lags(metrics, "role=\"scorer\"").stream().allMatch(lag -> lag == 0)
                            && lags(metrics, "partition=\"other\",role=\"scorer\"")
                                            .size()
                                    == 1,
                    "no lag");
            // Instances of many threads share partitions out again once all of them are there.
            Await.until(PATIENCE, () -> pipeline.missing().isEmpty(), "all tasks at work");

            metrics.refresh();

            String scrape = metrics.registry().scrape();
            long scraped = scrape.lines()
                    .filter(line -> line.startsWith("kafka_"))
                    .mapToLong(String::length)
                    .sum();
            System.out.printf(
                    "%d threads a role: %,d bytes of Kafka's meters, %,d in all%n", threads, scraped, scrape.length());

            assertThat(scrape)
                    .contains("eridanus_role_running{role=\"trainer\"} 1.0")
                    .contains("eridanus_restore_remaining_records{role=\"trainer\"} 0.0")
                    .contains("kafka_stream_thread_commit_total", "kafka_stream_alive_stream_threads")
                    .contains("kafka_consumer_coordinator_rebalance_total")
                    .contains("kafka_stream_failed_stream_threads_total{role=\"trainer\"} 0.0")
                    .contains("kafka_producer_txn_commit_time_ns_total{", "kafka_producer_buffer_available_bytes{")
                    .contains("kafka_consumer_last_poll_seconds_ago{");
            assertThat(processed(scrape)).isGreaterThanOrEqualTo(RECORDS * Role.values().length);
            List<String> kafka =
                    scrape.lines().filter(line -> line.startsWith("kafka_")).toList();
            for (Role role : Role.values()) {
                assertThat(kafka)
                        .as("a series of each kind for role %s", role)
                        .anyMatch(line -> line.startsWith("kafka_stream_alive_stream_threads{")
                                && line.contains("role=\"" + role.label() + "\""));
            }
            assertThat(kafka)
                    .as("one series of each kind for each role")
                    .hasSize(METERS * Role.values().length)
                    // NaN where the last commit is more than half a minute ago.
                    .filteredOn(line -> !line.startsWith("kafka_stream_thread_commit_latency_max"))
                    .noneMatch(line -> line.contains("NaN"));
            assertThat(figure(scrape, "kafka_stream_alive_stream_threads{role=\"scorer\"}"))
                    .isEqualTo(threads);
            assertThat(figure(scrape, "kafka_consumer_coordinator_assigned_partitions{role=\"scorer\"}"))
                    .isEqualTo(PARTITIONS);
        }
    }

    @Test
    void shouldSumUpPartitionsBeyondTheFirst(@TempDir Path folder) throws Exception {
        TestBroker broker = TestBroker.shared();
        String in = TestBroker.uniqueName("many-in");
        String out = TestBroker.uniqueName("many-out");
        broker.create(
                new NewTopic(in, KafkaMeters.PARTITIONS + 4, (short) 1),
                new NewTopic(out, KafkaMeters.PARTITIONS + 4, (short) 1));
        StreamsSettings settings =
                StreamsSettings.of(broker.bootstrapServers(), folder).withPrefix(TestBroker.uniqueName("many") + "-");
        try (PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
                Pipeline pipeline = new Pipeline(Map.of(Role.FEATURES, copying(in, out)), settings)) {
            metrics.bind(pipeline);
            pipeline.start();
            pipeline.awaitRunning(PATIENCE);
            produce(broker, in);

            Await.until(PATIENCE, () -> lags(metrics, "partition=\"other\"").size() == 1, "the other partitions");

            assertThat(lags(metrics, "")).hasSize(KafkaMeters.PARTITIONS + 1);
            assertThat(lags(metrics, "partition=\"" + KafkaMeters.PARTITIONS + "\""))
                    .isEmpty();
        }
    }

    private static List<Double> lags(PipelineMetrics metrics, String labels) {
        return metrics.registry()
                .scrape()
                .lines()
                .filter(line -> line.startsWith("eridanus_input_lag_records{") && line.contains(labels))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }

    private static double figure(String scrape, String series) {
        return scrape.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + series));
    }

    private static double processed(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith("kafka_stream_thread_process_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static Topology copying(String in, String out) {
        return new Topology()
                .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), in)
                .addSink("sink", out, new ByteArraySerializer(), new ByteArraySerializer(), "source");
    }

    private static void produce(TestBroker broker, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, bytes, bytes)).get();
            }
        }
    }
}

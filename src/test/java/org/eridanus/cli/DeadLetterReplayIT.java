package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.Header;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Limits;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.server.HttpSettings;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way back of what was refused: its cause is mended, it is produced again, and the model learns from it, once. */
class DeadLetterReplayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How far the clock of a producer is ahead of what is allowed. */
    private static final Duration TOO_FAR = Duration.ofSeconds(10);

    private static final String EARLY = "early";

    @Test
    void shouldLearnOnceFromWhatWasRefusedWhenItsCauseIsMended(@TempDir Path folder) throws Exception {
        try (TestBroker broker = TestBroker.start();
                RunningPipeline running = start(broker, folder);
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            Path config = Files.writeString(
                    folder.resolve("eridanus.yaml"),
                    "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}\n");
            TestBroker.send(producer, Topics.ITEMS, EARLY, "{\"id\":\"" + EARLY + "\"}");
            TestBroker.send(producer, Topics.INTERACTIONS, "u", "{\"user\":\"u\",\"item\":\"usual\"}");
            Await.until(PATIENCE, () -> running.ready() && learned(broker) == 1, "a usual event learned from");

            long due = System.currentTimeMillis() + TOO_FAR.toMillis();
            TestBroker.send(
                    producer,
                    Topics.INTERACTIONS,
                    "u",
                    "{\"user\":\"u\",\"item\":\"" + EARLY + "\",\"timestamp\":" + (due + Limits.AHEAD.toMillis())
                            + "}");
            Await.until(PATIENCE, () -> !broker.read(Topics.DEAD_LETTERS).isEmpty(), "a dead letter");
            ConsumerRecord<byte[], byte[]> letter =
                    broker.read(Topics.DEAD_LETTERS).get(0);
            String origin = header(letter, DeadLetters.TOPIC) + "-" + header(letter, DeadLetters.PARTITION) + "@"
                    + header(letter, DeadLetters.OFFSET);
            assertThat(header(letter, DeadLetters.REASON)).isEqualTo("in-the-future");
            assertThat(execute("list", config)).contains("in-the-future  1 dead letters, 0 of them produced again");

            // The clock is set right: the event's time is no longer too far ahead of the time at which it is produced.
            Await.until(PATIENCE, () -> System.currentTimeMillis() > due, "the cause mended");
            assertThat(execute("replay", config)).contains("1 dead letters produced again");
            Await.until(PATIENCE, () -> learned(broker) == 2, "the replayed event learned from");
            assertThat(execute("replay", config)).contains("0 dead letters produced again");
            TestBroker.send(producer, Topics.INTERACTIONS, "u", "{\"user\":\"u\",\"item\":\"next\"}");
            Await.until(PATIENCE, () -> learned(broker) == 3, "an event after it learned from");

            ConsumerRecord<byte[], byte[]> again = broker.read(Topics.INTERACTIONS).stream()
                    .filter(record -> new String(record.value(), UTF_8).contains(EARLY))
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            assertThat(header(again, DeadLetterTopic.ORIGIN)).isEqualTo(origin);
            assertThat(header(again, DeadLetterTopic.ATTEMPTS)).isEqualTo("1");
            Coordinate coordinate = new Coordinate(again.partition(), again.offset());
            assertThat(broker.read(Topics.ENRICHED_INTERACTIONS))
                    .filteredOn(record -> EnrichedInteractionFormat.head(record.value())
                            .item()
                            .equals(EARLY))
                    .singleElement()
                    .satisfies(enriched -> assertThat(EnrichedInteractionFormat.head(enriched.value())
                                    .coordinate())
                            .as("it leads to the record that names its origin")
                            .isEqualTo(coordinate));
            assertThat(broker.read(Topics.TRAINING_LOG))
                    .filteredOn(DeadLetterReplayIT::isEarly)
                    .hasSize(1);
            assertThat(broker.read(Topics.EVALUATIONS))
                    .filteredOn(record -> new String(record.value(), UTF_8).contains("\"item\":\"" + EARLY + "\""))
                    .hasSize(1);
            assertThat(broker.read(Topics.DEAD_LETTERS)).hasSize(1);
            assertThat(markers(broker).get(markers(broker).size() - 1).events()).isEqualTo(3);
            assertThat(execute("list", config)).contains("in-the-future  1 dead letters, 1 of them produced again");
        }
    }

    private static RunningPipeline start(TestBroker broker, Path folder) {
        return RunningPipeline.start(
                new RunningPipeline.Settings(
                        PipelineSettings.of(Presets.online()).withRoles(Set.of(Role.FEATURES, Role.TRAINER)),
                        StreamsSettings.of(broker.bootstrapServers(), folder.resolve("state")),
                        TopicSettings.DEFAULT,
                        new RunningPipeline.Http(new HttpSettings("127.0.0.1", 0, false), false)),
                new PipelineMetrics(Clock.systemUTC()));
    }

    /** Positive events that the last version has learned from. */
    private static long learned(TestBroker broker) {
        return markers(broker).stream()
                .mapToLong(ModelRow.Marker::positives)
                .max()
                .orElse(0);
    }

    private static List<ModelRow.Marker> markers(TestBroker broker) {
        return broker.read(Topics.MODEL).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(ModelRow.Marker.KEY))
                .map(record -> (ModelRow.Marker) new ModelRowFormat(false).decode(record.value()))
                .toList();
    }

    private static boolean isEarly(ConsumerRecord<byte[], byte[]> record) {
        return new TrainingRecordFormat().decode(record.value()) instanceof TrainingRecord.Event event
                && event.event().item().equals(EARLY);
    }

    private static String execute(String command, Path config) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(Eridanus.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(Stream.of("dead-letters", command, "--config", config.toString())
                                .toArray(String[]::new)))
                .as("%s %s", out, err)
                .isZero();
        return out.toString();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        assertThat(header).as("header %s", name).isNotNull();
        return new String(header.value(), UTF_8);
    }
}

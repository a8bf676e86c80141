package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.config.Configuration;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.Json;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainingLogs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay of a training log whose beginning retention has cut. */
class CutLogIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int EVENTS = 600;

    private final TestBroker broker = TestBroker.shared();
    private final String prefix = TestBroker.uniqueName("cut") + ".";

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private Configuration configuration =
            Configuration.parse("before the test", "kafka: {bootstrap-servers: '127.0.0.1:1'}", Map.of());

    private record Outcome(int code, String out, String err) {
        JsonNode json() {
            try {
                return Json.mapper().readTree(out);
            } catch (java.io.IOException e) {
                throw new AssertionError(out, e);
            }
        }
    }

    @BeforeEach
    void configure() throws Exception {
        file = Files.writeString(folder.resolve("eridanus.yaml"), """
                kafka: {bootstrap-servers: '%s'}
                topics: {prefix: %s, partitions: 2, replication: 1}
                model: {preset: association}
                state: {folder: '%s'}
                """.formatted(
                        broker.bootstrapServers(), prefix, folder.resolve("state")));
        configuration = Configuration.load(file, Map.of());
    }

    @Test
    void shouldReplayACutLogFromASnapshotThatReachesBehindTheCutAndFromNoOther() throws Exception {
        Path old = folder.resolve("old.gz");
        Path recent = folder.resolve("recent.gz");
        Path next = folder.resolve("next.gz");

        try (Pipeline trainer = trainer();
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            trainer.start();
            trainer.awaitRunning(PATIENCE);
            List<List<TrainingRecord>> parts = thirds();
            learn(producer, parts.get(0));
            assertDone(execute("model", "snapshot", old.toString()));
            learn(producer, parts.get(1));
            assertDone(execute("model", "snapshot", recent.toString(), "--from", old.toString()));
            learn(producer, parts.get(2));
        }
        long end = TrainerSnapshot.read(recent).nextOffset();
        long cut = end - 5;
        assertThat(cut).isGreaterThan(TrainerSnapshot.read(old).nextOffset());
        assertCutIsNotPassedOver(cut);

        Outcome fromTheStart = execute("replay", "--verify", "--json");
        Outcome fromTheOld = execute("replay", "--verify", "--json", "--from", old.toString());
        Outcome fromTheRecent = execute("replay", "--verify", "--json", "--from", recent.toString());

        assertThat(fromTheStart.code).isEqualTo(1);
        assertThat(fromTheStart.err)
                .isEqualToIgnoringNewLines("eridanus: the training log must be there from its start, and retention has"
                        + " cut it; begin with a snapshot that was taken before: --from FILE");
        assertThat(fromTheOld.code).isEqualTo(1);
        assertThat(fromTheOld.err)
                .isEqualToIgnoringNewLines("eridanus: the training log must be there from offset "
                        + TrainerSnapshot.read(old).nextOffset() + ", where " + old + " ends, and begins at " + cut
                        + "; begin with a newer snapshot, and take one more often than retention cuts");
        assertDone(fromTheRecent);
        assertThat(fromTheRecent.json().path("equal").asBoolean()).isTrue();
        assertThat(fromTheRecent.json().path("events").asInt()).isEqualTo(EVENTS);
        assertThat(fromTheRecent.json().path("sha256"))
                .isEqualTo(execute("model", "digest", "--json").json().path("sha256"));

        assertThat(execute("model", "snapshot", next.toString()).code)
                .as("a snapshot of a cut log without one before")
                .isEqualTo(1);
        assertThat(next).doesNotExist();
        assertDone(execute("model", "snapshot", next.toString(), "--from", recent.toString()));
        deleteBefore(TrainerSnapshot.read(next).nextOffset());
        assertDone(execute("replay", "--verify", "--from", next.toString()));
    }

    @Test
    void shouldNameTheFirstRowThatIsNotWhatTheLogComesTo() throws Exception {
        String topic = configuration.topics().names().of(Topics.MODEL);
        Path snapshot = folder.resolve("trainer.gz");
        try (Pipeline trainer = trainer();
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            trainer.start();
            trainer.awaitRunning(PATIENCE);
            learn(producer, thirds().get(0));
        }
        Map<String, byte[]> rows = new TreeMap<>();
        broker.read(topic).forEach(row -> rows.put(new String(row.key(), UTF_8), row.value()));
        String key = rows.keySet().stream()
                .filter(each -> each.startsWith("row/item/"))
                .findFirst()
                .orElseThrow();
        byte[] trained = rows.get(key);
        byte[] altered = trained.clone();
        altered[altered.length - 1] ^= 1;

        publish(topic, key, altered, rows.get(ModelRow.Marker.KEY));
        Outcome verified = execute("replay", "--verify", "--json");

        assertThat(verified.code).isEqualTo(1);
        assertThat(verified.json().path("equal").asBoolean(true)).isFalse();
        assertThat(verified.json().path("difference").asText())
                .isEqualTo("row " + key + " differs from byte " + (altered.length - 1) + " on: " + altered.length
                        + " bytes served, " + altered.length + " bytes by replay");
        assertDone(execute("replay", "--json"));
        Outcome kept = execute("model", "snapshot", snapshot.toString());
        assertThat(kept.code).isEqualTo(1);
        assertThat(kept.err).contains("or a snapshot proves nothing, but row " + key + " differs");
        assertThat(snapshot).doesNotExist();

        publish(topic, key, trained, rows.get(ModelRow.Marker.KEY));
        assertDone(execute("replay", "--verify", "--json"));
    }

    /** A row as if it were of the last version. */
    private void publish(String topic, String key, byte[] row, byte[] marker) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), row));
            producer.send(new ProducerRecord<>(topic, ModelRow.Marker.KEY.getBytes(UTF_8), marker));
        }
    }

    /** Cuts the log while somebody is about to read it. */
    private void assertCutIsNotPassedOver(long cut) throws Exception {
        try (TopicReader reader = new TopicReader(configuration, Topics.TRAINING_LOG)) {
            assertThat(reader.positions()).containsEntry(log(), 0L);
            deleteBefore(cut);

            assertThatThrownBy(() -> reader.readToEnd(record -> {}, () -> {}))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining(
                            "records must stay until they are read, and retention has removed some: {" + log() + "=0}");
        }
    }

    private Pipeline trainer() throws Exception {
        try (Admin admin = broker.admin()) {
            new TopicApplier(admin, configuration.topics())
                    .apply(TopicFiles.onClassPath().load());
        }
        return Pipeline.of(
                configuration.pipeline().withRoles(EnumSet.of(Role.TRAINER)),
                configuration.streams(),
                Clock.systemUTC(),
                PipelineSettings.Monitors.NONE);
    }

    /** A log in three parts, each of which ends with a tick that closes a version. */
    private List<List<TrainingRecord>> thirds() {
        List<TrainingRecord> log = TrainingLogs.walks(configuration.pipeline().schema(), 2, 40, EVENTS, 7);
        List<List<TrainingRecord>> parts = new ArrayList<>();
        int from = 0;
        for (int part = 1; part <= 3; part++) {
            int to = log.size() * part / 3;
            while (!(log.get(to - 1) instanceof TrainingRecord.Tick)) {
                to--;
            }
            parts.add(log.subList(from, to));
            from = to;
        }
        return parts;
    }

    /** Appends records to the log, and waits for a version that has learned from all events so far. */
    private void learn(KafkaProducer<byte[], byte[]> producer, List<TrainingRecord> records) {
        TrainingRecordFormat format = new TrainingRecordFormat();
        long before = events();
        records.forEach(record -> producer.send(new ProducerRecord<>(log().topic(), format.encode(record))));
        producer.flush();
        long told =
                records.stream().filter(TrainingRecord.Event.class::isInstance).count();
        Await.until(PATIENCE, () -> events() == before + told, "a version that has learned from everything");
    }

    private long events() {
        ModelSnapshot.Collector model =
                new ModelSnapshot.Collector(configuration.pipeline().generation());
        broker.read(configuration.topics().names().of(Topics.MODEL))
                .forEach(record -> model.take(record.key(), record.value()));
        try {
            return model.snapshot().marker().events();
        } catch (CommandException e) {
            // No version yet.
            return 0;
        }
    }

    private TopicPartition log() {
        return new TopicPartition(configuration.topics().names().of(Topics.TRAINING_LOG), 0);
    }

    private void deleteBefore(long offset) throws Exception {
        try (Admin admin = broker.admin()) {
            admin.deleteRecords(Map.of(log(), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    private Outcome execute(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Eridanus.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of(args), Stream.of("--config", file.toString()))
                        .toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static void assertDone(Outcome outcome) {
        assertThat(outcome.code).as("%s %s", outcome.out, outcome.err).isZero();
    }
}

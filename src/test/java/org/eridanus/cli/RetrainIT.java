package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.event.Interaction;
import org.eridanus.stream.Pipeline;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another generation beside the one that is served: trained, compared, served, and left again. */
class RetrainIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestBroker broker = TestBroker.shared();
    private final TopicNames names = new TopicNames(TestBroker.uniqueName("retrain") + ".");

    /** Of the first half of the events, 750. */
    private static final int TESTED = 700;

    @TempDir
    private Path folder;

    private record Outcome(int code, String out, String err) {}

    @Test
    void shouldServeAnotherSchemaWithoutLosingAnEventAndGoBack() throws Exception {
        Path report = folder.resolve("comparison.json");
        String next = configuration("next.yaml", """
                model: {preset: association, generation: 2}
                schema:
                  categories:
                    - {name: user, owner: user, kind: id}
                    - {name: item, owner: item, kind: id}
                    - {name: years, owner: user, kind: bands, source: age, bounds: [30]}
                    - {name: genre, owner: item, kind: many, source: genres}
                    - {name: recent, owner: history, kind: past, length: 20, decay: 0.9}
                  combinations: [[recent, item], [years, genre]]
                """);
        String first = configuration("first.yaml", "");
        List<JsonNode> listsBefore = new ArrayList<>();

        EventsOnBroker.accountForAll(broker, folder.resolve("state"), names, () -> {
            Await.until(
                    PATIENCE,
                    () -> broker.read(names.of(Topics.EVALUATIONS)).size() >= TESTED,
                    "enough events to compare by");
            Outcome refused = execute("retrain", "--config", first);
            assertThat(refused.err).contains("model.generation must be another one than the served one, 1");
            killOnceItHasLearned(next);
            Outcome trained =
                    execute("retrain", "--config", next, "--report", report.toString(), "--switch", "--force");
            assertThat(trained.code).as(trained.err).isZero();
            assertThat(trained.out).contains("NDCG@10", "last half", "generation 2 is served from now on");
            listsBefore.addAll(lists());
        });

        Outcome replayed = execute("replay", "--verify", "--json", "--config", next);
        assertThat(replayed.code).as(replayed.err).isZero();
        assertThat(replayed.out).as("what came of training that was killed").contains("\"equal\":true");

        JsonNode compared = JSON.readTree(report.toFile());
        assertThat(compared.path("switched").asBoolean()).isTrue();
        assertThat(compared.at("/all/events").asInt()).isGreaterThan(500);
        assertThat(compared.at("/all/ndcg10/served").asDouble()).isPositive();
        assertThat(compared.at("/all/ndcg10/new").asDouble()).isPositive();
        assertThat(compared.at("/all/ndcg10/gainLower").asDouble())
                .isLessThan(compared.at("/all/ndcg10/gainUpper").asDouble());
        assertThat(listsBefore).allMatch(list -> list.path("modelGeneration").isMissingNode());
        List<JsonNode> last = lists();
        List<JsonNode> afterwards = last.subList(last.size() - 20, last.size());
        assertThat(afterwards).allMatch(list -> list.path("modelGeneration").asInt() == 2);
        assertThat(afterwards.toString()).contains("years·genre").doesNotContain("history·item");

        try (Pipeline again = EventsOnBroker.pipeline(broker, folder.resolve("state"), names);
                EventPublisher publisher = new EventPublisher(broker.bootstrapServers(), names)) {
            again.start();
            again.awaitRunning(PATIENCE);
            assertThat(again.model().orElseThrow().generation().number())
                    .as("what an instance serves after a start")
                    .isEqualTo(2);

            assertThat(execute("model", "remove", "2", "--config", first).err)
                    .contains("another generation than the one to remove must be served, got 2");
            assertThat(execute("model", "serve", "1", "--config", first).code).isZero();
            Await.until(
                    PATIENCE,
                    () -> again.model().orElseThrow().generation().number() == 1,
                    "the first generation to be served again");
            publisher.publish(new Interaction("after-the-return", "i1", "view", null, 1));
            publisher.flush();
            Await.until(
                    PATIENCE,
                    () -> lists().stream()
                            .anyMatch(list -> list.path("user").asText().equals("after-the-return")
                                    && list.path("modelGeneration").isMissingNode()),
                    "a list by the first generation");
            assertThat(execute("model", "remove", "2", "--config", first).code).isZero();
            Await.until(
                    PATIENCE,
                    () -> again.model().orElseThrow().generations().equals(java.util.Set.of(1)),
                    "the second generation to be gone");
        }
        assertThat(execute("model", "generations", "--config", first).out)
                .contains("1    version", "served")
                .doesNotContain("2    version");
    }

    /** A retraining in a process of its own, killed after its trainer has committed something and before it is done. */
    private void killOnceItHasLearned(String config) {
        TopicPartition log = new TopicPartition(names.of(Topics.TRAINING_LOG), 0);
        try (ChildProcess retrain =
                        ChildProcess.start(folder.resolve("killed.log"), Map.of(), "retrain", "--config", config);
                Admin admin = broker.admin()) {
            Await.until(
                    PATIENCE,
                    () -> {
                        retrain.requireAlive();
                        return committed(admin, log) > 0;
                    },
                    "the trainer of the second generation to commit");
            retrain.requireAlive();
            retrain.kill();
            assertThat(retrain.exitCode(PATIENCE)).isNotZero();
            assertThat(retrain.output()).doesNotContain("NDCG@10");
        }
    }

    private long committed(Admin admin, TopicPartition log) {
        try {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(names.of("eridanus-trainer-2"))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(log);
            return offset == null ? 0 : offset.offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the broker must tell the trainer's offset", e);
        }
    }

    private String configuration(String name, String more) {
        try {
            return Files.writeString(
                            folder.resolve(name),
                            "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}\ntopics: {prefix: '"
                                    + names.prefix() + "', partitions: 2, replication: 1}\nstate: {folder: '"
                                    + folder.resolve("retrain-state") + "'}\n" + more)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<JsonNode> lists() {
        return broker.read(names.of(Topics.RECOMMENDATIONS)).stream()
                .map(record -> {
                    try {
                        return JSON.readTree(new String(record.value(), UTF_8));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sorted(java.util.Comparator.comparingLong(
                        list -> list.path("generatedAt").asLong()))
                .toList();
    }

    private static Outcome execute(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Eridanus.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }
}

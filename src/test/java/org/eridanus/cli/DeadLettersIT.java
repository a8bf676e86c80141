package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.config.Configuration;
import org.eridanus.event.Rejection;
import org.eridanus.serde.Json;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters are shown, and produced again once each. */
class DeadLettersIT {
    private final TestBroker broker = TestBroker.shared();
    private final String prefix = TestBroker.uniqueName("letters") + ".";
    private Path config = Path.of("");

    @BeforeEach
    void createTopics(@TempDir Path folder) throws Exception {
        Stream.of(Topics.DEAD_LETTERS, Topics.INTERACTIONS, Topics.MODEL_CONTROL)
                .forEach(topic -> broker.create(new NewTopic(prefix + topic, 2, (short) 1)));
        config = Files.writeString(
                folder.resolve("eridanus.yaml"),
                "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}\ntopics: {prefix: " + prefix + "}\n");
    }

    @Test
    void shouldProduceEachDeadLetterAgainOnce() throws Exception {
        refuse(0, "u1", "{\"user\":\"u2\"}", "key-mismatch", prefix + Topics.INTERACTIONS, 7);
        refuse(1, "u3", "{\"user\":\"u4\"}", "key-mismatch", prefix + Topics.INTERACTIONS, 8);
        refuse(0, "u5", "garbage", "malformed", prefix + Topics.INTERACTIONS, 9);

        assertThat(run(2, "list", "--reason", "nonsense")).isEmpty();
        assertThat(run(0, "replay", "--reason", "key-mismatch", "--dry-run"))
                .contains("key-mismatch   2 would be produced", "nothing was produced");
        assertThat(run(0, "replay", "--reason", "key-mismatch")).contains("2 dead letters produced again");
        assertThat(run(0, "replay", "--reason", "key-mismatch")).contains("0 dead letters produced again");
        assertThat(run(0, "list"))
                .contains("key-mismatch   2 dead letters, 2 of them produced again")
                .contains("malformed      1 dead letters, 0 of them produced again")
                .contains(prefix + "interactions-3@9", "garbage");

        List<ConsumerRecord<byte[], byte[]>> again = broker.read(prefix + Topics.INTERACTIONS);
        assertThat(again)
                .extracting(record -> new String(record.key(), UTF_8) + " " + new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("u1 {\"user\":\"u2\"}", "u3 {\"user\":\"u4\"}");
        assertThat(again)
                .extracting(record -> header(record, DeadLetterTopic.ORIGIN))
                .containsExactlyInAnyOrder(prefix + "interactions-3@7", prefix + "interactions-3@8");
        assertThat(again).extracting(record -> header(record, "trace")).containsOnly("kept");
        assertThat(again).allMatch(record -> record.headers().lastHeader(DeadLetters.REASON) == null);
    }

    @Test
    void shouldRememberWhereALetterStoodFirstWhenItIsRefusedAgain() throws Exception {
        refuse(0, "u1", "{}", "missing-field", prefix + Topics.INTERACTIONS, 7);
        run(0, "replay");
        ConsumerRecord<byte[], byte[]> again =
                broker.read(prefix + Topics.INTERACTIONS).get(0);

        ProducerRecord<byte[], byte[]> refused =
                letter(0, "u1", "{}", "missing-field", prefix + Topics.INTERACTIONS, 41);
        again.headers().forEach(refused.headers()::add);
        send(refused);

        assertThat(run(0, "list")).contains("refused 2 times, first at " + prefix + "interactions-3@7");
        assertThat(run(0, "replay")).contains("1 dead letters produced again");
        assertThat(Json.mapper()
                        .readTree(run(0, "list", "--json", "--limit", "1"))
                        .path("attempts")
                        .asInt())
                .isEqualTo(1);
        assertThat(broker.read(prefix + Topics.INTERACTIONS))
                .extracting(record -> header(record, DeadLetterTopic.ATTEMPTS))
                .containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void shouldGiveUpALetterThatWasRefusedAfterEveryAttempt() throws Exception {
        ProducerRecord<byte[], byte[]> often = letter(0, "u1", "{}", "missing-field", prefix + Topics.INTERACTIONS, 7);
        often.headers().add(DeadLetterTopic.ATTEMPTS, "5".getBytes(UTF_8));
        send(often);
        ProducerRecord<byte[], byte[]> onceMore =
                letter(0, "u2", "{}", "missing-field", prefix + Topics.INTERACTIONS, 8);
        onceMore.headers().add(DeadLetterTopic.ATTEMPTS, "4".getBytes(UTF_8));
        send(onceMore);

        assertThat(run(0, "replay", "--dry-run"))
                .contains("missing-field  1 would be produced", "missing-field  1 would be given up");
        assertThat(run(1, "replay"))
                .contains(
                        "missing-field  1 given up, refused after each of 5 attempts", "1 dead letters produced again");
        assertThat(run(0, "replay")).contains("0 dead letters produced again").doesNotContain("given up");
        assertThat(run(0, "list")).contains("missing-field, given up", "2 dead letters, 1 of them produced again");
        assertThat(broker.read(prefix + Topics.INTERACTIONS))
                .extracting(record -> new String(record.key(), UTF_8) + header(record, DeadLetterTopic.ATTEMPTS))
                .containsExactly("u25");
    }

    @Test
    void shouldBeginWhereTheLastRunEnded() throws Exception {
        refuse(0, "u1", "{}", "missing-field", prefix + Topics.INTERACTIONS, 7);
        refuse(0, "u2", "garbage", "malformed", prefix + Topics.INTERACTIONS, 8);
        refuse(1, "u3", "garbage", "malformed", prefix + Topics.INTERACTIONS, 9);

        run(0, "replay", "--reason", "missing-field");
        refuse(0, "u4", "{}", "missing-field", prefix + Topics.INTERACTIONS, 10);

        assertThat(waitsFrom("missing-field", 0)).isBetween(2L, 3L);
        assertThat(waitsFrom("missing-field", 1)).isPositive();
        assertThat(waitsFrom("malformed", 0)).isZero();
        assertThat(run(0, "replay"))
                .contains("missing-field  1 produced again", "malformed      2 produced again")
                .contains("3 dead letters produced again");
        assertThat(waitsFrom("in-the-future", 0)).isGreaterThanOrEqualTo(3);
        assertThat(broker.read(prefix + Topics.INTERACTIONS))
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactlyInAnyOrder("u1", "u2", "u3", "u4");
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 500"})
    void shouldEndARunWhenAnotherOneTakesOverAndProduceEachDeadLetterOnce(int look, int before) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int i = 0; i < 600; i++) {
                producer.send(letter(0, "u" + i, "{}", "missing-field", prefix + Topics.INTERACTIONS, i));
            }
        }
        DeadLetterTopic first =
                new DeadLetterTopic(Configuration.load(config, Map.of()), EnumSet.allOf(Rejection.Reason.class));
        AtomicInteger looks = new AtomicInteger();

        assertThatThrownBy(() -> first.replay(() -> {
                    if (looks.incrementAndGet() == look) {
                        assertThat(run(0, "replay")).contains(600 - before + " dead letters produced again");
                    }
                }))
                .isInstanceOf(CommandException.class)
                .hasMessage("one run at a time may produce dead letters again, and another one took over from this one,"
                        + " transactional id " + prefix + "eridanus-dead-letters, after "
                        + before + " were produced again; the other goes on with the rest: let it end, and start a"
                        + " timer's runs further apart");

        assertThat(broker.read(prefix + Topics.INTERACTIONS))
                .extracting(record -> new String(record.key(), UTF_8))
                .hasSize(600)
                .doesNotHaveDuplicates();
        assertThat(run(0, "replay")).contains("0 dead letters produced again");
    }

    @Test
    void shouldEndWithExitCodeOneAndSayWhyWhenItIsFenced() throws Exception {
        refuse(0, "u1", "{}", "missing-field", prefix + Topics.INTERACTIONS, 7);
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> fencing = CompletableFuture.runAsync(() -> {
            try (Admin admin = broker.admin()) {
                while (!ended.get()) {
                    admin.fenceProducers(List.of(prefix + "eridanus-dead-letters"))
                            .all()
                            .get();
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("fencing failed", e);
            }
        });
        StringWriter err = new StringWriter();

        int code = Eridanus.commandLine()
                .setErr(new PrintWriter(err))
                .execute("dead-letters", "replay", "--config", config.toString());
        ended.set(true);
        fencing.get();

        assertThat(code).as("%s", err).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("eridanus: one run at a time may produce dead letters again, and another");
        assertThat(broker.read(prefix + Topics.INTERACTIONS)).isEmpty();
        assertThat(run(0, "replay")).contains("1 dead letters produced again");
    }

    private long waitsFrom(String reason, int partition) throws Exception {
        String group = prefix + "eridanus-dead-letters-" + reason;
        try (Admin admin = broker.admin()) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(prefix + Topics.DEAD_LETTERS, partition));
            return offset == null ? 0 : offset.offset();
        }
    }

    @Test
    void shouldNotProduceToATopicThatIsNoneOfOurs() throws Exception {
        refuse(0, "u1", "{}", "malformed", "payments", 7);

        assertThat(run(1, "replay")).contains("malformed      1 passed over", "0 dead letters produced again");
    }

    @Test
    void shouldTellTheTrainerToFreezeAndToResume() throws Exception {
        assertThat(execute(0, "model", "freeze", "--reason", "import", "--config", config.toString()))
                .contains("freeze stands at " + prefix + "model-control-");
        execute(0, "model", "resume", "--config", config.toString());
        execute(2, "model", "freeze", "--reason", "x".repeat(513), "--config", config.toString());

        assertThat(broker.read(prefix + Topics.MODEL_CONTROL))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("{\"action\":\"freeze\",\"reason\":\"import\"}", "{\"action\":\"resume\"}");
    }

    private String run(int code, String... args) {
        return execute(
                code,
                Stream.concat(
                                Stream.of("dead-letters", args[0], "--config", config.toString()),
                                Stream.of(args).skip(1))
                        .toArray(String[]::new));
    }

    private static String execute(int code, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(Eridanus.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(args))
                .as("%s %s", out, err)
                .isEqualTo(code);
        return out.toString();
    }

    private void refuse(int partition, String key, String value, String reason, String topic, long offset)
            throws Exception {
        send(letter(partition, key, value, reason, topic, offset));
    }

    private ProducerRecord<byte[], byte[]> letter(
            int partition, String key, String value, String reason, String topic, long offset) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                prefix + Topics.DEAD_LETTERS, partition, key.getBytes(UTF_8), value.getBytes(UTF_8));
        Map.of(
                        DeadLetters.REASON,
                        reason,
                        DeadLetters.DETAIL,
                        "what to mend",
                        DeadLetters.TOPIC,
                        topic,
                        DeadLetters.PARTITION,
                        "3",
                        DeadLetters.OFFSET,
                        Long.toString(offset),
                        "trace",
                        "kept")
                .forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
        return record;
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(record).get();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eridanus.accounting.LedgerFeed;
import org.eridanus.accounting.StreamingAudit;
import org.eridanus.cli.RecoveryResult.Moment;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.Json;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.testing.BrokerServer;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proof of recovery, with five kills; and what it says of the same topics where one record is not as it should be. */
class RecoveryIT {
    private static final ModelSettings MODEL = Presets.online();
    private static final int EVENTS = 600;
    /** What the audit follows to the lists: of the few users of this world, hardly one is among those it would sample. */
    private static final int EVERY_USER = 1;

    @TempDir
    private Path folder;

    @Test
    void shouldProveThatNothingIsLostOrDoubledAndTurnRedOnOneRecordThatIs() throws Exception {
        RecoveryResult result = new RecoveryProof(
                        new RecoveryProof.Settings(5, EVENTS, 1, MODEL, 0), folder, Screen.none(), () -> {})
                .run();

        assertThat(result.lines()).as("%s", result.lines()).last().isEqualTo("proved");
        assertThat(result.proved()).isTrue();
        assertThat(result.kills().stream().map(RecoveryResult.Kill::moment))
                .containsExactly(
                        Moment.AT_WORK, Moment.WITHOUT_TASKS, Moment.WITH_BROKER, Moment.WITH_STATE, Moment.STARTING);
        assertThat(result.killsInTransaction()).isPositive();
        assertThat(result.stopSeconds()).as("from SIGTERM to the exit").isLessThan(10);
        assertThat(result.balance().deadLettered()).isPositive();
        JsonNode report = RecoveryReport.json(result);
        assertThat(report.get("kills").intValue()).isEqualTo(5);
        assertThat(report.get("events").intValue()).isEqualTo(EVENTS);
        assertThat(report.get("lost").longValue()).isZero();
        assertThat(report.get("duplicated").longValue()).isZero();
        assertThat(report.get("digestEqual").booleanValue()).isTrue();
        assertThat(report.get("recoverySeconds").get("p50").doubleValue()).isPositive();

        Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = read();
        assertThat(judge(topics).proved()).isTrue();
        assertThat(audit(topics).violations()).isEmpty();
        for (String topic :
                List.of(Topics.INTERACTIONS, Topics.ENRICHED_INTERACTIONS, Topics.TRAINING_LOG, Topics.EVALUATIONS)) {
            int at = pair(topic, topics.get(topic));
            assertRed("dropped", topics, topic, records -> records.remove(at));
            assertRed("doubled", topics, topic, records -> records.add(at, records.get(at)));
            if (!topic.equals(Topics.INTERACTIONS)) {
                // Events that change places before they are read are other events.
                int other = next(topic, topics.get(topic), at);
                assertRed("out of order", topics, topic, records -> Collections.swap(records, at, other));
            }
        }
        assertRed("dropped", topics, Topics.DEAD_LETTERS, records -> records.remove(0));
        assertRed("doubled", topics, Topics.DEAD_LETTERS, records -> records.add(0, records.get(0)));
        assertRowRed("dropped", topics, records -> records.remove(records.size() - 2));
        assertRowRed("out of order", topics, records -> {
            int last = records.size() - 1;
            Collections.swap(records, last, last - 1);
        });
        int[] markers = lastTwo(topics.get(Topics.MODEL), RecoveryIT::isMarker);
        assertThat(markers[1])
                .as("a marker ends the topic")
                .isEqualTo(topics.get(Topics.MODEL).size() - 1);
        assertRed("dropped", topics, Topics.MODEL, records -> records.remove(markers[1]));
        assertRed("doubled", topics, Topics.MODEL, records -> records.add(records.get(markers[1])));
        assertRed("out of order", topics, Topics.MODEL, records -> Collections.swap(records, markers[0], markers[1]));
        List<ConsumerRecord<byte[], byte[]>> lists = topics.get(Topics.RECOMMENDATIONS);
        int[] followed = lists.stream()
                .map(RecoveryIT::user)
                .map(user -> lastTwo(lists, list -> user(list).equals(user)))
                .filter(of -> of[0] >= 0)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no user has two lists"));
        assertRed("dropped", topics, Topics.RECOMMENDATIONS, records -> records.remove(followed[1]));
        assertRed("doubled", topics, Topics.RECOMMENDATIONS, records -> records.add(records.get(followed[1])));
        assertRed(
                "out of order",
                topics,
                Topics.RECOMMENDATIONS,
                records -> Collections.swap(records, followed[0], followed[1]));
    }

    /** The indices of the last two records of a kind, negative where there are fewer. */
    private static int[] lastTwo(
            List<ConsumerRecord<byte[], byte[]>> records, Predicate<ConsumerRecord<byte[], byte[]>> kind) {
        int[] last = {-1, -1};
        for (int i = 0; i < records.size(); i++) {
            if (kind.test(records.get(i))) {
                last[0] = last[1];
                last[1] = i;
            }
        }
        return last;
    }

    private static boolean isMarker(ConsumerRecord<byte[], byte[]> row) {
        return new String(row.key(), UTF_8).equals(ModelRow.Marker.KEY);
    }

    private static String user(ConsumerRecord<byte[], byte[]> list) {
        return new String(list.key(), UTF_8);
    }

    /** Rows of the model, which the accounts do not look at, show in its digest. */
    private static void assertRowRed(
            String what,
            Map<String, List<ConsumerRecord<byte[], byte[]>>> topics,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> mutation) {
        assertThat(judge(mutated(topics, Topics.MODEL, mutation)).proved())
                .as("a row of %s that is %s", Topics.MODEL, what)
                .isFalse();
    }

    private static void assertRed(
            String what,
            Map<String, List<ConsumerRecord<byte[], byte[]>>> topics,
            String topic,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> mutation) {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> mutated = mutated(topics, topic, mutation);
        RecoveryResult judged = judge(mutated);

        assertThat(judged.proved()).as("a record of %s that is %s", topic, what).isFalse();
        assertThat(judged.balance().balanced())
                .as("by coordinates alone, a record of %s that is %s", topic, what)
                .isFalse();
        assertThat(audit(mutated).balanced())
                .as("in bounded memory, a record of %s that is %s", topic, what)
                .isFalse();
    }

    private static Map<String, List<ConsumerRecord<byte[], byte[]>>> mutated(
            Map<String, List<ConsumerRecord<byte[], byte[]>>> topics,
            String topic,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> mutation) {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> mutated = new HashMap<>(topics);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(topics.get(topic));
        mutation.accept(records);
        mutated.put(topic, records);
        return mutated;
    }

    private static StreamingAudit.Account audit(Map<String, List<ConsumerRecord<byte[], byte[]>>> topics) {
        StreamingAudit audit = new StreamingAudit(TopicNames.PLAIN, EVERY_USER);
        topics.values().forEach(records -> records.forEach(record -> audit.take(record, 0)));
        return audit.account();
    }

    /** The index, in the middle, of a record that is about an interaction and is followed by another such record. */
    private static int pair(String topic, List<ConsumerRecord<byte[], byte[]>> records) {
        for (int i = records.size() / 2; i < records.size(); i++) {
            if (source(topic, records.get(i)) != null) {
                return i;
            }
        }
        throw new AssertionError("no event in " + topic);
    }

    private static int next(String topic, List<ConsumerRecord<byte[], byte[]>> records, int before) {
        Coordinate first = source(topic, records.get(before));
        for (int i = before + 1; i < records.size(); i++) {
            Coordinate other = source(topic, records.get(i));
            if (other != null
                    && first != null
                    && other.partition() == first.partition()
                    && records.get(i).partition() == records.get(before).partition()) {
                return i;
            }
        }
        throw new AssertionError("no second event in " + topic);
    }

    private static Coordinate source(String topic, ConsumerRecord<byte[], byte[]> record) {
        try {
            return switch (topic) {
                case Topics.INTERACTIONS -> new Coordinate(record.partition(), record.offset());
                case Topics.ENRICHED_INTERACTIONS ->
                    EnrichedInteractionFormat.head(record.value()).coordinate();
                case Topics.TRAINING_LOG ->
                    TrainingRecordFormat.head(record.value())
                            .event()
                            .map(event -> event.coordinate())
                            .orElse(null);
                case Topics.EVALUATIONS -> {
                    JsonNode at = Json.mapper().readTree(record.value()).get("coordinate");
                    yield new Coordinate(
                            at.get("partition").intValue(), at.get("offset").longValue());
                }
                default -> throw new IllegalArgumentException(topic);
            };
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the proof would have said of these records. */
    private static RecoveryResult judge(Map<String, List<ConsumerRecord<byte[], byte[]>>> topics) {
        LedgerFeed feed = new LedgerFeed(TopicNames.PLAIN);
        topics.values().forEach(records -> records.forEach(record -> feed.take(record, 0)));
        ModelSnapshot.Collector model = new ModelSnapshot.Collector(Generation.FIRST);
        topics.get(Topics.MODEL).forEach(record -> model.take(record.key(), record.value()));
        ModelSnapshot served = model.snapshot();
        Retraining retraining =
                new Retraining(PipelineSettings.of(MODEL), served.marker().version());
        topics.get(Topics.TRAINING_LOG).forEach(record -> retraining.take(record.offset(), record.value()));
        return new RecoveryResult(
                MODEL.preset(),
                1,
                EVENTS,
                List.of(),
                List.of(),
                feed.ledger().balance(),
                served,
                retraining.model(),
                OptionalInt.of(0),
                1);
    }

    private Map<String, List<ConsumerRecord<byte[], byte[]>>> read() {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = new HashMap<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            TestBroker client = new TestBroker(new Started(broker));
            LedgerFeed.TOPICS.forEach(topic -> topics.put(topic, client.read(topic)));
        }
        return topics;
    }

    /** A broker that runs already. */
    private record Started(EmbeddedBroker broker) implements BrokerServer {
        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}

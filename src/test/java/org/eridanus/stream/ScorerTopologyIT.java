package org.eridanus.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.Json;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scorer on a broker: what the driven topology cannot show, a start from what the topics hold. */
class ScorerTopologyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int USERS = 8;

    private final TinyTrainer trainer = new TinyTrainer().announce(20).walk(10, 20, 12);

    @TempDir
    private Path folder;

    @Test
    void shouldTakeUpModelContextsAndEventsWhenStartedAgain() throws Exception {
        try (TestBroker broker = TestBroker.start();
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            createTopics(broker);
            publish(producer);
            publish(producer);
            List<EnrichedInteraction> events = new ArrayList<>();

            try (StreamsRole role = scorer(broker, new ServedModel(TinyTrainer.DEFINITION))) {
                role.start();
                role.awaitRunning(PATIENCE);
                events.addAll(interact(producer, "i1"));
                Await.until(PATIENCE, () -> lists(broker).size() >= USERS, "a list for each user");
            }
            assertThat(lists(broker)).hasSize(USERS).allSatisfy(list -> {
                assertThat(list.get("modelVersion").asInt()).isEqualTo(2);
                assertThat(list.at("/filtered/consumed").asInt()).isEqualTo(1);
            });

            events.addAll(interact(producer, "i2"));
            publish(producer);
            ServedModel another = new ServedModel(TinyTrainer.DEFINITION);
            try (StreamsRole role = scorer(broker, another)) {
                role.start();
                role.awaitRunning(PATIENCE);
                assertThat(another.marker().orElseThrow().version())
                        .as("read before anything runs")
                        .isEqualTo(3);
                Await.until(PATIENCE, () -> lists(broker).size() >= 2 * USERS, "another list for each user");
            }
            List<JsonNode> lists = lists(broker);
            assertThat(lists.stream().map(list -> list.at("/cause/offset").asLong()))
                    .as("one list for each event, none twice")
                    .containsExactlyInAnyOrderElementsOf(events.stream()
                            .map(event -> event.coordinate().offset())
                            .toList());
            assertThat(lists.stream()
                            .filter(list -> list.get("modelVersion").asInt() == 3)
                            .map(list -> list.at("/filtered/consumed").asInt()))
                    .as("contexts of the first run")
                    .hasSize(USERS)
                    .containsOnly(2);
        }
    }

    private StreamsRole scorer(TestBroker broker, ServedModel model) {
        return new StreamsRole(
                Role.SCORER,
                new ScorerTopology(
                                ScorerSettings.DEFAULT,
                                TopicNames.PLAIN,
                                model,
                                new OpenContexts(),
                                Clock.systemUTC(),
                                ScorerMonitor.NONE)
                        .build(),
                StreamsSettings.of(broker.bootstrapServers(), folder));
    }

    private static void createTopics(TestBroker broker) {
        broker.create(
                new NewTopic(Topics.MODEL, 1, (short) 1),
                new NewTopic(Topics.ENRICHED_INTERACTIONS, 2, (short) 1),
                new NewTopic(Topics.RECOMMENDATION_REQUESTS, 2, (short) 1),
                new NewTopic(Topics.RECOMMENDATIONS, 2, (short) 1),
                new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1));
    }

    private void publish(KafkaProducer<byte[], byte[]> producer) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Map.Entry<String, byte[]> row : trainer.close()) {
            sent.add(producer.send(
                    new ProducerRecord<>(Topics.MODEL, row.getKey().getBytes(UTF_8), row.getValue())));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    private List<EnrichedInteraction> interact(KafkaProducer<byte[], byte[]> producer, String item) throws Exception {
        EnrichedInteractionFormat format = new EnrichedInteractionFormat();
        List<EnrichedInteraction> events = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            EnrichedInteraction event = trainer.event("new" + u, item);
            events.add(event);
            producer.send(new ProducerRecord<>(
                            Topics.ENRICHED_INTERACTIONS, event.user().getBytes(UTF_8), format.encode(event)))
                    .get();
        }
        return events;
    }

    private static List<JsonNode> lists(TestBroker broker) {
        return broker.read(Topics.RECOMMENDATIONS).stream()
                .map(record -> {
                    try {
                        return Json.mapper().readTree(record.value());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}

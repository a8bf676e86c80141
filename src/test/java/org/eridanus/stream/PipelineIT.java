package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.evaluation.PrequentialScores.Line;
import org.eridanus.evaluation.PrequentialScores.Users;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.model.Presets;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.UserContext;
import org.eridanus.recommend.UserContexts;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All three roles on a broker: events go in, a model comes about, lists come out, and all of it survives a restart. */
class PipelineIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ITEMS = 40;
    private static final int USERS = 6;
    private static final int ROUNDS = 20;
    private static final int SCRAPE_LIMIT = 60_000;
    private static final PipelineSettings SETTINGS = PipelineSettings.of(Presets.online());

    @Test
    void shouldRecommendByALearnedModelAndGoOnAfterARestart(@TempDir Path folder) throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            try (Admin admin = broker.admin()) {
                new TopicApplier(admin, TopicSettings.DEFAULT)
                        .apply(TopicFiles.in(Path.of("topics")).load());
            }
            StreamsSettings streams = StreamsSettings.of(broker.bootstrapServers(), folder);

            long version;
            try (PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
                    Pipeline pipeline = Pipeline.of(SETTINGS, streams, Clock.systemUTC(), monitors(metrics))) {
                pipeline.start();
                for (Role role : Role.values()) {
                    metrics.bind(role, pipeline.streams(role).orElseThrow());
                }
                assertThat(pipeline.missing()).isNotEmpty();
                pipeline.awaitRunning(PATIENCE);
                assertThat(pipeline.missing()).isEmpty();

                announce(broker);
                // A list is refreshed when its user acts: one made before the first version stays a fallback until
                // then.
                interact(broker, 0, ROUNDS - 1);
                awaitModel(pipeline, USERS * (ROUNDS - 1));
                interact(broker, ROUNDS - 1, ROUNDS);
                awaitLists(broker, USERS * ROUNDS);
                version = awaitModel(pipeline, USERS * ROUNDS);
                assertThat(broker.read(Topics.EVALUATIONS)).hasSize(USERS * ROUNDS);
                assertThat(metrics.trainer()
                                .scores()
                                .figures(Line.MODEL, Users.ALL)
                                .events())
                        .isPositive();
                String scrape = metrics.registry().scrape();
                assertThat(scrape)
                        .contains("eridanus_input_accepted_records_total{topic=\"interactions\"} "
                                + (double) (USERS * ROUNDS))
                        .contains("eridanus_recommendations_lists_total{cause=\"event\"}");
                assertThat(scrape.getBytes(StandardCharsets.UTF_8).length).isLessThan(SCRAPE_LIMIT);

                long began = System.nanoTime();
                pipeline.close();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            }

            try (Pipeline pipeline =
                    Pipeline.of(SETTINGS, streams, Clock.systemUTC(), PipelineSettings.Monitors.NONE)) {
                pipeline.start();
                pipeline.awaitRunning(PATIENCE);
                assertThat(pipeline.model().orElseThrow().marker().orElseThrow().version())
                        .isGreaterThanOrEqualTo(version);
                interact(broker, ROUNDS, ROUNDS + 3);
                awaitLists(broker, USERS * (ROUNDS + 3));
                assertThat(awaitModel(pipeline, USERS * (ROUNDS + 3))).isGreaterThan(version);
                assertThat(broker.read(Topics.EVALUATIONS)).hasSize(USERS * (ROUNDS + 3));
                assertThat(broker.read(Topics.DEAD_LETTERS)).isEmpty();

                forget(broker, "u0");
                assertForgotten(broker, pipeline, "u0");
            }

            PipelineSettings scorer = PipelineSettings.of(Presets.association()).withRoles(Set.of(Role.SCORER));
            try (Pipeline pipeline = Pipeline.of(scorer, streams, Clock.systemUTC(), PipelineSettings.Monitors.NONE)) {
                pipeline.start();
                pipeline.awaitRunning(PATIENCE);
                assertThat(pipeline.missing())
                        .singleElement()
                        .asString()
                        .startsWith("scorer: version ")
                        .contains("run all roles with the same preset");
            }
        }
    }

    @Test
    void shouldRefuseNoRoles() {
        assertThatThrownBy(() -> SETTINGS.withRoles(Set.of()))
                .hasMessage("roles must name at least one of features, trainer, scorer, got none");
    }

    private static PipelineSettings.Monitors monitors(PipelineMetrics metrics) {
        return new PipelineSettings.Monitors(metrics.features(), metrics.trainer(), metrics.scorer());
    }

    /** Waits until the served model has learned from that many events; returns its version. */
    private static long awaitModel(Pipeline pipeline, int events) {
        Await.until(
                PATIENCE,
                () -> pipeline.model()
                        .flatMap(ServedModel::marker)
                        .filter(marker -> marker.events() == events)
                        .isPresent(),
                "a served model of " + events + " events");
        return pipeline.model().orElseThrow().marker().orElseThrow().version();
    }

    /** Waits until every user's newest list covers the user's last event, made by a model that knows all events. */
    private static void awaitLists(TestBroker broker, int events) {
        Await.until(
                PATIENCE,
                () -> {
                    Map<String, JsonNode> newest = new HashMap<>();
                    broker.read(Topics.RECOMMENDATIONS)
                            .forEach(each ->
                                    newest.put(new String(each.key(), StandardCharsets.UTF_8), parse(each.value())));
                    long covered = broker.read(Topics.INTERACTIONS).stream()
                            .filter(each -> {
                                JsonNode list = newest.get(new String(each.key(), StandardCharsets.UTF_8));
                                return list != null
                                        && list.path("modelVersion").asLong() > 0
                                        && list.path("cause").path("offset").asLong() >= each.offset();
                            })
                            .count();
                    return covered == events && broker.read(Topics.EVALUATIONS).size() == events;
                },
                "lists that cover " + events + " events");
    }

    private static void assertForgotten(TestBroker broker, Pipeline pipeline, String user) {
        byte[] key = user.getBytes(StandardCharsets.UTF_8);
        Await.until(
                PATIENCE,
                () -> broker.read(Topics.RECOMMENDATIONS).stream()
                        .anyMatch(each -> Arrays.equals(each.key(), key) && each.value() == null),
                "a tombstone in recommendations");
        assertThat(pipeline.contexts().orElseThrow().find(user))
                .isInstanceOfSatisfying(
                        UserContexts.Place.Here.class,
                        here -> assertThat(here.context()).isEqualTo(UserContext.UNKNOWN));
        TrainingRecordFormat records = new TrainingRecordFormat();
        assertThat(broker.read(Topics.TRAINING_LOG))
                .as("the audit record")
                .anyMatch(each -> records.decode(each.value()).equals(new TrainingRecord.UserForgotten(user)));
    }

    private static void forget(TestBroker broker, String user) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(new ProducerRecord<>(Topics.USERS, user.getBytes(StandardCharsets.UTF_8), null))
                    .get();
        }
    }

    private static JsonNode parse(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void announce(TestBroker broker) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int item = 0; item < ITEMS; item++) {
                TestBroker.send(
                        producer,
                        Topics.ITEMS,
                        "i" + item,
                        "{\"id\":\"i" + item + "\",\"title\":\"Item " + item + "\"}");
            }
            for (int user = 0; user < USERS; user++) {
                TestBroker.send(producer, Topics.USERS, "u" + user, "{\"id\":\"u" + user + "\"}");
            }
        }
    }

    private static void interact(TestBroker broker, int fromRound, int toRound) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (int round = fromRound; round < toRound; round++) {
                for (int user = 0; user < USERS; user++) {
                    int item = (user * 3 + round) % ITEMS;
                    TestBroker.send(
                            producer,
                            Topics.INTERACTIONS,
                            "u" + user,
                            "{\"user\":\"u" + user + "\",\"item\":\"i" + item + "\",\"type\":\"view\",\"timestamp\":"
                                    + (1_000L + round) + "}");
                }
            }
        }
    }
}

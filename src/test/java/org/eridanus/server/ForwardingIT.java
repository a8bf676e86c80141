package org.eridanus.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.live.Catalogue;
import org.eridanus.live.KnownUsers;
import org.eridanus.model.Generation;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.recommend.UserContexts.Place;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.stream.FeaturesLimits;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerSettings;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.testing.Await;
import org.eridanus.testing.FreePort;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two scorers that share the partitions of users: whichever is asked, the user's own one answers. */
class ForwardingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int USERS = 24;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TinyTrainer trainer = new TinyTrainer().announce(20).walk(10, 20, 12);
    private final HttpClient client = HttpClient.newHttpClient();

    /** A scorer with its server. */
    private static final class Instance implements AutoCloseable {
        private final Pipeline pipeline;
        private final HttpServer server;

        Instance(TestBroker broker, Path folder, boolean named) {
            int port = FreePort.find();
            StreamsSettings streams = StreamsSettings.of(broker.bootstrapServers(), folder)
                    .withOverrides(named ? Map.of("application.server", "127.0.0.1:" + port) : Map.of());
            pipeline = Pipeline.of(
                    new PipelineSettings(
                            Set.of(Role.SCORER),
                            TopicNames.PLAIN,
                            TinyTrainer.SETTINGS,
                            FeatureSchema.online(),
                            Generation.FIRST,
                            FeedbackTable.ALL_POSITIVE,
                            FeaturesLimits.DEFAULT,
                            TrainerSettings.DEFAULT,
                            ScorerSettings.DEFAULT),
                    streams,
                    Clock.systemUTC(),
                    PipelineSettings.Monitors.NONE);
            server = HttpServer.start(
                    HttpSettings.onLoopback(port),
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                    pipeline::missing,
                    List.of(new QueryEndpoints(
                            pipeline.contexts().orElseThrow(),
                            pipeline.model().orElseThrow(),
                            true,
                            new Catalogue(),
                            new KnownUsers(),
                            Clock.systemUTC())));
            pipeline.start();
        }

        boolean has(String user) {
            return pipeline.contexts().orElseThrow().find(user) instanceof Place.Here;
        }

        @Override
        public void close() {
            server.close();
            pipeline.close();
        }
    }

    @Test
    void shouldAnswerForEveryUserFromEveryInstance(@TempDir Path first, @TempDir Path second) throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            publish(broker);
            try (Instance one = new Instance(broker, first, true);
                    Instance two = new Instance(broker, second, true)) {
                Await.until(PATIENCE, () -> shared(one, two), "each user with one of two instances");
                Set<Boolean> passedOn = new HashSet<>();
                for (String user : users()) {
                    HttpResponse<String> left = ask(one, user);
                    HttpResponse<String> right = ask(two, user);

                    JsonNode known = JSON.readTree(left.body());
                    assertThat(left.statusCode()).as(left.body()).isEqualTo(200);
                    assertThat(known.get("consumed").asInt()).as(user).isEqualTo(2);
                    assertThat(JSON.readTree(right.body())).isEqualTo(known);
                    boolean leftPassedOn =
                            left.headers().firstValue(Forwarder.ANSWERED_BY).isPresent();
                    assertThat(right.headers().firstValue(Forwarder.ANSWERED_BY).isPresent())
                            .as("one of the two has the user, the other one asks it")
                            .isNotEqualTo(leftPassedOn);
                    passedOn.add(leftPassedOn);
                }
                assertThat(passedOn).as("both have users").hasSize(2);
            }
        }
    }

    @Test
    void shouldSayWhatIsMissingWhereInstancesDoNotKnowOfEachOther(@TempDir Path first, @TempDir Path second)
            throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            publish(broker);
            try (Instance one = new Instance(broker, first, false);
                    Instance two = new Instance(broker, second, false)) {
                Await.until(PATIENCE, () -> shared(one, two), "each user with one of two instances");
                Set<Integer> statuses = new HashSet<>();
                for (String user : users()) {
                    HttpResponse<String> response = ask(one, user);
                    statuses.add(response.statusCode());
                    if (response.statusCode() != 200) {
                        assertThat(response.statusCode()).isEqualTo(503);
                        assertThat(response.body()).contains("set application.server on every instance");
                    }
                }
                assertThat(statuses).containsExactlyInAnyOrder(200, 503);
            }
        }
    }

    private static boolean shared(Instance one, Instance two) {
        List<String> users = users();
        return users.stream().allMatch(user -> one.has(user) != two.has(user))
                && users.stream().anyMatch(one::has)
                && users.stream().anyMatch(two::has)
                && one.pipeline.missing().isEmpty()
                && two.pipeline.missing().isEmpty();
    }

    private static List<String> users() {
        List<String> users = new ArrayList<>();
        for (int u = 0; u < USERS; u++) {
            users.add("new" + u);
        }
        return users;
    }

    private HttpResponse<String> ask(Instance instance, String user) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(instance.server.uri() + "users/" + user))
                        .build(),
                BodyHandlers.ofString());
    }

    private void publish(TestBroker broker) throws Exception {
        try (Admin admin = broker.admin()) {
            new TopicApplier(admin, TopicSettings.DEFAULT)
                    .apply(TopicFiles.in(Path.of("topics")).load());
        }
        EnrichedInteractionFormat format = new EnrichedInteractionFormat();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (Map.Entry<String, byte[]> row : trainer.close()) {
                producer.send(new ProducerRecord<>(Topics.MODEL, row.getKey().getBytes(UTF_8), row.getValue()))
                        .get();
            }
            for (String item : List.of("i1", "i2")) {
                for (String user : users()) {
                    producer.send(new ProducerRecord<>(
                                    Topics.ENRICHED_INTERACTIONS,
                                    user.getBytes(UTF_8),
                                    format.encode(trainer.event(user, item))))
                            .get();
                }
            }
        }
    }
}

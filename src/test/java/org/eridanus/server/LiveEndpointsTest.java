package org.eridanus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.live.Catalogue;
import org.eridanus.live.InteractionProducer;
import org.eridanus.live.KnownUsers;
import org.eridanus.live.LiveFeed;
import org.eridanus.live.LiveListener;
import org.eridanus.metrics.LiveMetrics;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.WireException;
import org.eridanus.testing.Await;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may change something over HTTP: nobody unless {@code http.writable} is on, and this machine alone. */
class LiveEndpointsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> NO_BROKER =
            Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", 1_000, "request.timeout.ms", 500);
    private static final String INTERACTION = "{\"user\":\"a\",\"item\":\"b\"}";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OpenApi api = new OpenApi();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
    private final LiveFeed feed = new LiveFeed(NO_BROKER, TopicNames.PLAIN, model, Clock.systemUTC());
    private final InteractionProducer producer = new InteractionProducer(NO_BROKER, TopicNames.PLAIN);

    @AfterEach
    void stop() {
        producer.close();
        feed.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"application/json | " + INTERACTION, "application/json | not JSON", "text/plain | " + INTERACTION})
    void shouldRefuseInteractionsOverHttpUnlessWritableIsOn(String type, String body) throws Exception {
        try (HttpServer server = start("127.0.0.1", Optional.empty())) {
            HttpResponse<String> response = tell(server, type, body);

            JsonNode problem = forbidden(response);
            assertThat(problem.path("detail").asText())
                    .isEqualTo(
                            "calls that change something are off here; set http.writable: true where http.host is this"
                                    + " machine's own address, or produce to the topic interactions");
        }
    }

    @Test
    void shouldReadInteractionsOverHttpWhereWritableIsOn() throws Exception {
        try (HttpServer server = start("127.0.0.1", Optional.of(producer))) {
            HttpResponse<String> response = tell(server, "application/json", "{\"user\":\"a\"}");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(JSON.readTree(response.body()).path("detail").asText()).contains("item");
        }
    }

    /** As while the process stops: the server answers until all else has stopped. */
    @Test
    void shouldAskToTryAgainWhereTheProducerIsClosed() throws Exception {
        try (HttpServer server = start("127.0.0.1", Optional.of(producer))) {
            producer.close();

            HttpResponse<String> response = tell(server, "application/json", INTERACTION);

            api.check("post", "/interactions", response);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
            assertThat(JSON.readTree(response.body()).path("detail").asText())
                    .isEqualTo("Kafka did not take the interaction: the producer is closed");
        }
    }

    @Test
    void shouldRefuseAnInteractionThatIsTooLarge() throws Exception {
        try (HttpServer server = start("127.0.0.1", Optional.of(producer))) {
            HttpResponse<String> response =
                    tell(server, "application/json", "{\"user\":\"a\",\"item\":\"" + "b".repeat(20_000) + "\"}");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
            api.check("post", "/interactions", response);
        }
    }

    @Test
    void shouldRefuseInteractionsOverHttpWhereOthersReachTheListenerEvenIfWritableIsOn() throws Exception {
        assertThatThrownBy(() -> new HttpSettings("0.0.0.0", 0, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "http.writable must be false where http.host is not this machine's own address, got 0.0.0.0;"
                                + " listen on 127.0.0.1, or leave it off");
        for (Optional<InteractionProducer> told :
                List.of(Optional.of(producer), Optional.<InteractionProducer>empty())) {
            try (HttpServer server = start("0.0.0.0", told)) {
                HttpResponse<String> response = tell(server, "application/json", INTERACTION);

                JsonNode problem = forbidden(response);
                assertThat(problem.path("detail").asText())
                        .isEqualTo(
                                "calls that change something are answered on this machine's own address alone; produce"
                                        + " to the topic interactions instead");
            }
        }
    }

    @Test
    void shouldChangeSomethingByNoOtherRoute() {
        assertThat(api.operations())
                .filteredOn(operation -> !operation.startsWith("GET "))
                .containsExactly("POST /interactions");
    }

    /** A viewer that does not read is let go; each of its messages was sent to it, or is counted. */
    @Test
    void shouldLetAViewerGoThatDoesNotReadAndCountWhatItMissed() throws Exception {
        LiveEndpoints live = endpoints(Optional.empty());
        String large = "{\"user\":\"a\",\"items\":[],\"padding\":\"" + "x".repeat(60_000) + "\"}";
        int lists = 0;
        try (HttpServer server = HttpServer.start(HttpSettings.onLoopback(0), registry, List::of, List.of(live));
                Socket viewer = new Socket()) {
            viewer.setReceiveBufferSize(4_096);
            viewer.connect(new InetSocketAddress("127.0.0.1", server.port()));
            viewer.getOutputStream()
                    .write(("GET /live?user=a HTTP/1.0\r\nHost: 127.0.0.1:" + server.port()
                                    + "\r\nAccept: text/event-stream\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            Await.until(PATIENCE, live.listener()::listens, "the viewer");

            while (leftOut("behind") == 0) {
                assertThat(lists).as("messages to a viewer that does not read").isLessThan(5_000);
                live.listener().listed("a", large.getBytes(StandardCharsets.UTF_8), 2);
                lists++;
            }

            String got = new String(viewer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            long received = got.lines()
                    .filter(line -> line.startsWith("data: {") && line.endsWith("\"more\":2}"))
                    .count();
            assertThat(leftOut("behind")).isGreaterThanOrEqualTo(256);
            assertThat(received + leftOut("behind")).isBetween((double) lists, lists + 1.0);
            assertThat(leftOut("superseded")).isEqualTo(2.0 * lists);
        }
    }

    @Test
    void shouldGreetWithTheModelThatIsServed() throws Exception {
        Generation second = new Generation(2);
        ModelDefinition definition = ModelDefinition.ofPreset("association");
        try (HttpServer server = start("127.0.0.1", Optional.empty())) {
            JsonNode before = hello(server);
            model.define(second, definition);
            model.publish(second, frozen(definition.settings()));
            model.serve(second);
            JsonNode after = hello(server);

            assertThat(before.path("preset").asText()).isEqualTo("tiny");
            assertThat(before.path("frozen").asBoolean()).isFalse();
            assertThat(after.path("preset").asText()).isEqualTo("association");
            assertThat(after.path("frozen").asBoolean()).isTrue();
        }
    }

    private static JsonNode hello(HttpServer server) throws Exception {
        try (Stream<String> lines = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri().resolve("live"))
                                .header("Accept", "text/event-stream")
                                .build(),
                        BodyHandlers.ofLines())
                .body()) {
            String data =
                    lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
            return JSON.readTree(data.substring("data:".length()));
        }
    }

    private static ModelRow.Marker frozen(ModelSettings settings) {
        return new ModelRow.Marker(
                1, 0, 0, 0, 0, 0, 0, new TreeMap<>(), 0, 0, 0, true, settings.preset(), settings.hash(), "java");
    }

    @Test
    void shouldCountWhatTheLivePageCannotReadByTopic() {
        LiveListener listener = endpoints(Optional.empty()).listener();
        assertThat(unreadable(Topics.USERS)).isZero();
        assertThat(unreadable(Topics.RECOMMENDATIONS)).isZero();

        listener.unreadable(Topics.USERS);
        listener.unreadable(Topics.USERS);

        assertThat(unreadable(Topics.USERS)).isEqualTo(2);
        assertThat(unreadable(Topics.RECOMMENDATIONS)).isZero();
    }

    @Test
    void shouldCountWhatTheLivePageHasNoRoomFor() {
        endpoints(Optional.empty());
        for (int i = 0; i < KnownUsers.CAPACITY + 2; i++) {
            feed.users().put("u" + i, Attributes.NONE);
        }
        for (int i = 0; i < Catalogue.CAPACITY + 3; i++) {
            feed.catalogue().put(new Item("i" + i, "", Attributes.NONE));
        }

        assertThat(unlisted("users")).isEqualTo(2);
        assertThat(unlisted("items")).isEqualTo(3);
    }

    private double unlisted(String of) {
        return registry.get("eridanus.live.unlisted.announcements")
                .tag("of", of)
                .functionCounter()
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "", "[{\"user\":\"a\"}]", "{\"user\":\"a\",\"user\":\"b\"}"})
    void shouldRefuseAListThatIsNone(String list) {
        LiveListener listener = endpoints(Optional.empty()).listener();

        assertThatThrownBy(() -> listener.listed("a", list.getBytes(StandardCharsets.UTF_8), 0))
                .isInstanceOf(WireException.class)
                .hasMessageStartingWith("a list of recommendations must be ");
    }

    private double unreadable(String topic) {
        return registry.get("eridanus.live.unreadable.records")
                .tag("topic", topic)
                .counter()
                .count();
    }

    private double leftOut(String why) {
        return registry.get("eridanus.live.left.out.messages")
                .tag("why", why)
                .counter()
                .count();
    }

    private LiveEndpoints endpoints(Optional<InteractionProducer> told) {
        return new LiveEndpoints(feed, told, new LiveMetrics(registry), Clock.systemUTC());
    }

    private HttpServer start(String host, Optional<InteractionProducer> told) {
        return HttpServer.start(new HttpSettings(host, 0, false), registry, List::of, List.of(endpoints(told)));
    }

    private static HttpResponse<String> tell(HttpServer server, String type, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/interactions"))
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private JsonNode forbidden(HttpResponse<String> response) throws Exception {
        api.check("post", "/interactions", response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("title").asText()).isEqualTo("Forbidden");
        assertThat(problem.path("status").asInt()).isEqualTo(403);
        return problem;
    }
}

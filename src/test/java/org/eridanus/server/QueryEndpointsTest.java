package org.eridanus.server;

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.event.Limits;
import org.eridanus.feature.UserHistory;
import org.eridanus.live.Catalogue;
import org.eridanus.live.KnownUsers;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.recommend.Recommender;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.recommend.UserContext;
import org.eridanus.recommend.UserContexts;
import org.eridanus.recommend.UserContexts.Place;
import org.eridanus.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryEndpointsTest {
    private static final long NOW = 1_767_225_600_123L;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OpenApi api = new OpenApi();
    private final TinyTrainer trainer = new TinyTrainer().announce(20).walk(6, 20, 8);
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
    private final Catalogue catalogue = new Catalogue();
    private final KnownUsers users = new KnownUsers();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile UserContexts contexts = user -> new Place.Here(trainer.context(user));

    private HttpServer server = start(user -> contexts.find(user));

    @BeforeEach
    void fill() {
        trainer.publishTo(model);
        for (int i = 0; i < 20; i++) {
            catalogue.put(new Item("i" + i, "Title " + i, new Attributes(Map.of("genres", List.of("G" + i % 3)))));
        }
        users.put("u1", new Attributes(Map.of("occupation", List.of("writer"))));
    }

    @AfterEach
    void stop() {
        servers.forEach(HttpServer::close);
    }

    private HttpServer start(UserContexts where) {
        HttpServer started = HttpServer.start(
                HttpSettings.onLoopback(0),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                List::of,
                List.of(new QueryEndpoints(
                        where, model, true, catalogue, users, Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC))));
        servers.add(started);
        return started;
    }

    @Test
    void shouldRecommendWhatTheRecommenderDoes() throws Exception {
        Recommendation expected = new Recommender(model, true).recommend(trainer.context("u1"), 5, Set.of("i9", "i12"));

        JsonNode list =
                get("/recommendations/{user}", "recommendations/u1?k=5&exclude=i9&exclude=i12&explain=true", 200);

        assertThat(list.get("user").asText()).isEqualTo("u1");
        assertThat(list.get("generatedAt").asLong()).isEqualTo(NOW);
        assertThat(list.get("modelVersion").asLong()).isEqualTo(expected.version());
        assertThat(list.get("modelGeneration").asInt()).isEqualTo(1);
        assertThat(list.at("/filtered/excluded").asInt()).isEqualTo(2);
        assertThat(list.get("items")).hasSize(5);
        for (int i = 0; i < 5; i++) {
            RecommendedItem place = expected.items().get(i);
            JsonNode item = list.get("items").get(i);
            assertThat(item.get("item").asText()).isEqualTo(place.item());
            assertThat(item.get("title").asText())
                    .isEqualTo("Title " + place.item().substring(1));
            assertThat(item.get("score").asDouble())
                    .isCloseTo(place.score(), org.assertj.core.data.Offset.offset(1e-4));
            assertThat(item.get("why")).hasSize(place.why().size());
        }
    }

    @Test
    void shouldRecommendTenWithoutReasonsUnlessAskedOtherwise() throws Exception {
        JsonNode list = get("/recommendations/{user}", "recommendations/u1", 200);

        assertThat(list.get("items"))
                .hasSize(Limits.DEFAULT_K)
                .allSatisfy(item -> assertThat(item.has("why")).isFalse());
    }

    @Test
    void shouldSayThatAnUnknownUserGetsWhatIsPopular() throws Exception {
        JsonNode list = get("/recommendations/{user}", "recommendations/nobody?explain=true", 200);

        assertThat(list.get("fallback").asText()).isEqualTo("no-history");
        assertThat(list.at("/items/0/why/0/combination").asText()).isEqualTo(Recommender.POPULARITY);
    }

    @Test
    void shouldTellWhatIsKnownOfAUser() throws Exception {
        JsonNode known = get("/users/{user}", "users/u1", 200);
        JsonNode nothing = get("/users/{user}", "users/nobody", 200);

        assertThat(known.get("consumed").asInt()).isEqualTo(8);
        assertThat(known.at("/history/0/item").asText()).isEqualTo("i8");
        assertThat(known.at("/history/0/title").asText()).isEqualTo("Title 8");
        assertThat(known.at("/attributes/occupation/0").asText()).isEqualTo("writer");
        assertThat(nothing.get("consumed").asInt()).isZero();
        assertThat(nothing.get("history")).isEmpty();
    }

    @Test
    void shouldFindItemsAndUsers() throws Exception {
        assertThat(get("/items/{item}", "items/i7", 200).get("title").asText()).isEqualTo("Title 7");
        assertThat(get("/items/{item}", "items/none", 404).get("detail").asText())
                .contains("no item 'none'");
        assertThat(get("/items", "items?query=title%201&limit=3", 200).get("items"))
                .extracting(item -> item.get("item").asText())
                .containsExactly("i1", "i10", "i11");
        assertThat(get("/users", "users?query=U", 200).get("users"))
                .extracting(user -> user.get("user").asText())
                .containsExactly("u1");
    }

    @Test
    void shouldFindItemsWithSlashesInTheirIds() throws Exception {
        catalogue.put(new Item("a/b%c?d", "Odd", Attributes.NONE));

        assertThat(get("/items/{item}", "items/a%2Fb%25c%3Fd", 200).get("item").asText())
                .isEqualTo("a/b%c?d");
    }

    @Test
    void shouldDescribeTheModel() throws Exception {
        JsonNode described = get("/model", "model", 200);

        assertThat(described.get("version").asLong())
                .isEqualTo(model.marker().orElseThrow().version());
        assertThat(described.get("preset").asText()).isEqualTo("tiny");
        assertThat(described.get("events").asLong()).isEqualTo(48);
        assertThat(described.get("items").asInt()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /recommendations/{user} | recommendations/u1?k=0            | k must be 1..100, got 0
        /recommendations/{user} | recommendations/u1?k=101          | k must be 1..100, got 101
        /recommendations/{user} | recommendations/u1?k=ten          | k must be a whole number, got 'ten'
        /recommendations/{user} | recommendations/u1?k=1&k=2        | k must be given once, got it 2 times
        /recommendations/{user} | recommendations/u1?explain=yes    | explain must be true or false, got 'yes'
        /recommendations/{user} | recommendations/u1?K=3            | unknown parameter 'K'
        /recommendations/{user} | recommendations/u1?exclude=       | exclude
        /recommendations/{user} | recommendations/u1?exclude=a%01b  | control characters
        /recommendations/{user} | recommendations/a%01b             | Suspicious Path Character
        /items                  | items?limit=51                    | limit must be 1..50, got 51
        /items                  | items?limit=0                     | limit must be 1..50, got 0
        /model                  | model?x=1                         | unknown parameter 'x'
        """)
    void shouldRefuseWhatBreaksARule(String path, String request, String detail) throws Exception {
        assertThat(get(path, request, 400).get("detail").asText()).contains(detail);
    }

    @Test
    void shouldRefuseLongTexts() throws Exception {
        assertThat(get("/recommendations/{user}", "recommendations/" + "u".repeat(129), 400)
                        .get("detail")
                        .asText())
                .contains("at most 128 characters");
        assertThat(get("/items", "items?query=" + "q".repeat(65), 400)
                        .get("detail")
                        .asText())
                .contains("query must have at most 64 characters, got 65");
    }

    @Test
    void shouldLeaveOutAsManyItemsAsItPromises() throws Exception {
        String shortIds = exclude(Limits.EXCLUDE, 6);
        String longIds = exclude(100, Limits.ID);

        assertThat(get("/recommendations/{user}", "recommendations/u1?k=100" + shortIds, 200)
                        .at("/filtered/excluded")
                        .asInt())
                .isZero();
        get("/recommendations/{user}", "recommendations/u1?k=100" + longIds, 200);
        assertThat(get("/recommendations/{user}", "recommendations/u1?k=100" + shortIds + "&exclude=i3", 400)
                        .get("detail")
                        .asText())
                .isEqualTo("exclude must have at most 1000 items, got 1001");
        get("/recommendations/{user}", "recommendations/u1?k=100" + exclude(200, Limits.ID), 414);
    }

    private static String exclude(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> "&exclude=" + "x".repeat(length - 4) + (1_000 + i))
                .collect(Collectors.joining());
    }

    @Test
    void shouldAskTheInstanceThatHasTheUsersPartition() throws Exception {
        JsonNode own = get("/recommendations/{user}", "recommendations/u2?k=4&exclude=i1", 200);
        int owner = server.port();
        server = start(user -> new Place.Elsewhere("127.0.0.1", owner));

        HttpResponse<String> passedOn = request("recommendations/u2?k=4&exclude=i1");
        HttpResponse<String> refusal = request("recommendations/u2?k=4000");

        api.check("get", "/recommendations/{user}", passedOn);
        assertThat(JSON.readTree(passedOn.body())).isEqualTo(own);
        assertThat(passedOn.headers().firstValue(Forwarder.ANSWERED_BY)).hasValue("127.0.0.1:" + owner);
        assertThat(refusal.statusCode()).isEqualTo(400);
        api.check("get", "/recommendations/{user}", refusal);
    }

    /** Of very many users the scorer alone has the profile, as of the user's newest event. */
    @Test
    void shouldTellTheNewestProfileThatIsKnown() throws Exception {
        UserContext known =
                new UserContext(UserHistory.EMPTY, List.of(), new Attributes(Map.of("age", List.of("35"))), null);
        contexts = user -> new Place.Here(known);

        JsonNode without = get("/users/{user}", "users/u2", 200);
        users.put("u2", new Attributes(Map.of("age", List.of("36"))));
        JsonNode with = get("/users/{user}", "users/u2", 200);

        assertThat(without.at("/attributes/age/0").asText()).isEqualTo("35");
        assertThat(with.at("/attributes/age/0").asText()).isEqualTo("36");
    }

    @Test
    void shouldPassARequestOnOnce() throws Exception {
        int first = server.port();
        HttpServer second = start(user -> new Place.Elsewhere("127.0.0.1", first));
        contexts = user -> new Place.Elsewhere("127.0.0.1", second.port());

        HttpResponse<String> response = request("users/u2");

        api.check("get", "/users/{user}", response);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("being moved");
        assertThat(response.headers().firstValue("Retry-After"))
                .as("what the second one said")
                .hasValue("1");
    }

    @Test
    void shouldSayWhenTheOwnerCannotBeAsked() throws Exception {
        HttpServer gone = start(contexts);
        int port = gone.port();
        gone.close();
        contexts = user -> new Place.Elsewhere("127.0.0.1", port);

        JsonNode problem = get("/recommendations/{user}", "recommendations/u2", 502);

        assertThat(problem.get("detail").asText()).contains("127.0.0.1:" + port).contains("cannot be asked");
    }

    @Test
    void shouldSayWhenAUserIsOutOfReach() throws Exception {
        contexts = user -> new Place.OutOfReach("the user's partition is being moved");

        HttpResponse<String> response = request("recommendations/u2");

        api.check("get", "/recommendations/{user}", response);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void shouldBoundSearchesByTheSecond() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < 4 * QueryEndpoints.SEARCHES_PER_SECOND; i++) {
            sent.add(client.sendAsync(
                    HttpRequest.newBuilder(server.uri().resolve("items?limit=1"))
                            .build(),
                    BodyHandlers.ofString()));
        }

        Set<Integer> statuses = new HashSet<>();
        for (CompletableFuture<HttpResponse<String>> each : sent) {
            api.check("get", "/items", each.get());
            statuses.add(each.get().statusCode());
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 429);
    }

    /** More than there are threads: only searches wait for searches. */
    @Test
    void shouldAnswerOthersWhileSearchesWaitForALongOne() throws Exception {
        int refused = QueryEndpoints.SEARCHES_PER_SECOND - QueryEndpoints.SEARCHES_WAITING - 1;
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        // A search that has begun waits for this.
        synchronized (users) {
            for (int i = 0; i < QueryEndpoints.SEARCHES_PER_SECOND; i++) {
                sent.add(client.sendAsync(
                        HttpRequest.newBuilder(server.uri().resolve("users?query=u1"))
                                .build(),
                        BodyHandlers.ofString()));
            }
            Await.until(
                    PATIENCE,
                    () -> sent.stream().filter(CompletableFuture::isDone).count() == refused,
                    "those beyond the ones that wait to be refused");

            assertThat(get("/recommendations/{user}", "recommendations/u1", 200).get("items"))
                    .isNotEmpty();
        }

        Map<Integer, Integer> statuses = new TreeMap<>();
        for (CompletableFuture<HttpResponse<String>> each : sent) {
            api.check("get", "/users", each.get());
            statuses.merge(each.get().statusCode(), 1, Integer::sum);
        }
        assertThat(statuses).isEqualTo(Map.of(200, QueryEndpoints.SEARCHES_WAITING + 1, 429, refused));
    }

    @Test
    void shouldDescribeTheLimitsThatAreKept() {
        assertThat(api.parameter("/recommendations/{user}", "k").get("maximum").asInt())
                .isEqualTo(Limits.K);
        assertThat(api.parameter("/recommendations/{user}", "k").get("default").asInt())
                .isEqualTo(Limits.DEFAULT_K);
        assertThat(api.parameter("/recommendations/{user}", "exclude")
                        .get("maxItems")
                        .asInt())
                .isEqualTo(Limits.EXCLUDE);
        for (String path : List.of("/items", "/users")) {
            assertThat(api.parameter(path, "limit").get("maximum").asInt()).isEqualTo(QueryEndpoints.FOUND);
            assertThat(api.parameter(path, "limit").get("default").asInt()).isEqualTo(QueryEndpoints.DEFAULT_FOUND);
            assertThat(api.parameter(path, "query").get("maxLength").asInt()).isEqualTo(QueryEndpoints.QUERY);
        }
        assertThat(api.document().at("/components/schemas/Id/maxLength").asInt())
                .isEqualTo(Limits.ID);
        assertThat(api.document()
                        .at("/components/schemas/Known/properties/history/maxItems")
                        .asInt())
                .isEqualTo(Limits.HISTORY);
    }

    private JsonNode get(String path, String request, int status) throws Exception {
        HttpResponse<String> response = request(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        api.check("get", path, response);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> request(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + path)).build(), BodyHandlers.ofString());
    }
}

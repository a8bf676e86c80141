package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Interaction;
import org.eridanus.testing.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo answers over HTTP while it runs: an event told of there comes back as another list. */
class LiveIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Dataset WORLD = SmallWorld.generate();

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static LocalPipeline pipeline;

    @BeforeAll
    static void start() throws Exception {
        pipeline = SmallWorld.demo(folder);
        try (EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers())) {
            SmallWorld.publishCatalogue(WORLD, pipeline, publisher);
            WORLD.interactions().subList(0, 600).forEach(publisher::publish);
            publisher.flush();
        }
        Await.until(PATIENCE, () -> get("model").get("events").asLong() == 600, "600 events learned from");
        Await.until(PATIENCE, () -> get("model").get("items").asInt() == 150, "titles");
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    @Test
    void shouldChangeAUsersListByAnEventToldOfOverHttp() throws Exception {
        String user = WORLD.interactions().get(0).user();
        try (Stream<String> lines = live("?user=" + user)) {
            Events events = new Events(lines);
            JsonNode hello = events.next("hello", any -> true);
            JsonNode before = get("recommendations/" + user + "?explain=true");
            String watched = before.at("/items/0/item").asText();
            int consumed = get("users/" + user).get("consumed").asInt();

            HttpResponse<String> told = post("{\"user\":\"" + user + "\",\"item\":\"" + watched + "\"}");

            assertThat(hello.get("writable").asBoolean()).isTrue();
            assertThat(hello.get("preset").asText()).isEqualTo("online");
            assertThat(told.statusCode()).as(told.body()).isEqualTo(202);
            int partition = JSON.readTree(told.body()).get("partition").asInt();
            long offset = JSON.readTree(told.body()).get("offset").asLong();
            JsonNode list = events.next(
                    "list",
                    each -> each.at("/cause/partition").asInt() == partition
                            && each.at("/cause/offset").asLong() >= offset);
            assertThat(list.get("user").asText()).isEqualTo(user);
            assertThat(items(list)).hasSize(10).doesNotContain(watched);
            assertThat(list.at("/items/0/title").asText())
                    .isNotBlank()
                    .isNotEqualTo(list.at("/items/0/item").asText());
            events.next("model", each -> each.at("/trainedThrough/" + partition).asLong(-1) >= offset);
            JsonNode sample = events.next("sample", each -> each.get("events").asLong() > 0);
            assertThat(sample.get("listMs").isNumber()).isTrue();
            JsonNode known = get("users/" + user);
            assertThat(known.get("consumed").asInt()).isEqualTo(consumed + 1);
            assertThat(known.at("/history/0/item").asText()).isEqualTo(watched);
            assertThat(items(get("recommendations/" + user))).doesNotContain(watched);
        }
    }

    @Test
    void shouldShowEventsThatPass() throws Exception {
        Interaction next = WORLD.interactions().get(700);
        try (Stream<String> lines = live("")) {
            Events events = new Events(lines);
            events.next("hello", any -> true);

            post("{\"user\":\"" + next.user() + "\",\"item\":\"" + next.item() + "\"}");

            JsonNode passed = events.next(
                    "passed", each -> each.at("/events").toString().contains("\"user\":\"" + next.user() + "\""));
            JsonNode event = passed.get("events").get(passed.get("events").size() - 1);
            assertThat(event.at("/item/title").asText()).isNotBlank();
            assertThat(event.at("/ranks/model").isInt()).isTrue();
        }
    }

    @Test
    void shouldLetNobodyElseTellOfEvents() throws Exception {
        String body = "{\"user\":\"a\",\"item\":\"b\"}";

        assertThat(CLIENT.send(HttpRequest.newBuilder(uri("live")).build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(406);
        assertThat(post(body, "Content-Type", "text/plain").statusCode()).isEqualTo(415);
        assertThat(post(body, "Content-Type", "application/json", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(body, "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void shouldRefuseInteractionsThatBreakARule() throws Exception {
        assertThat(post("{\"user\":\"a\"}").body()).contains("item");
        assertThat(post("{\"user\":\"a\"}").statusCode()).isEqualTo(400);
        assertThat(post("[1]").statusCode()).isEqualTo(400);
        assertThat(post("nonsense").statusCode()).isEqualTo(400);
        assertThat(post("{\"user\":\"a\",\"item\":\"" + "b".repeat(200) + "\"}").body())
                .contains("128");
        assertThat(post("{\"user\":\"a\",\"item\":\"" + "b".repeat(20_000) + "\"}")
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void shouldTakeSixteenViewers() throws Exception {
        List<Stream<String>> viewers = new ArrayList<>();
        try {
            // All at once, so that each is asking before the others are counted.
            Stream.generate(() -> CLIENT.sendAsync(events(""), BodyHandlers.ofLines()))
                    .limit(20)
                    .toList()
                    .forEach(asked -> {
                        HttpResponse<Stream<String>> response = asked.join();
                        if (response.statusCode() == 200) {
                            viewers.add(response.body());
                        } else {
                            response.body().close();
                        }
                    });
            assertThat(viewers.size()).isLessThanOrEqualTo(16);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int status = 0;
            String said = "";
            // Viewers of other tests leave when they notice, and only so many come a second: both are asked again.
            while (System.nanoTime() < deadline && viewers.size() <= 16 && !(viewers.size() == 16 && status == 503)) {
                HttpResponse<Stream<String>> response = CLIENT.send(events(""), BodyHandlers.ofLines());
                status = response.statusCode();
                if (status == 200) {
                    viewers.add(response.body());
                } else {
                    said = response.body().collect(Collectors.joining());
                    Await.pass(Duration.ofMillis(100));
                }
            }

            assertThat(viewers).hasSize(16);
            assertThat(status).as(said).isEqualTo(503);
            assertThat(said).contains("at most 16 viewers are served at a time; close another page first");
        } finally {
            viewers.forEach(Stream::close);
        }
    }

    /** Reads server-sent events on a thread of its own. */
    private static final class Events {
        private final BlockingQueue<String[]> queue = new LinkedBlockingQueue<>();

        Events(Stream<String> lines) {
            Thread thread = new Thread(() -> {
                String[] event = {"", ""};
                try {
                    for (String line : (Iterable<String>) lines::iterator) {
                        if (line.startsWith("event:")) {
                            event[0] = line.substring(6).strip();
                        } else if (line.startsWith("data:")) {
                            event[1] = line.substring(5).strip();
                        } else if (line.isEmpty()) {
                            queue.add(event.clone());
                        }
                    }
                } catch (java.io.UncheckedIOException e) {
                    // The stream was closed.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        JsonNode next(String name, Predicate<JsonNode> wanted) throws InterruptedException, IOException {
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (true) {
                String[] event = queue.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (event == null) {
                    throw new AssertionError("no such event within 20 s: " + name);
                }
                if (event[0].equals(name)) {
                    JsonNode data = JSON.readTree(event[1]);
                    if (wanted.test(data)) {
                        return data;
                    }
                }
            }
        }
    }

    private static Stream<String> live(String query) throws Exception {
        HttpResponse<Stream<String>> response = CLIENT.send(events(query), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        return response.body();
    }

    private static HttpRequest events(String query) {
        return HttpRequest.newBuilder(uri("live" + query))
                .header("Accept", "text/event-stream")
                .build();
    }

    private static JsonNode get(String path) {
        try {
            HttpResponse<String> response =
                    CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JSON.readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> post(String body) throws Exception {
        TimeUnit.MILLISECONDS.sleep(60);
        return post(body, "Content-Type", "application/json");
    }

    private static HttpResponse<String> post(String body, String... headers) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(uri("interactions"))
                        .headers(headers)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return pipeline.http().resolve(path);
    }

    private static List<String> items(JsonNode list) {
        List<String> items = new ArrayList<>();
        list.get("items").forEach(item -> items.add(item.get("item").asText()));
        return items;
    }
}

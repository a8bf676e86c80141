package org.eridanus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private volatile List<String> missing = List.of();
    private final HttpServer server = HttpServer.start(HttpSettings.onLoopback(0), registry, () -> missing, List.of());
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldGiveMetricsInPrometheusTextFormat() throws Exception {
        Counter.builder("eridanus.input.accepted.records").register(registry).increment(3);

        HttpResponse<String> response = get("metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(response.body())
                .contains("# TYPE eridanus_input_accepted_records_total counter")
                .contains("eridanus_input_accepted_records_total 3.0");
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void shouldGiveMetricsAsOpenMetricsWhenAskedTo() throws Exception {
        Counter.builder("eridanus.input.accepted.records").register(registry).increment(3);

        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(server.uri().resolve("metrics"))
                        .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text; version=1.0.0"));
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    void shouldBeAliveAlsoWhenNotReady() throws Exception {
        missing = List.of("trainer: Kafka Streams is REBALANCING");

        HttpResponse<String> response = get("health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(response.body()).path("status").asText()).isEqualTo("up");
    }

    @Test
    void shouldBeReadyOnlyWhenNothingIsMissing() throws Exception {
        missing = List.of("trainer: Kafka Streams is REBALANCING", "scorer: no model yet");
        HttpResponse<String> before = get("ready");
        missing = List.of();
        HttpResponse<String> after = get("ready");

        JsonNode problem = problem(before, 503);
        assertThat(problem.path("missing"))
                .extracting(JsonNode::asText)
                .containsExactly("trainer: Kafka Streams is REBALANCING", "scorer: no model yet");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(after.body()).path("ready").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics", "health", "ready"})
    void shouldAnswerEachCheckSoOftenASecondAndNoMore(String path) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        HttpResponse<String> last = get(path);
        for (int i = 0; i < 20 * HttpServer.CHECKS_PER_SECOND && last.statusCode() == 200; i++) {
            last = get(path);
            statuses.add(last.statusCode());
        }

        assertThat(statuses).hasSizeGreaterThanOrEqualTo(HttpServer.CHECKS_PER_SECOND - 1);
        assertThat(problem(last, 429).path("detail").asText())
                .isEqualTo("/" + path + " are answered at most 100 times a second; ask again in a second");
        assertThat(last.headers().firstValue("Retry-After")).contains("1");
        for (String other : List.of("metrics", "health", "ready", "openapi.json")) {
            if (!other.equals(path)) {
                assertThat(get(other).statusCode()).as(other).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldAnswerChecksHoweverManyOthersAsk() throws Exception {
        RateLimit twoForEver = new RateLimit("requests", 2, () -> 0);
        try (HttpServer asked =
                new HttpServer(HttpSettings.onLoopback(0), registry, List::of, List::of, List.of(), twoForEver)) {
            assertThat(get(asked, "openapi.json").statusCode()).isEqualTo(200);
            assertThat(get(asked, "no/such/path").statusCode()).isEqualTo(404);
            problem(get(asked, "openapi.json"), 429);

            for (String check : List.of("metrics", "health", "ready")) {
                assertThat(get(asked, check).statusCode()).as(check).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldStopThoughWhatItServedDoesNotClose() throws Exception {
        List<String> closed = new ArrayList<>();
        HttpServer stopped = HttpServer.start(
                HttpSettings.onLoopback(0),
                registry,
                List::of,
                List.of(
                        endpoints(() -> {
                            throw new IllegalStateException("first");
                        }),
                        endpoints(() -> {
                            throw new IllegalStateException("second");
                        }),
                        endpoints(() -> closed.add("third"))));
        int port = stopped.port();

        assertThatThrownBy(stopped::close)
                .hasMessage("first")
                .satisfies(failed -> assertThat(failed.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("second"));

        assertThat(closed).containsExactly("third");
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
    }

    private static Endpoints endpoints(Runnable close) {
        return new Endpoints() {
            @Override
            public void add(RoutesConfig routes) {}

            @Override
            public void close() {
                close.run();
            }
        };
    }

    /** What browsers add to a page's requests; what is no browser adds nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 |
        200 | Sec-Fetch-Site: same-origin, Sec-Fetch-Mode: cors, Sec-Fetch-Dest: empty
        200 | Sec-Fetch-Site: none, Sec-Fetch-Mode: navigate, Sec-Fetch-Dest: document
        200 | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate, Sec-Fetch-Dest: document
        403 | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: no-cors, Sec-Fetch-Dest: image
        403 | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: cors, Sec-Fetch-Dest: empty
        403 | Sec-Fetch-Site: same-site, Sec-Fetch-Mode: no-cors, Sec-Fetch-Dest: script
        403 | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate, Sec-Fetch-Dest: iframe
        403 | Origin: http://evil.example
        200 | Origin: http://127.0.0.1
        """)
    void shouldAnswerNoPageOfAnotherSiteButLetItLinkHere(int status, @Nullable String headers) throws Exception {
        String added = headers == null ? "" : headers.replace(", ", "\r\n") + "\r\n";
        for (String path : List.of("openapi.json", "metrics", "health", "ready")) {
            String answer =
                    raw("GET /" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + added + "Connection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 " + status);
            if (status == 403) {
                assertThat(answer).contains("application/problem+json").contains("a page of another ");
            }
        }
    }

    @Test
    void shouldSayWhatIsUnusualThoughItIsReady() throws Exception {
        List<String> notes = new ArrayList<>();
        try (HttpServer noting =
                HttpServer.start(HttpSettings.onLoopback(0), registry, List::of, () -> notes, List.of())) {
            String before = get(noting, "ready").body();
            notes.add("learning is frozen at version 7");
            HttpResponse<String> after = get(noting, "ready");

            assertThat(JSON.readTree(before).has("notes")).isFalse();
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(after.body()).path("notes"))
                    .extracting(JsonNode::asText)
                    .containsExactly("learning is frozen at version 7");
        }
    }

    @Test
    void shouldAnswerUnknownPathsWithAProblem() throws Exception {
        JsonNode problem = problem(get("nothing/here"), 404);

        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("title").asText()).isEqualTo("Not Found");
        assertThat(problem.has("missing")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"})
    void shouldRefuseOtherMethods(String method) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(server.uri().resolve("metrics"))
                        .method(method, HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isIn(405, 501);
        problem(response, response.statusCode());
    }

    @Test
    void shouldRefuseLargeHeaders() throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(server.uri().resolve("metrics"))
                        .header("X-Filler", "x".repeat(20_000))
                        .build(),
                BodyHandlers.ofString());

        problem(response, 431);
    }

    @Test
    void shouldRefuseALargeRequestLine() throws Exception {
        problem(get("openapi.json?" + "x".repeat(20_000)), 414);
    }

    @Test
    void shouldRefuseWhatIsNotHttp() throws Exception {
        String answer = raw("GARBAGE\u0000\u0001\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }

    @Test
    void shouldHideTheReasonOfAFailureFromTheAnswer() throws Exception {
        try (HttpServer failing = HttpServer.start(
                HttpSettings.onLoopback(0),
                registry,
                () -> {
                    throw new IllegalStateException("secret");
                },
                List.of())) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(failing.uri().resolve("ready")).build(), BodyHandlers.ofString());

            problem(response, 500);
            assertThat(response.body()).doesNotContain("secret");
        }
    }

    @Test
    void shouldSayWhenThePortIsTaken() {
        int taken = server.port();

        assertThatThrownBy(() -> HttpServer.start(HttpSettings.onLoopback(taken), registry, List::of, List.of()))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("the HTTP port must be free, got " + taken)
                .hasMessageContaining("0 for any");
        assertThatThrownBy(() -> HttpSettings.onLoopback(70_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0..65535, got 70000");
    }

    @Test
    void shouldListenOnThisMachineAlone() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();

        assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
        assertThat(others)
                .allSatisfy(address -> assertThatThrownBy(() -> new Socket(address, server.port()).close())
                        .isInstanceOf(IOException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:80"})
    void shouldAnswerUnderThisMachinesNames(String host) throws Exception {
        assertThat(raw("GET /openapi.json HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example:8080", "10.0.0.1", "localhost.evil"})
    void shouldRefuseOtherNamesBecauseAPageMayHaveMadeItsOwnPointHere(String host) throws Exception {
        String answer = raw("GET /openapi.json HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        String scrape = raw("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 421")
                .contains("application/problem+json")
                .contains("Host must name this machine");
        assertThat(scrape).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldForbidBrowsersToLoadAnythingElse() throws Exception {
        HttpResponse<String> response = get("openapi.json");

        assertThat(response.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'")
                        .contains("script-src 'self';")
                        .contains("frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    /** Jetty takes no further connections meanwhile: they wait in the queue of the operating system. */
    @Test
    void shouldLetTheConnectionBeyondTheBoundWaitUntilAnIdleOneIsClosed() throws Exception {
        String request = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 255; i++) {
                idle.add(new Socket("127.0.0.1", server.port()));
            }
            long started = System.nanoTime();
            assertThat(raw(request)).as("connection 256").startsWith("HTTP/1.1 200");
            long last = System.nanoTime() - started;
            for (int i = 255; i < 300; i++) {
                idle.add(new Socket("127.0.0.1", server.port()));
            }

            started = System.nanoTime();
            String answer = raw(request);
            long beyond = System.nanoTime() - started;

            assertThat(answer).as("connection 301").startsWith("HTTP/1.1 200");
            assertThat(Duration.ofNanos(last)).isLessThan(Duration.ofSeconds(1));
            assertThat(Duration.ofNanos(beyond)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void shouldCountWhatItAnswers() throws Exception {
        get("health");
        get("health");
        get("no/such/path");

        assertThat(get("metrics").body())
                .contains("eridanus_http_requests_total{route=\"/health\",status=\"200\"} 2.0")
                .contains("eridanus_http_requests_total{route=\"none\",status=\"404\"} 1.0");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(server, path);
    }

    private HttpResponse<String> get(HttpServer asked, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(asked.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    private static JsonNode problem(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).isNotBlank();
        return problem;
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}

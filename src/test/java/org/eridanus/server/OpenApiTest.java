package org.eridanus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eridanus.live.LiveFeed;
import org.eridanus.metrics.LiveMetrics;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.recommend.UserContexts.Place;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final Map<String, Object> NO_BROKER =
            Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", 1_000, "request.timeout.ms", 500);

    private final OpenApi api = new OpenApi();

    @Test
    void shouldDescribeEveryRouteAndNoOther() throws Exception {
        ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (LiveFeed feed = new LiveFeed(NO_BROKER, TopicNames.PLAIN, model, Clock.systemUTC());
                HttpServer server = HttpServer.start(
                        HttpSettings.onLoopback(0),
                        registry,
                        () -> List.of("scorer: starting"),
                        List.of(
                                new QueryEndpoints(
                                        user -> new Place.OutOfReach("starting"),
                                        model,
                                        true,
                                        feed.catalogue(),
                                        feed.users(),
                                        Clock.systemUTC()),
                                new LiveEndpoints(feed, Optional.empty(), new LiveMetrics(registry), Clock.systemUTC()),
                                new PageEndpoints()))) {
            assertThat(server.routes()).isEqualTo(api.operations());
            for (String path : Set.of("/metrics", "/health", "/ready", "/openapi.json", "/live", "/model")) {
                api.check("get", path, send(HttpRequest.newBuilder(server.uri().resolve(path))));
            }
            HttpResponse<String> page = send(HttpRequest.newBuilder(server.uri().resolve("/")));
            api.check("get", "/", page);
            Matcher files = Pattern.compile("\"/?(page/[^\"]+)\"").matcher(page.body());
            Set<String> named = new TreeSet<>(Set.of("page/none.js"));
            while (files.find()) {
                named.add(files.group(1));
            }
            assertThat(named).hasSizeGreaterThan(3);
            for (String file : named) {
                HttpResponse<String> response =
                        send(HttpRequest.newBuilder(server.uri().resolve("/" + file)));
                assertThat(response.statusCode()).as(file).isEqualTo(file.equals("page/none.js") ? 404 : 200);
                api.check("get", "/page/{file}", response);
            }
            HttpResponse<String> off = send(HttpRequest.newBuilder(server.uri().resolve("/interactions"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"a\",\"item\":\"b\"}")));
            api.check("post", "/interactions", off);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}

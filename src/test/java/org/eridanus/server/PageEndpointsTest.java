package org.eridanus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageEndpointsTest {
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(/page/[^\"]+)\"|from \"\\./([^\"]+)\"");

    private final HttpServer server = HttpServer.start(
            HttpSettings.onLoopback(0),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            List::of,
            List.of(new PageEndpoints()));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldServeEveryFileThatThePageAsksFor() throws Exception {
        Set<String> wanted = new TreeSet<>(files(get("/").body()));
        for (String file : List.copyOf(wanted)) {
            if (file.endsWith("page.js")) {
                wanted.addAll(files(get(file).body()));
            }
        }

        assertThat(wanted)
                .contains("/page/tryit.js", "/page/uplot.js", "/page/page.css")
                .hasSizeGreaterThan(8);
        for (String file : wanted) {
            HttpResponse<String> response = get(file);
            assertThat(response.statusCode()).as(file).isEqualTo(200);
            assertThat(response.body()).as(file).isNotBlank();
            assertThat(response.headers().firstValue("Content-Type").orElse(""))
                    .as(file)
                    .contains(
                            file.endsWith(".css")
                                    ? "text/css"
                                    : file.endsWith(".svg")
                                            ? "image/svg+xml"
                                            : file.endsWith(".txt") ? "text/plain" : "text/javascript");
        }
        assertThat(get("/page/nothing.js").statusCode()).isEqualTo(404);
        assertThat(get("/page/..%2Fopenapi.json").statusCode()).isIn(400, 404);
    }

    @Test
    void shouldHaveNothingInThePageThatItsOwnPolicyForbids() throws Exception {
        String page = get("/").body();

        assertThat(page)
                .doesNotContainPattern("<script(?![^>]*\\ssrc=)")
                .doesNotContain("<style")
                .doesNotContainPattern("\\sstyle=")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("(src|href)=\"(https?:)?//");
    }

    @Test
    void shouldNotSendAgainWhatABrowserHas() throws Exception {
        String tag = get("/page/page.js").headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri().resolve("/page/page.js"))
                                .header("If-None-Match", tag)
                                .build(),
                        BodyHandlers.ofString());

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    private static Set<String> files(String text) {
        Set<String> files = new TreeSet<>();
        Matcher matcher = FILE.matcher(text);
        while (matcher.find()) {
            files.add(matcher.group(1) == null ? "/page/" + matcher.group(2) : matcher.group(1));
        }
        return files;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }
}

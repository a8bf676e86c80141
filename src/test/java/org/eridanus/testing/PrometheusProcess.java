package org.eridanus.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Prometheus of its own on this machine's address, where the program is installed, to be closed. */
public final class PrometheusProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();

    private PrometheusProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Where a program is installed, if it is. */
    public static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param config its configuration
     * @param folder where it keeps data and its log
     */
    public static PrometheusProcess start(Path program, Path config, Path folder) {
        try {
            int port = FreePort.find();
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--config.file=" + config,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            PrometheusProcess started = new PrometheusProcess(process, URI.create("http://127.0.0.1:" + port + "/"));
            Await.until(PATIENCE, started::ready, "Prometheus to be ready; its log is in " + folder);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean ready() {
        if (!process.isAlive()) {
            throw new AssertionError("Prometheus ended with " + process.exitValue());
        }
        try {
            return get("-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** The values that an expression has now, NaN left out; an error fails. */
    public List<Double> query(String expression) {
        List<Double> values = new ArrayList<>();
        for (JsonNode sample : data("api/v1/query?query=" + encoded(expression)).path("result")) {
            double value = Double.parseDouble(sample.at("/value/1").asText().replace("Inf", "Infinity"));
            if (!Double.isNaN(value)) {
                values.add(value);
            }
        }
        return values;
    }

    /** The values of a label among series. */
    public List<String> labelValues(String series, String label) {
        List<String> values = new ArrayList<>();
        data("api/v1/label/" + label + "/values?match[]=".replace("[]", "%5B%5D") + encoded(series))
                .forEach(value -> values.add(value.asText()));
        return values;
    }

    private JsonNode data(String path) {
        try {
            JsonNode answer = MAPPER.readTree(get(path).body());
            if (!answer.path("status").asText().equals("success")) {
                throw new AssertionError(path + ": " + answer);
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address + path))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.FreePort;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo that goes on after its replay, as those outside see it. */
class DemoServeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String NEWCOMER = "newcomer";

    @TempDir
    private Path folder;

    @Test
    void shouldTellHowToWatchItAndAnswerWhatIsProducedAfterTheReplay() throws Exception {
        int port = FreePort.find();
        String broker = "127.0.0.1:" + port;
        String item = SyntheticWorld.generate(SyntheticWorld.Settings.defaults())
                .items()
                .get(0)
                .id();
        try (ChildProcess demo = ChildProcess.start(
                folder.resolve("demo.txt"),
                Map.of(),
                "demo",
                "--serve",
                "--events=300",
                "--http-port=0",
                "--port=" + port,
                "--data-dir=" + folder.resolve("data"))) {
            demo.awaitOutput(PATIENCE, "still running, until Ctrl-C");

            assertThat(demo.output())
                    .contains(
                            "broker at " + broker,
                            "kcat -C -b " + broker + " -t recommendations -o end",
                            "kafka-console-consumer --bootstrap-server " + broker
                                    + " --topic recommendations --isolation-level read_committed");
            assertThat(get(metricsAddress(demo.output()))).contains("eridanus_");
            try (AccountingReader lists = new AccountingReader(broker, List.of(NEWCOMER));
                    EventPublisher publisher = new EventPublisher(broker)) {
                lists.start();
                publisher.send(
                        Topics.INTERACTIONS,
                        NEWCOMER,
                        ("{\"user\":\"" + NEWCOMER + "\",\"item\":\"" + item + "\"}").getBytes(UTF_8));
                Await.until(PATIENCE, () -> lists.latestList(NEWCOMER).isPresent(), "a list after an event");
                publisher.send(Topics.RECOMMENDATION_REQUESTS, NEWCOMER, "{\"k\":5}".getBytes(UTF_8));
                Await.until(PATIENCE, () -> latest(lists).at("/request").asBoolean(), "an answer to a request");
                assertThat(latest(lists).get("items")).hasSize(5);
            }
            demo.requireAlive();

            demo.terminate();

            assertThat(demo.exitCode(PATIENCE)).as("128 + SIGTERM").isEqualTo(143);
            assertThat(demo.output()).contains("stopping ...");
        }
    }

    private static JsonNode latest(AccountingReader lists) {
        Optional<byte[]> list = lists.latestList(NEWCOMER);
        try {
            return new ObjectMapper().readTree(list.orElseThrow());
        } catch (IOException e) {
            throw new AssertionError("a list is no JSON", e);
        }
    }

    private static URI metricsAddress(String output) {
        Matcher address = Pattern.compile("metrics at (http://127\\.0\\.0\\.1:\\d+/metrics)")
                .matcher(output);
        assertThat(address.find()).as(output).isTrue();
        return URI.create(address.group(1));
    }

    private static String get(URI address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

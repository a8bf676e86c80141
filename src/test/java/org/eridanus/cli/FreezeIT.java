package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.model.Presets;
import org.eridanus.server.HttpSettings;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning that is frozen shows in every instance, also in one that has no model to serve. */
class FreezeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void shouldTellOfAFreezeWhereTheTrainerRunsAndWhereTheModelIsServed(@TempDir Path folder) throws Exception {
        try (TestBroker broker = TestBroker.start();
                RunningPipeline learning = start(broker, folder.resolve("a"), Set.of(Role.FEATURES, Role.TRAINER));
                RunningPipeline serving = start(broker, folder.resolve("b"), Set.of(Role.SCORER));
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            TestBroker.send(producer, Topics.ITEMS, "i", "{\"id\":\"i\"}");
            TestBroker.send(producer, Topics.INTERACTIONS, "u", "{\"user\":\"u\",\"item\":\"i\"}");
            Await.until(
                    PATIENCE,
                    () -> ready(learning).equals("[]") && ready(serving).equals("[]"),
                    "both at work");

            TestBroker.send(producer, Topics.MODEL_CONTROL, "model", "{\"action\":\"freeze\"}");
            Await.until(PATIENCE, () -> ready(learning).contains("learning is frozen"), "the trainer's note");
            Await.until(PATIENCE, () -> ready(serving).contains("learning is frozen"), "the scorer's note");
            JsonNode frozen = hello(serving);
            TestBroker.send(producer, Topics.MODEL_CONTROL, "model", "{\"action\":\"resume\"}");
            Await.until(
                    PATIENCE,
                    () -> ready(learning).equals("[]") && ready(serving).equals("[]"),
                    "no notes");

            assertThat(frozen.get("frozen").asBoolean()).isTrue();
            assertThat(hello(serving).get("frozen").asBoolean()).isFalse();
        }
    }

    private static RunningPipeline start(TestBroker broker, Path folder, Set<Role> roles) {
        return RunningPipeline.start(
                new RunningPipeline.Settings(
                        PipelineSettings.of(Presets.online()).withRoles(roles),
                        StreamsSettings.of(broker.bootstrapServers(), folder),
                        TopicSettings.DEFAULT,
                        new RunningPipeline.Http(new HttpSettings("127.0.0.1", 0, false), false)),
                new PipelineMetrics(Clock.systemUTC()));
    }

    /** What is not as usual where everything is ready; empty where it is not. */
    private static String ready(RunningPipeline pipeline) {
        try {
            var answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(pipeline.http() + "ready"))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? new ObjectMapper()
                            .readTree(answer.body())
                            .withArray("notes")
                            .toString()
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode hello(RunningPipeline pipeline) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(pipeline.http() + "live"))
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> lines = CLIENT.send(request, BodyHandlers.ofLines()).body()) {
            String first =
                    lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
            return new ObjectMapper().readTree(first.substring("data:".length()));
        }
    }
}

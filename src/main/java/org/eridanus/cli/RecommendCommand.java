package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.eridanus.config.Configuration;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Limits;
import org.eridanus.event.RecommendationRequest;
import org.eridanus.event.Validated;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.Json;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus recommend}: asks for a user's list over Kafka, as any application would, and waits for the answer. */
@Command(
        name = "recommend",
        mixinStandardHelpOptions = true,
        description = "Ask for a user's recommendations and wait for the answer.",
        footer = {
            "",
            "Examples:",
            "  eridanus recommend --config eridanus.yaml --user anna",
            "  eridanus recommend --bootstrap localhost:9092 --user anna --k 5 --exclude book-1,book-2 --json",
            "",
            "Exit code: 0 answered, 1 failed or no answer in time, 2 wrong usage or configuration."
        })
final class RecommendCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(names = "--user", paramLabel = "USER", required = true, description = "The user to recommend to.")
    private String user = "";

    @Option(names = "--k", paramLabel = "N", description = "How many items (default: 10).")
    private int k = Limits.DEFAULT_K;

    @Option(names = "--exclude", paramLabel = "ITEM", split = ",", description = "Items to leave out.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeout = 10;

    @Option(names = "--json", description = "Show the answer as it stands in the topic.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        byte[] request = request();
        Configuration configuration = config.load();
        Screen screen = Screen.standard(System.getenv());
        try (Stopping stopping = new Stopping();
                TopicReader reader = new TopicReader(configuration, Topics.RECOMMENDATIONS);
                EventPublisher publisher = new EventPublisher(
                        configuration.streams().producerConfig(),
                        configuration.topics().names())) {
            reader.seekToEnd();
            Coordinate asked = publisher.ask(Topics.RECOMMENDATION_REQUESTS, user, request);
            JsonNode answer = await(reader, asked, stopping);
            if (json) {
                screen.line(answer.toString());
            } else {
                ConsumeCommand.lines(answer, Map.of(), screen.width()).forEach(screen::line);
            }
            return 0;
        }
    }

    private byte[] request() throws IOException {
        if (timeout < 1) {
            throw new ParameterException(spec.commandLine(), "--timeout must be at least 1 s, got " + timeout);
        }
        ObjectNode request = Json.mapper().createObjectNode().put("k", k);
        exclude.forEach(request.putArray("exclude")::add);
        byte[] bytes = Json.mapper().writeValueAsBytes(request);
        if (EventReader.request(user.getBytes(UTF_8), bytes)
                instanceof Validated.Rejected<RecommendationRequest> rejected) {
            throw new ParameterException(
                    spec.commandLine(), rejected.rejection().detail());
        }
        return bytes;
    }

    private JsonNode await(TopicReader reader, Coordinate asked, Stopping stopping) {
        AtomicReference<@Nullable JsonNode> answer = new AtomicReference<>();
        long deadline = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
        while (System.nanoTime() < deadline) {
            stopping.check();
            reader.poll(record -> {
                if (record.key() != null && record.value() != null && new String(record.key(), UTF_8).equals(user)) {
                    JsonNode list = read(record.value());
                    if (list.path("request").asBoolean()
                            && list.at("/cause/partition").asInt(-1) == asked.partition()
                            && list.at("/cause/offset").asLong(-1) == asked.offset()) {
                        answer.set(list);
                    }
                }
            });
            JsonNode found = answer.get();
            if (found != null) {
                return found;
            }
        }
        throw new CommandException("no answer within " + timeout + " s to the request at partition "
                + asked.partition() + ", offset " + asked.offset()
                + "; is the scorer role running and ready? wait longer with --timeout");
    }

    private static JsonNode read(byte[] value) {
        try {
            return Json.mapper().readTree(value);
        } catch (IOException e) {
            throw new CommandException("a list of recommendations is no JSON: " + e.getMessage(), e);
        }
    }
}

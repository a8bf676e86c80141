package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eridanus.config.Configuration;
import org.eridanus.serde.Json;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code eridanus consume}: users' recommendations, as they stand or as they come. */
@Command(
        name = "consume",
        mixinStandardHelpOptions = true,
        description = "Show recommendations: each user's latest list, or with --follow every list as it comes.",
        footer = {
            "",
            "Examples:",
            "  eridanus consume --config eridanus.yaml --user anna --titles",
            "  eridanus consume --bootstrap localhost:9092 --follow",
            "  eridanus consume --config eridanus.yaml --json | jq '.items[0].item'",
            "",
            "Exit code: 0 shown, or stopped by Ctrl-C while following; 1 failed; 2 wrong usage or configuration."
        })
final class ConsumeCommand implements Callable<Integer> {
    private static final int MAX_TITLES = 1_000_000;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @picocli.CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private picocli.CommandLine.Model.CommandSpec spec;

    @Option(names = "--user", paramLabel = "USER", description = "This user alone; may be given several times.")
    private List<String> users = new ArrayList<>();

    @Option(names = "--follow", description = "Go on until Ctrl-C, with every list from now on.")
    private boolean follow;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Show the N users whose lists are the newest (default: ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Option(names = "--json", description = "Show lists as they stand in the topic, one a line.")
    private boolean json;

    @Option(names = "--titles", description = "Call items by their titles, which are read first.")
    private boolean titles;

    @Override
    public Integer call() {
        if (limit < 1 || limit > 1_000_000) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 to 1000000, got " + limit);
        }
        Configuration configuration = config.load();
        Screen screen = Screen.standard(System.getenv());
        try (Stopping stopping = new Stopping(0);
                TopicReader reader = new TopicReader(configuration, Topics.RECOMMENDATIONS)) {
            if (follow) {
                reader.seekToEnd();
            }
            Map<String, String> names = titles ? titles(configuration, stopping) : Map.of();
            Set<String> wanted = new HashSet<>(users);
            if (follow) {
                while (!stopping.asked()) {
                    reader.poll(record -> {
                        if (isWanted(record, wanted)) {
                            show(record, names, screen);
                        }
                    });
                }
            } else {
                latest(reader, wanted, stopping).values().forEach(record -> show(record, names, screen));
            }
            return 0;
        } catch (Stopping.StoppedException e) {
            return 0;
        }
    }

    private Map<String, ConsumerRecord<byte[], byte[]>> latest(
            TopicReader reader, Set<String> wanted, Stopping stopping) {
        Map<String, ConsumerRecord<byte[], byte[]>> latest = new LinkedHashMap<>();
        reader.readToEnd(
                record -> {
                    if (isWanted(record, wanted)) {
                        String user = new String(record.key(), UTF_8);
                        latest.remove(user);
                        latest.put(user, record);
                        if (latest.size() > limit) {
                            latest.remove(latest.keySet().iterator().next());
                        }
                    }
                },
                stopping::check);
        latest.values().removeIf(record -> record.value() == null);
        return latest;
    }

    private static boolean isWanted(ConsumerRecord<byte[], byte[]> record, Set<String> wanted) {
        byte @Nullable [] key = record.key();
        return key != null && (wanted.isEmpty() || wanted.contains(new String(key, UTF_8)));
    }

    private static Map<String, String> titles(Configuration configuration, Stopping stopping) {
        Map<String, String> titles = new HashMap<>();
        try (TopicReader items = new TopicReader(configuration, Topics.ITEMS)) {
            items.readToEnd(
                    record -> {
                        if (record.key() != null && record.value() != null && titles.size() < MAX_TITLES) {
                            try {
                                String title = Json.mapper()
                                        .readTree(record.value())
                                        .path("title")
                                        .asText("");
                                if (!title.isEmpty()) {
                                    titles.put(new String(record.key(), UTF_8), title);
                                }
                            } catch (IOException e) {
                                // The features role has refused and counted it: such an item is in no list.
                                titles.remove(new String(record.key(), UTF_8));
                            }
                        }
                    },
                    stopping::check);
        }
        return titles;
    }

    private void show(ConsumerRecord<byte[], byte[]> record, Map<String, String> names, Screen screen) {
        byte @Nullable [] value = record.value();
        if (value == null) {
            screen.line(json ? "null" : new String(record.key(), UTF_8) + " was forgotten");
            return;
        }
        if (json) {
            screen.line(new String(value, UTF_8));
            return;
        }
        try {
            lines(Json.mapper().readTree(value), names, screen.width()).forEach(screen::line);
        } catch (IOException e) {
            throw new CommandException(
                    record.topic() + "-" + record.partition() + "@" + record.offset() + " is no list: " + e.getMessage()
                            + "; nothing but Eridanus may write to " + record.topic(),
                    e);
        }
    }

    /** A list for people. */
    static List<String> lines(JsonNode list, Map<String, String> titles, int width) {
        List<String> lines = new ArrayList<>();
        String fallback = list.path("fallback").asText("");
        lines.add(Screen.cut(
                list.path("user").asText() + ", "
                        + Instant.ofEpochMilli(list.path("generatedAt").asLong())
                        + ", model " + list.path("modelVersion").asLong()
                        + (fallback.isEmpty() ? "" : ", fallback: " + fallback),
                width));
        lines.addAll(RecommendationText.items(list, item -> titles.getOrDefault(item, item), Integer.MAX_VALUE, width));
        return lines;
    }
}

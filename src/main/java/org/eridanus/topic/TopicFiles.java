package org.eridanus.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder {@code topics}: for each topic a YAML file, for each user-facing one a JSON Schema beside it. Reading is
 * strict: a key that is unknown, missing or of the wrong type is an error that names file, key and remedy.
 *
 * <p>Without state.
 */
public final class TopicFiles {
    /** System property that names the folder in which Eridanus is installed. */
    public static final String HOME = "eridanus.home";

    private static final String FOLDER = "topics";
    private static final String DEFINITION = ".yaml";
    private static final String SCHEMA = ".schema.json";
    private static final Set<String> KEYS = Set.of(
            "partitions", "replication", "config", "carries", "key", "value", "written-by", "read-by", "stateful");
    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final @Nullable Path folder;

    private TopicFiles(@Nullable Path folder) {
        this.folder = folder;
    }

    /**
     * The folder {@code topics} in the one that the system property {@link #HOME} names; without the property the copy
     * on the class path.
     *
     * @throws TopicException if the property names a folder that has no {@code topics}
     */
    public static TopicFiles find() {
        String home = System.getProperty(HOME);
        return home == null ? onClassPath() : in(Path.of(home).resolve(FOLDER));
    }

    /** The copy of the folder that the build has put on the class path. */
    public static TopicFiles onClassPath() {
        return new TopicFiles(null);
    }

    /**
     * The given folder.
     *
     * @throws TopicException if there is none
     */
    public static TopicFiles in(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new TopicException("the folder of topic files must exist, got " + folder.toAbsolutePath()
                    + ": let the system property " + HOME + " name the folder of Eridanus, or leave it out");
        }
        return new TopicFiles(folder);
    }

    /**
     * The definitions of all topics, in the order of {@link Topics#ALL}.
     *
     * @throws TopicException if a file is missing, unknown or breaks a rule
     */
    public List<TopicDefinition> load() {
        refuseUnknownFiles();
        return Topics.ALL.stream().map(this::definition).toList();
    }

    /**
     * The JSON Schema of a topic's values.
     *
     * @return empty if the topic is not user-facing
     * @throws TopicException if the topic is user-facing, and its schema is missing
     */
    public Optional<String> schema(String topic) {
        return Topics.USER_FACING.contains(topic) ? Optional.of(text(topic + SCHEMA)) : Optional.empty();
    }

    private TopicDefinition definition(String topic) {
        String file = topic + DEFINITION;
        return parse(topic, shown(file), text(file));
    }

    /**
     * Reads the text of one file.
     *
     * @param topic the topic's name
     * @param file how messages call the file
     */
    static TopicDefinition parse(String topic, String file, String text) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new TopicException(
                    file + " must be YAML: " + e.getOriginalMessage() + " (line "
                            + (e.getLocation() == null
                                    ? "unknown"
                                    : e.getLocation().getLineNr()) + ")",
                    e);
        }
        if (!root.isObject()) {
            throw new TopicException(
                    file + " must hold the keys " + String.join(", ", sorted(KEYS)) + ", got " + shown(root));
        }
        root.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new TopicException(file + ": unknown key '" + key + "'; remove it or write one of "
                        + String.join(", ", sorted(KEYS)));
            }
        });
        Reader reader = new Reader(file, root);
        reader.replication();
        return new TopicDefinition(
                topic,
                reader.partitions(),
                reader.config(),
                reader.text("carries"),
                reader.text("key"),
                reader.text("value"),
                reader.texts("written-by"),
                reader.texts("read-by"),
                reader.truth("stateful"));
    }

    private void refuseUnknownFiles() {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.map(path -> path.getFileName().toString())
                    .filter(file -> file.endsWith(DEFINITION))
                    .filter(file -> !Topics.ALL.contains(file.substring(0, file.length() - DEFINITION.length())))
                    .sorted()
                    .findFirst()
                    .ifPresent(file -> {
                        throw new TopicException(shown(file) + " must be named after a topic; remove it or name it"
                                + " after one of " + String.join(", ", Topics.ALL));
                    });
        } catch (IOException e) {
            throw new TopicException("cannot list " + folder.toAbsolutePath() + ": " + e, e);
        }
    }

    private String text(String file) {
        try {
            if (folder != null) {
                return Files.readString(folder.resolve(file));
            }
            try (InputStream in = TopicFiles.class.getResourceAsStream("/" + FOLDER + "/" + file)) {
                if (in == null) {
                    throw new TopicException(shown(file) + " is missing from the class path: build again");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new TopicException("cannot read " + shown(file) + ": " + e + "; restore the file", e);
        }
    }

    private String shown(String file) {
        return folder == null ? FOLDER + "/" + file : folder.resolve(file).toString();
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : "'" + node + "'";
    }

    private static List<String> sorted(Set<String> keys) {
        return keys.stream().sorted().toList();
    }

    /**
     * Takes the values out of a file, and knows how to call the file in a message.
     *
     * @param file how messages call the file
     * @param root its content
     */
    private record Reader(String file, JsonNode root) {
        OptionalInt partitions() {
            JsonNode node = root.path("partitions");
            if (node.isTextual() && node.textValue().equals("N")) {
                return OptionalInt.empty();
            }
            if (node.isInt() && node.intValue() >= 1) {
                return OptionalInt.of(node.intValue());
            }
            throw broken("partitions", "N or a whole number of at least 1", node, "write N for the configured number");
        }

        void replication() {
            JsonNode node = root.path("replication");
            if (!node.isTextual() || !node.textValue().equals("R")) {
                throw broken("replication", "R", node, "the replication factor is configured, for all topics together");
            }
        }

        Map<String, String> config() {
            JsonNode node = root.path("config");
            if (!node.isObject()) {
                throw broken("config", "a map of Kafka's topic settings", node, "write setting: value, indented");
            }
            Map<String, String> config = new TreeMap<>();
            node.fields().forEachRemaining(setting -> {
                JsonNode value = setting.getValue();
                if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
                    throw broken("config." + setting.getKey(), "a text, number or truth value", value, "write one");
                }
                config.put(setting.getKey(), value.asText());
            });
            return config;
        }

        String text(String key) {
            JsonNode node = root.path(key);
            if (!node.isTextual() || node.textValue().isBlank()) {
                throw broken(key, "a text", node, "say it in words");
            }
            return node.textValue();
        }

        List<String> texts(String key) {
            JsonNode node = root.path(key);
            List<String> texts = new ArrayList<>();
            for (JsonNode each : node) {
                if (!each.isTextual()) {
                    throw broken(key, "a list of texts", node, "write [features], for example");
                }
                texts.add(each.textValue());
            }
            if (!node.isArray() || texts.isEmpty()) {
                throw broken(key, "a list of texts", node, "write [features], for example");
            }
            return texts;
        }

        boolean truth(String key) {
            JsonNode node = root.path(key);
            if (!node.isBoolean()) {
                throw broken(key, "true or false", node, "true if another number of partitions would strand state");
            }
            return node.booleanValue();
        }

        private TopicException broken(String key, String rule, JsonNode value, String remedy) {
            return new TopicException(file + ": " + key + " must be " + rule + ", got " + shown(value) + "; " + remedy);
        }
    }
}

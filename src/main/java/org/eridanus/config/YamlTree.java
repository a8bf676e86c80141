package org.eridanus.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A YAML file as a tree that knows its lines. A key that occurs twice is an error.
 *
 * @param file how messages call the file
 * @param root what it holds, a map
 * @param lines the line of each key, by its path as a JSON Pointer
 */
record YamlTree(String file, JsonNode root, Map<String, Integer> lines) {
    private static final int MAX_BYTES = 1 << 20;
    private static final ObjectMapper INLINE = new ObjectMapper();
    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Nothing at all. */
    static final YamlTree EMPTY = new YamlTree("no file", JsonNodeFactory.instance.objectNode(), Map.of());

    /**
     * Reads a file.
     *
     * @throws ConfigException if there is none, it is too large, or no YAML
     */
    static YamlTree read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ConfigException(
                        List.of(file + " must be at most 1 MiB, got " + size + " bytes; is it the right file?"));
            }
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + " does not exist; name a file that does with --config", e);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e, e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @param file how messages call it
     */
    static YamlTree parse(String file, String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (root.isMissingNode() || root.isNull()) {
                return new YamlTree(file, JsonNodeFactory.instance.objectNode(), Map.of());
            }
            if (!root.isObject()) {
                throw new ConfigException(List.of(file + " must hold keys such as kafka: and topics:, got "
                        + root.getNodeType().name().toLowerCase(Locale.ROOT)));
            }
            return new YamlTree(file, root, lines(text));
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    file + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr()) + ": must be YAML: "
                            + e.getOriginalMessage().strip(),
                    e);
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e, e);
        }
    }

    private static Map<String, Integer> lines(String text) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = MAPPER.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    lines.put(
                            parser.getParsingContext().pathAsPointer().toString(),
                            parser.currentTokenLocation().getLineNr());
                }
            }
        }
        return lines;
    }

    /** A value as an environment variable gives it: a list or map in brackets, or a single value. */
    static JsonNode value(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** Writes a value on one line, as {@link #value} reads it. */
    static String inline(Object value) {
        try {
            return INLINE.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a value as YAML", e);
        }
    }

    /** Where a key stands, for messages: {@code eridanus.yaml:12}. */
    String where(String pointer) {
        Integer line = lines.get(pointer);
        return line == null ? file : file + ":" + line;
    }
}

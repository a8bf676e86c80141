package org.eridanus.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The rules of {@code grafana/prometheus}, for tests.
 *
 * @param records what is recorded, by name
 * @param alerts alerts, by name
 */
public record Rules(Map<String, JsonNode> records, Map<String, JsonNode> alerts) {
    /** Where Prometheus's configuration is. */
    public static final Path FOLDER = Path.of("grafana/prometheus");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Reads the rules. */
    public static Rules read() throws IOException {
        Map<String, JsonNode> records = new LinkedHashMap<>();
        Map<String, JsonNode> alerts = new LinkedHashMap<>();
        for (JsonNode group : yaml(FOLDER.resolve("alerts.yml")).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                if (rule.has("record")) {
                    records.put(rule.path("record").asText(), rule);
                } else {
                    alerts.put(rule.path("alert").asText(), rule);
                }
            }
        }
        return new Rules(records, alerts);
    }

    /** Reads a file in YAML. */
    static JsonNode yaml(Path file) throws IOException {
        return YAML.readTree(Files.readString(file));
    }

    /** What an alert or record asks. */
    public static String expression(JsonNode rule) {
        return rule.path("expr").asText();
    }

    List<String> expressions() {
        return Stream.concat(records.values().stream(), alerts.values().stream())
                .map(Rules::expression)
                .toList();
    }
}

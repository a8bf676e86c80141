package org.eridanus.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A dashboard of {@code grafana/dashboards}, for tests. */
public record Dashboard(Path file, JsonNode json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** All dashboards. */
    public static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(Path.of("grafana/dashboards"))) {
            List<Dashboard> dashboards = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                dashboards.add(new Dashboard(file, MAPPER.readTree(Files.readString(file))));
            }
            return dashboards;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uid() {
        return json.path("uid").asText();
    }

    /** Its panels, rows of panels aside. */
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        json.path("panels").forEach(panel -> {
            if (!panel.path("type").asText().equals("row")) {
                panels.add(panel);
            }
        });
        return panels;
    }

    List<String> variables() {
        return json.at("/templating/list").findValuesAsText("name");
    }

    /** What its panels ask. */
    public List<String> panelExpressions() {
        return panels().stream()
                .flatMap(panel -> panel.path("targets").findValuesAsText("expr").stream())
                .toList();
    }

    /** What its annotations ask. */
    public List<String> annotationExpressions() {
        return json.at("/annotations/list").findValuesAsText("expr");
    }

    /** What its variables ask, as {@code label_values(series, label)}. */
    public List<String> variableQueries() {
        return json.at("/templating/list").findValuesAsText("query");
    }

    /** All that it asks. */
    List<String> expressions() {
        return Stream.of(panelExpressions(), annotationExpressions(), variableQueries())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}

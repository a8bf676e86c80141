package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    @Test
    void shouldHaveExactlyTheDocumentedFields() {
        JsonNode report = DemoReport.json(Summaries.balanced());

        assertThat(names(report))
                .containsExactly(
                        "events",
                        "seconds",
                        "eventsPerSecond",
                        "deadLetters",
                        "recommendations",
                        "prequential",
                        "popularity",
                        "sequentialRules",
                        "served",
                        "latencyMs",
                        "warmLatencyMs",
                        "freshnessMs",
                        "warmFreshnessMs",
                        "rowsWrittenPerEvent",
                        "pairRowsWrittenPerEvent",
                        "modelVersion",
                        "peakMemoryMb",
                        "preset",
                        "firstRecommendationSeconds",
                        "environment",
                        "accounting");
        for (String line : List.of("prequential", "popularity", "sequentialRules")) {
            assertThat(names(report.get(line))).containsExactly("all", "lastHalf", "cold");
            assertThat(names(report.get(line).get("cold"))).containsExactly("hr10", "ndcg10", "n");
        }
        assertThat(names(report.get("served"))).containsExactly("hr10", "n", "excluded");
        assertThat(names(report.get("latencyMs"))).containsExactly("p50", "p99");
        assertThat(names(report.get("warmLatencyMs"))).containsExactly("p50", "p99");
        assertThat(names(report.get("freshnessMs"))).containsExactly("p50", "p99");
        assertThat(names(report.get("warmFreshnessMs"))).containsExactly("p50", "p99");
        assertThat(names(report.get("preset"))).containsExactly("name", "hash");
        assertThat(names(report.get("environment"))).containsExactly("jdk", "os", "cores");
        assertThat(names(report.get("accounting")))
                .containsExactly(
                        "balanced",
                        "read",
                        "enriched",
                        "deadLettered",
                        "trained",
                        "evaluated",
                        "covered",
                        "coalesced",
                        "violations");
    }

    @Test
    void shouldBeDescribedInTheReadme() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        int first = lines.indexOf("<!-- report -->");
        int last = lines.indexOf("<!-- end of report -->");
        assertThat(first).isNotNegative().isLessThan(last);

        Set<String> named = new TreeSet<>();
        Matcher name = Pattern.compile("`([^`]+)`").matcher(String.join("\n", lines.subList(first, last)));
        while (name.find()) {
            named.add(name.group(1));
        }

        Set<String> written = new TreeSet<>();
        addNames(DemoReport.json(Summaries.balanced()), written);
        assertThat(named).isEqualTo(written);
    }

    private static void addNames(JsonNode node, Set<String> names) {
        node.properties().forEach(each -> {
            names.add(each.getKey());
            addNames(each.getValue(), names);
        });
    }

    @Test
    void shouldHoldTheSummary() {
        JsonNode report = DemoReport.json(Summaries.balanced());

        assertThat(report.get("eventsPerSecond").asDouble()).isEqualTo(100_000 / 20.5);
        assertThat(report.at("/prequential/all/hr10").asDouble()).isEqualTo(.2234);
        assertThat(report.at("/served/excluded").asLong()).isEqualTo(943 + 9_000 + 57);
        assertThat(report.at("/accounting/balanced").asBoolean()).isTrue();
        assertThat(report.at("/prequential/cold/hr10").isNull())
                .as("none were measured")
                .isTrue();
        assertThat(report.at("/freshnessMs/p99").isNull()).isTrue();
    }

    @Test
    void shouldListViolations() {
        JsonNode report = DemoReport.json(Summaries.unbalanced());

        assertThat(report.at("/accounting/balanced").asBoolean()).isFalse();
        assertThat(report.at("/accounting/violations")).hasSize(12);
        assertThat(report.at("/accounting/violations/0").asText()).startsWith("missing in training-log, 3:1807");
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}

package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dashboards and rules by themselves: their form, and that they ask for nothing that is not exported. Whether data comes
 * back is for a running Prometheus to say.
 */
class GrafanaTest {
    private static final Path RUNBOOK = Path.of("src/site/markdown/runbook.md");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    /** Schemas of a panel's options, and of what it adds to a field, by the panel's type. */
    private static final Map<String, String> PANELS =
            Map.of("stat", "stat", "timeseries", "timeseries", "state-timeline", "statetimeline", "table", "table");

    /** Made by Prometheus itself. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");

    /** What is written out in an expression and is no name of a series: strings, labels of matchers, of by and of on. */
    private static final Pattern NO_SERIES = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|on|ignoring|without|group_left|group_right)\\s*\\([^)]*\\)");

    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])");
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "unless", "bool", "by", "on", "group_left", "offset");

    static List<Dashboard> dashboards() {
        return Dashboard.all();
    }

    @Test
    void shouldBeTheFiveDashboardsInTheFormOfOneGrafana() {
        assertThat(dashboards())
                .extracting(Dashboard::uid)
                .containsExactlyInAnyOrder(
                        "eridanus-overview",
                        "eridanus-learning",
                        "eridanus-serving",
                        "eridanus-pipeline",
                        "eridanus-runtime");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldKeepToGrafanasPublishedSchema(Dashboard dashboard) throws IOException {
        assertThat(errors("dashboard", "Dashboard", dashboard.json())).isEmpty();
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asText();
            String schema = PANELS.get(panel.path("type").asText());
            assertThat(schema).as("%s has a panel of a known type", title).isNotNull();
            assertThat(errors(schema, "Options", panel.path("options")))
                    .as(title)
                    .isEmpty();
            JsonNode custom = panel.at("/fieldConfig/defaults/custom");
            if (!custom.isMissingNode()) {
                assertThat(errors(schema, "FieldConfig", custom)).as(title).isEmpty();
            }
            for (JsonNode target : panel.path("targets")) {
                assertThat(errors("prometheus", "Dataquery", target)).as(title).isEmpty();
            }
        }
    }

    @Test
    void shouldFindFaultsByTheSchema() throws IOException {
        ObjectNode broken = dashboards().get(0).json().deepCopy();
        ((ObjectNode) broken.at("/panels/0")).put("tilte", "misspelled");

        assertThat(errors("dashboard", "Dashboard", broken)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldExplainEveryPanelAndShowItsUnit(Dashboard dashboard) {
        assertThat(dashboard.panels()).hasSizeGreaterThan(10).allSatisfy(panel -> {
            String title = panel.path("title").asText();
            assertThat(panel.path("description").asText()).as(title).hasSizeGreaterThan(15);
            JsonNode defaults = panel.at("/fieldConfig/defaults");
            boolean states = !defaults.path("mappings").isEmpty();
            assertThat(defaults.path("unit").asText().isEmpty())
                    .as("%s has a unit, or names its states", title)
                    .isEqualTo(states || panel.path("type").asText().equals("table"));
            assertThat(panel.path("targets")).as(title).isNotEmpty();
        });
    }

    /** A threshold is a second colour; in a chart it has to be drawn. A panel without is on the list of those, with why. */
    @Test
    void shouldTellGoodFromBadInEveryPanelWhereThereIsABound() throws IOException {
        Set<String> without = new TreeSet<>();
        for (Dashboard dashboard : dashboards()) {
            for (JsonNode panel : dashboard.panels()) {
                String title = panel.path("title").asText();
                JsonNode defaults = panel.at("/fieldConfig/defaults");
                if (defaults.at("/thresholds/steps").size() < 2) {
                    without.add(String.join(
                            "|",
                            dashboard.uid().replace("eridanus-", ""),
                            panel.path("type").asText(),
                            title));
                } else if (panel.path("type").asText().equals("timeseries")) {
                    assertThat(defaults.at("/custom/thresholdsStyle/mode").asText())
                            .as("how thresholds of %s are drawn", title)
                            .isNotIn("", "off");
                }
            }
        }
        List<String> listed = Files.readAllLines(Path.of("src/test/resources/grafana/without-thresholds.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertThat(listed).allSatisfy(line -> assertThat(line).matches("[a-z]+\\|[a-z]+\\|[^|]+\\|[^|]{10,}"));
        assertThat(listed)
                .extracting(line -> line.substring(0, line.lastIndexOf('|')))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(without);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldPlaceItsPanelsWithoutOverlap(Dashboard dashboard) {
        Set<String> cells = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.json().path("panels")) {
            JsonNode place = panel.path("gridPos");
            assertThat(ids.add(panel.path("id").asInt()))
                    .as("id of %s", panel.path("title"))
                    .isTrue();
            assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    String cell = (place.path("x").asInt() + x) + ","
                            + (place.path("y").asInt() + y);
                    assertThat(cells.add(cell))
                            .as("%s at %s", panel.path("title"), cell)
                            .isTrue();
                }
            }
        }
        if (dashboard.uid().equals("eridanus-overview")) {
            assertThat(dashboard.panels())
                    .as("one screen: 26 cells are 1 000 pixels")
                    .allSatisfy(panel -> assertThat(panel.at("/gridPos/y").asInt()
                                    + panel.at("/gridPos/h").asInt())
                            .isLessThanOrEqualTo(26));
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldLinkTheDashboardsAndFollowTheVariables(Dashboard dashboard) {
        Set<String> uids = dashboards().stream().map(Dashboard::uid).collect(Collectors.toSet());
        assertThat(dashboard.json().at("/links/0/tags/0").asText()).isEqualTo("eridanus");
        assertThat(dashboard.json().path("tags").toString()).isEqualTo("[\"eridanus\"]");
        assertThat(dashboard.json().findValuesAsText("url"))
                .filteredOn(url -> !url.isEmpty())
                .allSatisfy(url -> assertThat(uids).contains(url.replaceFirst("^/d/", "")));
        assertThat(dashboard.variables()).contains("instance");
        assertThat(dashboard.panelExpressions())
                .filteredOn(expression -> !expression.contains("ALERTS"))
                .allMatch(expression -> expression.contains("instance=~\"$instance\""));
        assertThat(dashboard.json().at("/annotations/list").findValuesAsText("name"))
                .contains("Learning frozen", "Learning resumed");
    }

    @Test
    void shouldOfferPartitions() {
        assertThat(dashboards())
                .filteredOn(dashboard -> dashboard.variables().contains("partition"))
                .hasSize(1)
                .allMatch(dashboard -> dashboard.panelExpressions().stream()
                        .anyMatch(expression -> expression.contains("partition=~\"$partition\"")));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldAskForExportedSeriesAlone(Dashboard dashboard) {
        assertThat(seriesOf(dashboard.expressions())).isSubsetOf(exported());
    }

    @Test
    void shouldAskForExportedAndRecordedSeriesAloneInRules() throws IOException {
        Rules rules = Rules.read();
        Set<String> known = exported();
        known.addAll(rules.records().keySet());

        assertThat(seriesOf(rules.expressions())).isSubsetOf(known);
        assertThat(rules.records()).hasSizeGreaterThan(8);
    }

    /**
     * However far Grafana widens its steps, an annotation looks back by one of them: Grafana makes {@code $__rate_interval}
     * in an annotation of its least step alone, as of version 11, and asks in steps of {@code $__interval}.
     */
    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldLookBackByOneStepInAnnotations(Dashboard dashboard) {
        assertThat(dashboard.annotationExpressions())
                .isNotEmpty()
                .allSatisfy(expression ->
                        assertThat(expression).contains("$__interval").doesNotContain("$__rate_interval"));
    }

    /** A sum since the start of a process says nothing by itself, and falls when the process starts again. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldShowCountersByWhatTheyGrow(Dashboard dashboard) {
        Pattern raw = Pattern.compile("_total(?:\\{[^}]*})?(?!\\[|\\{|[a-z])");

        // Ratios of two sums are told as what they are.
        assertThat(dashboard.panels())
                .filteredOn(panel -> !panel.path("title").asText().contains("since the start"))
                .flatMap(panel -> panel.path("targets").findValuesAsText("expr"))
                .allSatisfy(expression -> assertThat(raw.matcher(expression).find())
                        .as(expression)
                        .isFalse());
    }

    /** Alerts whose remedy is a command of ours. */
    @ParameterizedTest
    @CsvSource({
        "EridanusDeadLetters, eridanus dead-letters list",
        "EridanusDeadLetters, eridanus dead-letters replay",
        "EridanusLearningFrozen, eridanus model resume",
        "EridanusAccuracyCollapsed, eridanus model resume",
    })
    void shouldNameTheCommandThatHelps(String alert, String command) throws IOException {
        Matcher paragraph = Pattern.compile("### " + alert + "\n\n([^#]+)").matcher(Files.readString(RUNBOOK));

        assertThat(paragraph.find()).isTrue();
        assertThat(paragraph.group(1).replaceAll("\\s+", " ")).contains("`" + command);
    }

    @Test
    void shouldShowAlmostEveryMeterSomewhere() throws IOException {
        Set<String> asked = new TreeSet<>();
        dashboards().forEach(dashboard -> asked.addAll(seriesOf(dashboard.expressions())));
        asked.addAll(seriesOf(Rules.read().expressions()));

        assertThat(Arrays.stream(Metric.values())
                        .filter(metric -> metric.series().stream().noneMatch(asked::contains)))
                .as("sums that dashboards show by their rate instead")
                .containsExactlyInAnyOrder(Metric.PREQUENTIAL_NDCG, Metric.PREQUENTIAL_RECIPROCAL_RANKS);
    }

    @Test
    void shouldHaveARunbookAndATestForEveryAlert() throws IOException {
        String runbook = Files.readString(RUNBOOK);
        JsonNode tests = Rules.yaml(Rules.FOLDER.resolve("alerts.test.yml"));
        List<String> tested = tests.findValuesAsText("alertname");

        assertThat(Rules.read().alerts()).hasSizeGreaterThanOrEqualTo(10).allSatisfy((name, alert) -> {
            assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
            assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
            assertThat(alert.at("/annotations/runbook").asText())
                    .isEqualTo(RUNBOOK + "#" + name.toLowerCase(java.util.Locale.ROOT));
            Matcher paragraph = Pattern.compile("### " + name + "\n\n([^#]+)").matcher(runbook);
            assertThat(paragraph.find()).as("a paragraph on %s", name).isTrue();
            assertThat(paragraph.group(1)).hasSizeGreaterThan(150);
            assertThat(tested).as("tests of alerts").contains(name);
        });
    }

    @Test
    void shouldProvisionTheDataSourceThatDashboardsName() throws IOException {
        JsonNode source = Rules.yaml(Path.of("grafana/provisioning/datasources/prometheus.yml"))
                .at("/datasources/0");
        JsonNode provider = Rules.yaml(Path.of("grafana/provisioning/dashboards/eridanus.yml"))
                .at("/providers/0");

        assertThat(provider.path("folder").asText()).isEqualTo("Eridanus");
        assertThat(source.at("/jsonData/timeInterval").asText())
                .isEqualTo(Rules.yaml(Rules.FOLDER.resolve("prometheus.yml"))
                        .at("/global/scrape_interval")
                        .asText());
        assertThat(dashboards()).allSatisfy(dashboard -> {
            List<JsonNode> sources = dashboard.json().findValues("datasource");
            assertThat(sources).hasSizeGreaterThan(10).allSatisfy(each -> {
                assertThat(each.path("uid").asText())
                        .isEqualTo(source.path("uid").asText());
                assertThat(each.path("type").asText())
                        .isEqualTo(source.path("type").asText());
            });
        });
    }

    private static Set<String> exported() {
        Set<String> exported = new TreeSet<>(OF_PROMETHEUS);
        Arrays.stream(Metric.values()).map(Metric::series).forEach(exported::addAll);
        return exported;
    }

    /** Names of series in expressions; functions are followed by a parenthesis, units of time belong to a number. */
    private static Set<String> seriesOf(List<String> expressions) {
        Set<String> series = new TreeSet<>();
        for (String expression : expressions) {
            String bare = NO_SERIES
                    .matcher(expression.replaceAll("label_values\\((.*), *\\w+\\)", "$1"))
                    .replaceAll(" ");
            Matcher words = WORD.matcher(bare.replaceAll("\\b[0-9.]+[smhd]?\\b|\\$\\w+", " "));
            while (words.find()) {
                if (!KEYWORDS.contains(words.group())) {
                    series.add(words.group());
                }
            }
        }
        return series;
    }

    private static List<Error> errors(String file, String definition, JsonNode instance) throws IOException {
        try (InputStream in = GrafanaTest.class.getResourceAsStream("/grafana/" + file + ".jsonschema.json")) {
            ObjectNode schema = (ObjectNode) anyIsAnything(MAPPER.readTree(in));
            schema.put("$ref", "#/definitions/" + definition);
            Schema compiled = REGISTRY.getSchema(schema.toString(), InputFormat.JSON);
            return compiled.validate(instance.toString(), InputFormat.JSON);
        }
    }

    /** The published schemas are translated from CUE, whose "any value" came out as an object of anything. */
    private static JsonNode anyIsAnything(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.path("additionalProperties").isObject()
                && object.path("additionalProperties").isEmpty()) {
            object.remove("type");
        }
        schema.forEach(GrafanaTest::anyIsAnything);
        return schema;
    }
}

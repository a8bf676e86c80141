package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTableTest {
    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- metrics: made from org.eridanus.metrics.Metric -->\n";
    private static final String END = "<!-- end of metrics -->\n";
    private static final String REGENERATE = "eridanus.regenerate";

    @Test
    void shouldBeTheTableInReadme() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(begin).as("README.md has the line " + BEGIN).isGreaterThan(BEGIN.length());
        assertThat(end).as("README.md has the line " + END).isGreaterThanOrEqualTo(begin);

        if (Boolean.getBoolean(REGENERATE)) {
            readme = readme.substring(0, begin) + table() + readme.substring(end);
            Files.writeString(README, readme);
            end = readme.indexOf(END);
        }

        assertThat(readme.substring(begin, end))
                .as("the table of meters in README.md; write it anew by: mvn -Dfast -Dtest=MetricTableTest -D"
                        + REGENERATE + "=true test")
                .isEqualTo(table());
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void shouldNameMetersByTheRulesAndSayWhatToDo(Metric metric) {
        assertThat(metric.meter()).matches("[a-z0-9]+(\\.[a-z0-9]+)+");
        assertThat(metric.meaning()).isNotBlank().doesNotEndWith(".");
        assertThat(metric.remedy()).isNotBlank().doesNotEndWith(".");
        assertThat(metric.bounds()).isSorted();
        if (metric.kind() == Metric.Kind.HISTOGRAM) {
            assertThat(metric.bounds()).hasSizeBetween(5, 16);
            assertThat(metric.unit()).isPresent();
        }
    }

    @Test
    void shouldNameEachMeterOnce() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::exported)).doesNotHaveDuplicates();
    }

    private static String table() {
        StringBuilder table = new StringBuilder();
        table.append("| Meter | Type | Unit | Labels | Meaning | When it moves |\n");
        table.append("|---|---|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            table.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s | %s | %s | %s |\n",
                    metric.exported(),
                    metric.kind().label(),
                    metric.unit().orElse(""),
                    metric.labels().stream().map(Metric::spelled).collect(Collectors.joining(", ")),
                    metric.meaning(),
                    metric.remedy()));
        }
        return table.toString();
    }
}

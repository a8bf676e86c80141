package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.eridanus.config.ConfigReference;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.model.Presets;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTableTest {
    private static final String BEGIN = "<!-- bounds -->\n";
    private static final String END = "<!-- end of bounds -->";
    private static final Pattern NAMED = Pattern.compile("\\| `([a-z-]+)` \\| (topic|features|trainer|scorer)\\b.*");
    private static final Pattern SETTING = Pattern.compile("`((features|trainer|model|scorer|kafka)\\.[a-z.-]+)`");
    private static final Pattern DAYS = Pattern.compile("(\\d+) days?");

    @Test
    void shouldHaveEveryTopic() throws IOException {
        assertThat(named("topic"))
                .as("topics in the table of bounds in README.md")
                .containsExactlyInAnyOrderElementsOf(TopicFiles.find().load().stream()
                        .map(TopicDefinition::name)
                        .toList());
    }

    @Test
    void shouldHaveEveryStoreOfEveryRole() throws IOException {
        PipelineSettings settings = PipelineSettings.of(Presets.online());
        Set<String> stores = new TreeSet<>();
        settings.topologies(Clock.systemUTC()).values().forEach(topology -> stores.addAll(stores(topology)));
        stores.addAll(stores(new FeaturesTopology(
                        new FeaturesSettings(
                                "online",
                                FeatureSchema.online(),
                                FeedbackTable.ALL_POSITIVE,
                                FeaturesLimits.DEFAULT.withUsersPerTask(1)),
                        TopicNames.PLAIN,
                        Clock.systemUTC(),
                        FeaturesMonitor.NONE)
                .build()));

        Set<String> named = new TreeSet<>();
        for (Role role : Role.values()) {
            named.addAll(named(role.label()));
        }

        assertThat(stores).hasSizeGreaterThan(8);
        assertThat(named).as("stores in the table of bounds in README.md").isEqualTo(stores);
    }

    @Test
    void shouldNameSettingsThatThereAre() throws IOException {
        Matcher settings = SETTING.matcher(table());

        int found = 0;
        for (; settings.find(); found++) {
            assertThat(ConfigReference.markdown()).contains("`" + settings.group(1) + "`");
        }
        assertThat(found).isGreaterThan(10);
    }

    /** A topic that is not compacted alone is bounded by its retention, and the table says by which. */
    @Test
    void shouldSayTheRetentionOfEveryTopicThatHasOne() throws IOException {
        List<String> rows = table().lines().toList();
        int checked = 0;
        for (TopicDefinition topic : TopicFiles.find().load()) {
            String retention = topic.config().get("retention.ms");
            String row = rows.stream()
                    .filter(each -> each.startsWith("| `" + topic.name() + "` | topic"))
                    .findFirst()
                    .orElseThrow();
            String bound = row.split("\\|")[4];
            if (retention == null) {
                assertThat(topic.config().get("cleanup.policy")).isEqualTo("compact");
                assertThat(bound).contains("compaction");
            } else {
                Matcher days = DAYS.matcher(bound);
                assertThat(days.find()).as(row).isTrue();
                assertThat(Long.parseLong(days.group(1)) * 86_400_000L).as(row).isEqualTo(Long.parseLong(retention));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(6);
    }

    /** A buffer's bound is a constant of the class that has it. */
    @ParameterizedTest
    @CsvSource({
        "viewers, server.Viewer, WAITING, %d messages each",
        "viewers, server.LiveEndpoints, VIEWERS, %d viewers",
        "passed-on requests, server.Forwarder, UNDER_WAY, | %d,",
        "searches, server.QueryEndpoints, SEARCHES_WAITING, | %d |",
        "recommenders, server.HttpServer, MAX_THREADS, at most %d |",
        "HTTP, server.HttpServer, MAX_THREADS, %d threads",
        "HTTP, server.HttpServer, MAX_CONNECTIONS, %d connections",
        "trainer's ages, metrics.TrainerMetrics, MEASURED_EVENTS, | %s |",
        "accuracy, evaluation.PrequentialScores, BATCHES, | %d batches",
        "accuracy, evaluation.PrequentialScores, BATCH, of %d events",
        "exposure, evaluation.CatalogueExposure, WINDOW, %s of each",
        "freshness, stream.FreshnessTracker, CAPACITY, %s a partition",
        "viewers, live.LiveFeed, TOLD_PER_SECOND, %d lists of the user",
        "live page, live.Catalogue, CAPACITY, %s items",
        "live page, live.KnownUsers, CAPACITY, %s users",
        "live page, live.KnownUsers, RECENT, %d of them",
        "live page, live.KnownUsers, FORGOTTEN, %s forgotten",
        "live page, live.LiveFeed, SAMPLES, %d samples",
        "accounting, accounting.ViolationLog, KEPT, %d violations",
        "accounting, accounting.StreamingAudit, SAMPLED, one user in %d",
    })
    void shouldSayTheBoundOfEveryBuffer(String buffer, String type, String constant, String said) throws Exception {
        Field field = Class.forName("org.eridanus." + type).getDeclaredField(constant);
        field.setAccessible(true);
        int bound = field.getInt(null);

        String row = table().lines()
                .filter(each -> each.startsWith("| " + buffer + " | buffer"))
                .findFirst()
                .orElseThrow();

        assertThat(row)
                .contains(said.replace("%d", Integer.toString(bound))
                        .replace("%s", String.format(Locale.ROOT, "%,d", bound).replace(',', ' ')));
    }

    private static Set<String> stores(Topology topology) {
        Set<String> stores = new TreeSet<>();
        TopologyDescription description = topology.describe();
        description
                .globalStores()
                .forEach(global -> stores.addAll(global.processor().stores()));
        description
                .subtopologies()
                .forEach(part -> part.nodes().forEach(node -> {
                    if (node instanceof TopologyDescription.Processor processor) {
                        stores.addAll(processor.stores());
                    }
                }));
        return stores;
    }

    private static Set<String> named(String where) throws IOException {
        Set<String> named = new TreeSet<>();
        table().lines().map(NAMED::matcher).filter(Matcher::matches).forEach(row -> {
            if (row.group(2).equals(where)) {
                assertThat(named.add(row.group(1))).as(row.group(1)).isTrue();
            }
        });
        return named;
    }

    private static String table() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(readme).contains(BEGIN).contains(END);
        return readme.substring(readme.indexOf(BEGIN), readme.indexOf(END));
    }
}

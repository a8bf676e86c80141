package org.eridanus.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.WireException;
import org.eridanus.testing.TestClock;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code src/site/markdown/compatibility.md} says of other versions' bytes and of state. */
class CompatibilityTest {
    private static final Path DOCUMENT = Path.of("src/site/markdown/compatibility.md");
    private static final Pattern STORES = Pattern.compile("stores: \\[([^\\]]*)]");
    private static final byte[] OTHER_VERSION = {9, 1, 2, 3};

    private final CountingScorerMonitor monitor = new CountingScorerMonitor();
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);

    @TempDir
    private Path state;

    @ParameterizedTest
    @EnumSource
    void shouldSayOfEveryStoreWhatBecomesOfIt(Role role) throws IOException {
        Set<String> stores = new TreeSet<>();
        Matcher matcher = STORES.matcher(golden(role));
        while (matcher.find()) {
            if (!matcher.group(1).isEmpty()) {
                stores.addAll(Set.of(matcher.group(1).split(", ")));
            }
        }
        Set<String> told = new TreeSet<>();
        Matcher rows = Pattern.compile("(?m)^\\| " + role.label() + " \\| `([a-z-]+)` \\|")
                .matcher(Files.readString(DOCUMENT));
        while (rows.find()) {
            told.add(rows.group(1));
        }

        assertThat(stores).isNotEmpty();
        assertThat(told)
                .as("%s must have a row for every store, which says what becomes of it", DOCUMENT)
                .isEqualTo(stores);
    }

    /** Every form of a role's topology: that of its defaults, and those that settings make of it. */
    private static String golden(Role role) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/topology"))) {
            for (Path file : files.sorted().toList()) {
                if (file.getFileName().toString().matches(role.label() + "(-[a-z]+)?\\.txt")) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    @Test
    void shouldStopTheTrainerAtARecordOfAnotherVersion() {
        TrainerTopology topology = new TrainerTopology(
                ModelDefinition.ofPreset("association"),
                Generation.FIRST,
                TopicNames.PLAIN,
                TrainerSettings.DEFAULT,
                TrainerMonitor.NONE);
        try (TopologyTestDriver driver = driver(Role.TRAINER, topology.build())) {
            stops(() -> pipe(driver, Topics.TRAINING_LOG), "training-log-0@0");
        }
    }

    @Test
    void shouldStopTheScorerAtAnEventOfAnotherVersion() {
        try (TopologyTestDriver driver = driver(Role.SCORER, scorer())) {
            stops(() -> pipe(driver, Topics.ENRICHED_INTERACTIONS), "enriched-interactions-0@0");
        }
    }

    @Test
    void shouldLeaveRowsOfAnotherVersionOutOfTheModelAndCountThem() {
        try (TopologyTestDriver driver = driver(Role.SCORER, scorer())) {
            pipe(driver, Topics.MODEL);
        }

        assertThat(monitor.of("skipped UNDECODABLE")).isEqualTo(1);
        assertThat(model.marker()).isEmpty();
    }

    private Topology scorer() {
        return new ScorerTopology(
                        ScorerSettings.DEFAULT,
                        TopicNames.PLAIN,
                        model,
                        new OpenContexts(),
                        new TestClock(Instant.ofEpochMilli(1_767_225_600_000L)),
                        monitor)
                .build();
    }

    private TopologyTestDriver driver(Role role, Topology topology) {
        Properties properties = StreamsRole.config(role, StreamsSettings.of("nowhere:1", state));
        return new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(1_767_225_600_000L));
    }

    private static void pipe(TopologyTestDriver driver, String topic) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput("key".getBytes(UTF_8), OTHER_VERSION);
    }

    private static void stops(ThrowingCallable reading, String coordinate) {
        assertThatThrownBy(reading)
                .hasStackTraceContaining(coordinate)
                .hasRootCauseInstanceOf(WireException.class)
                .rootCause()
                .hasMessageContaining("version 9 found, version")
                .hasMessageContaining("it was written by another version of Eridanus");
    }
}

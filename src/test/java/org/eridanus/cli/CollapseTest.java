package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.model.SeededRandom;
import org.eridanus.recommend.ServedModel;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.WireSerde;
import org.eridanus.stream.TrainerTopology;
import org.eridanus.stream.processor.TestThenLearnProcessor;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.TrainingLogs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The trainer role where accuracy collapses: what it says, and to whom, and what it no longer does. */
class CollapseTest {
    private static final FeatureSchema SCHEMA = FeatureSchema.online();
    private static final ModelDefinition DEFINITION = new ModelDefinition(Presets.association(), SCHEMA);
    private static final int GOOD = 3_000;
    private static final int POISONED = 1_000;
    private static final int LATER = 100;

    private final Logger logger = (Logger) LoggerFactory.getLogger(TestThenLearnProcessor.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
    private final ServedModel served = new ServedModel(DEFINITION);
    private final TopologyTestDriver driver = new TopologyTestDriver(
            new TrainerTopology(
                            DEFINITION,
                            Generation.FIRST,
                            TopicNames.PLAIN,
                            TrainerSettings.DEFAULT.withCollapse(new TrainerSettings.Collapse(200, 0.5, 6)),
                            metrics.trainer())
                    .build(),
            new Properties());
    private final TestInputTopic<String, TrainingRecord> log = driver.createInputTopic(
            Topics.TRAINING_LOG,
            new StringSerializer(),
            WireSerde.trainingRecord().serializer());
    private final TestOutputTopic<String, byte[]> model =
            driver.createOutputTopic(Topics.MODEL, new StringDeserializer(), new ByteArrayDeserializer());
    private final TestOutputTopic<String, byte[]> evaluations =
            driver.createOutputTopic(Topics.EVALUATIONS, new StringDeserializer(), new ByteArrayDeserializer());

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
        // What it says is expected, and no line for whoever reads the build.
        logger.setAdditive(false);
    }

    @AfterEach
    void close() {
        logger.setAdditive(true);
        logger.detachAppender(said);
        driver.close();
        metrics.close();
    }

    @Test
    void shouldStopLearningAndPublishingAndSayItInMeterReadinessAndLog() {
        TrainingLogs.walks(SCHEMA, 5, 150, GOOD, 1).forEach(log::pipeInput);
        ModelRow.Marker good = last(serve());
        assertThat(good.events()).isEqualTo(GOOD);
        assertThat(counted("collapses")).isZero();
        assertThat(shown("frozen")).isZero();
        assertThat(notes(Optional.empty())).isEmpty();
        assertThat(said.list).isEmpty();

        poison();
        ModelRow.Marker collapsed = last(serve());

        assertThat(counted("collapses")).isEqualTo(1);
        assertThat(shown("frozen")).isEqualTo(1);
        assertThat(notes(Optional.empty()))
                .as("where the trainer alone runs")
                .singleElement()
                .asString()
                .startsWith("learning is frozen");
        assertThat(notes(Optional.of(served)))
                .as("where the model is served")
                .singleElement()
                .asString()
                .startsWith("learning is frozen");
        assertThat(said.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage())
                    .startsWith("accuracy has collapsed at event ")
                    .contains("learning is frozen", "eridanus model resume");
        });
        assertThat(collapsed.frozen()).isTrue();
        assertThat(collapsed.events()).as("all were taken in").isEqualTo(GOOD + POISONED);
        assertThat(collapsed.positives())
                .as("fewer were learned from: those up to the event of the collapse")
                .isEqualTo(collapseEvent() + 1)
                .isGreaterThan(GOOD)
                .isLessThan(GOOD + POISONED);

        evaluations.readKeyValuesToList();
        for (int i = 0; i < LATER; i++) {
            log.pipeInput(event("u" + i % 40, "i" + i, 20_000 + i));
        }
        log.pipeInput(new TrainingRecord.Tick(7_000_000));
        List<KeyValue<String, byte[]>> rows = serve();

        assertThat(rows).as("no row but the marker").extracting(row -> row.key).containsExactly(ModelRow.Marker.KEY);
        assertThat(last(rows).frozen()).isTrue();
        assertThat(last(rows).positives()).isEqualTo(collapsed.positives());
        assertThat(last(rows).batches()).isEqualTo(collapsed.batches());
        assertThat(evaluations.readKeyValuesToList()).as("testing goes on").hasSize(LATER);

        log.pipeInput(new TrainingRecord.Resume("the bots are gone"));
        log.pipeInput(event("u1", "i1", 30_000));
        log.pipeInput(new TrainingRecord.Tick(8_000_000));
        rows = serve();

        assertThat(last(rows).positives()).isEqualTo(collapsed.positives() + 1);
        assertThat(rows).extracting(row -> row.key).anyMatch(key -> key.startsWith("row/item/"));
        assertThat(shown("frozen")).isZero();
        assertThat(counted("collapses")).isEqualTo(1);
        assertThat(notes(Optional.of(served))).isEmpty();
    }

    /** Users without a past who take items at random. */
    private void poison() {
        SeededRandom noise = SeededRandom.of(1, 2, 3);
        for (int i = 0; i < POISONED; i++) {
            log.pipeInput(event("bot" + i % 40, "i" + noise.nextInt(200), 10_000 + i));
        }
        log.pipeInput(new TrainingRecord.Tick(6_000_000));
    }

    /** Number of the event that the log names. */
    private long collapseEvent() {
        return Long.parseLong(said.list.get(0).getFormattedMessage().replaceAll(".* at event (\\d+) .*", "$1"));
    }

    /** What was published since the last call, given to the served model as well. */
    private List<KeyValue<String, byte[]>> serve() {
        ModelRowFormat format = new ModelRowFormat(false);
        List<KeyValue<String, byte[]>> rows = model.readKeyValuesToList();
        for (KeyValue<String, byte[]> each : rows) {
            if (each.value == null) {
                served.stageRemoval(each.key);
            } else if (!each.key.equals(Generation.DEFINITION)) {
                ModelRow row = format.decode(each.value);
                if (row instanceof ModelRow.Marker marker) {
                    served.publish(marker);
                } else {
                    served.stage(row);
                }
            }
        }
        return rows;
    }

    private static ModelRow.Marker last(List<KeyValue<String, byte[]>> rows) {
        return (ModelRow.Marker) new ModelRowFormat(false).decode(rows.get(rows.size() - 1).value);
    }

    private List<String> notes(Optional<ServedModel> model) {
        return RunningPipeline.notes(model, metrics.trainer()::frozen);
    }

    private double counted(String meter) {
        return metrics.registry().get("eridanus.training." + meter).counter().count();
    }

    private double shown(String meter) {
        return metrics.registry().get("eridanus.training." + meter).gauge().value();
    }

    private static TrainingRecord event(String user, String item, long offset) {
        return new TrainingRecord.Event(TrainingLogs.event(SCHEMA, user, item, offset, 5_000_000), 5_000_000);
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.stream.TrainerMonitor;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work that was rolled back on a broker, after the model in memory had gone on: no version has it, and no scorer. */
class RolledBackIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int EVENTS = 400;
    private static final byte[] MARKER = ModelRow.Marker.KEY.getBytes(UTF_8);

    private final TestBroker broker = TestBroker.shared();
    private final TopicNames names = new TopicNames(TestBroker.uniqueName("rolled-back") + ".");
    private final Served served = new Served();

    @TempDir
    private Path folder;

    @Test
    void shouldLearnNothingFromAnAbortedTransaction() throws Exception {
        PipelineSettings settings = settings(PipelineSettings.of(Presets.online()), Role.TRAINER, Role.SCORER);
        List<TrainingRecord> log = TrainingLogs.walks(settings.schema(), 2, 40, EVENTS, 11);
        Faults faults = new Faults();
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of());
                Pipeline pipeline = pipeline(settings, faults)) {
            pipeline.start();
            pipeline.awaitRunning(PATIENCE);
            TrainingRecordFormat format = new TrainingRecordFormat();
            for (TrainingRecord record : log) {
                producer.send(new ProducerRecord<>(names.of(Topics.TRAINING_LOG), format.encode(record)));
            }
            producer.flush();
            Await.until(PATIENCE, () -> served.learnedFrom(EVENTS), "a served model that knows every event");
            assertThat(pipeline.failure()).isNotDone();
        }

        assertThat(faults.aborted)
                .as("aborted in a mini-batch, and after a version")
                .hasValue(2);
        ModelSnapshot.Collector model = new ModelSnapshot.Collector(Generation.FIRST);
        List<ConsumerRecord<byte[], byte[]>> committed = broker.read(names.of(Topics.MODEL));
        committed.forEach(record -> model.take(record.key(), record.value()));
        ModelSnapshot snapshot = model.snapshot();
        Retraining retraining = new Retraining(settings, snapshot.marker().version());
        broker.read(names.of(Topics.TRAINING_LOG)).forEach(record -> retraining.take(record.offset(), record.value()));
        assertThat(ModelDifference.between(snapshot, retraining.model())).isEmpty();
        assertThat(snapshot.marker()).isEqualTo(retraining.model().marker());
        assertThat(end(names.of(Topics.MODEL)))
                .as("rows that were sent and rolled back take offsets")
                .isGreaterThan(committed.size() + 2L);
        assertThat(markers(committed)).containsAll(served.markers).doesNotHaveDuplicates();
        assertThat(served.markers).isSortedAccordingTo((a, b) -> Long.compare(a.version(), b.version()));
    }

    @Test
    void shouldNotServeAVersionThatWasRolledBack() throws Exception {
        PipelineSettings tiny = PipelineSettings.of(Presets.online());
        PipelineSettings settings = settings(
                new PipelineSettings(
                        tiny.roles(),
                        names,
                        TinyTrainer.SETTINGS,
                        FeatureSchema.online(),
                        tiny.generation(),
                        tiny.feedback(),
                        tiny.limits(),
                        tiny.trainer(),
                        tiny.scorer()),
                Role.SCORER);
        TinyTrainer trainer = new TinyTrainer().announce(20).walk(10, 20, 4);
        TinyTrainer strayed = new TinyTrainer().announce(20).walk(10, 20, 4);
        try (KafkaProducer<byte[], byte[]> producer =
                        broker.producer(Map.of("transactional.id", names.of("test-trainer")));
                Pipeline pipeline = pipeline(settings, TrainerMonitor.NONE)) {
            pipeline.start();
            pipeline.awaitRunning(PATIENCE);
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, trainer.close());
            producer.commitTransaction();
            Await.until(PATIENCE, () -> served.markers.size() == 1, "the first version");

            strayed.close();
            producer.beginTransaction();
            send(producer, strayed.walk(10, 20, 6).close());
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, trainer.walk(10, 20, 3).close());
            producer.commitTransaction();
            Await.until(PATIENCE, () -> served.markers.size() >= 2, "the second version");
        }

        assertThat(served.markers.stream().map(ModelRow.Marker::version)).containsExactly(1L, 2L);
        assertThat(served.markers.get(1).events()).isEqualTo(70);
        assertThat(end(names.of(Topics.MODEL)))
                .isGreaterThan(broker.read(names.of(Topics.MODEL)).size() + 3L);
    }

    private PipelineSettings settings(PipelineSettings preset, Role first, Role... others) {
        return preset.withRoles(EnumSet.of(first, others)).withTopics(names);
    }

    private Pipeline pipeline(PipelineSettings settings, TrainerMonitor trainer) throws Exception {
        try (Admin admin = broker.admin()) {
            new TopicApplier(admin, new TopicSettings(2, 1, names))
                    .apply(TopicFiles.onClassPath().load());
        }
        return Pipeline.of(
                settings,
                StreamsSettings.of(broker.bootstrapServers(), folder).withPrefix(names.prefix()),
                Clock.systemUTC(),
                new PipelineSettings.Monitors(FeaturesMonitor.NONE, trainer, served));
    }

    private void send(KafkaProducer<byte[], byte[]> producer, List<Map.Entry<String, byte[]>> rows) {
        rows.forEach(row -> producer.send(
                new ProducerRecord<>(names.of(Topics.MODEL), row.getKey().getBytes(UTF_8), row.getValue())));
    }

    private long end(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = broker.admin()) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    private static List<ModelRow.Marker> markers(List<ConsumerRecord<byte[], byte[]>> records) {
        ModelRowFormat format = new ModelRowFormat(false);
        return records.stream()
                .filter(record -> Arrays.equals(record.key(), MARKER))
                .map(record -> (ModelRow.Marker) format.decode(record.value()))
                .toList();
    }

    /** Breaks off once within a mini-batch, and once when a version has just been closed. */
    private static final class Faults implements TrainerMonitor {
        private final AtomicInteger aborted = new AtomicInteger();
        private final AtomicBoolean inBatch = new AtomicBoolean(true);
        private final AtomicBoolean inVersion = new AtomicBoolean(true);

        @Override
        public void evaluated(Evaluation evaluation, long recordTime) {
            if (evaluation.event() >= EVENTS / 4 && inBatch.getAndSet(false)) {
                breakOff();
            }
        }

        @Override
        public void published(ModelRow.Marker marker) {
            if (marker.events() >= EVENTS / 2 && inVersion.getAndSet(false)) {
                breakOff();
            }
        }

        private void breakOff() {
            aborted.incrementAndGet();
            throw new TimeoutException("broken off for the test");
        }
    }

    /** The versions that were served, in their order. */
    private static final class Served implements ScorerMonitor {
        private final List<ModelRow.Marker> markers = new CopyOnWriteArrayList<>();

        @Override
        public void versionLoaded(ModelRow.Marker marker) {
            markers.add(marker);
        }

        boolean learnedFrom(int events) {
            return !markers.isEmpty() && markers.get(markers.size() - 1).events() == events;
        }
    }
}

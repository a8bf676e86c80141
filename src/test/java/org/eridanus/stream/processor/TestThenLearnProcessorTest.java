package org.eridanus.stream.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.ModelDefinitionJson;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.stream.StoreException;
import org.eridanus.stream.TrainerMonitor;
import org.eridanus.stream.TrainerNames;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestThenLearnProcessorTest {
    private static final TrainerSettings LIMITS = new TrainerSettings(100, 100, 100, 10_000, 5_000, 20_000, 0.05);
    private static final TrainingRecordFormat RECORDS = new TrainingRecordFormat();

    @ParameterizedTest
    @ValueSource(strings = {"online", "paper"})
    void shouldWriteTheSameBytesWhereverItIsInterrupted(String preset) {
        ModelSettings settings = Presets.named(preset);
        List<TrainingRecord> log = TrainingLogs.walks(Presets.schema(settings), 2, 50, 700, 5);
        Task uninterrupted = new Task(settings);
        Task interrupted = new Task(settings);

        uninterrupted.processor.init(uninterrupted.context);
        log.forEach(uninterrupted::process);
        for (int i = 0; i < log.size(); i++) {
            if (i % 61 == 0) {
                interrupted.processor.init(interrupted.context);
            }
            interrupted.process(log.get(i));
        }

        assertThat(interrupted.forwarded).hasSameSizeAs(uninterrupted.forwarded);
        assertThat(interrupted.forwarded.equals(uninterrupted.forwarded)).isTrue();
        assertThat(interrupted.rows().equals(uninterrupted.rows())).isTrue();
    }

    @Test
    void shouldTellThatThisInstanceHasNoTrainerAnyMore() {
        Task task = new Task(Presets.association());
        task.processor.init(task.context);
        assertThat(task.closed).isZero();

        task.processor.close();

        assertThat(task.closed).isEqualTo(1);
    }

    @Test
    void shouldLeaveNoTraceOfWorkThatWasRolledBack() {
        ModelSettings settings = Presets.online();
        List<TrainingRecord> log = TrainingLogs.walks(Presets.schema(settings), 2, 50, 500, 6);
        Task straight = new Task(settings);
        Task aborted = new Task(settings);

        straight.processor.init(straight.context);
        log.forEach(straight::process);
        aborted.processor.init(aborted.context);
        log.subList(0, 250).forEach(aborted::process);
        Map<String, byte[]> rows = contents(aborted.store(TrainerNames.MODEL_ROWS_STORE));
        Map<String, byte[]> sequences = contents(aborted.store(TrainerNames.SEQUENCES_STORE));
        Map<Integer, byte[]> ring = contents(aborted.store(TrainerNames.PENDING_RECORDS_STORE));
        int committed = aborted.forwarded.size();
        TrainingLogs.walks(Presets.schema(settings), 2, 50, 200, 99).forEach(aborted::process);
        restore(aborted.store(TrainerNames.MODEL_ROWS_STORE), rows);
        restore(aborted.store(TrainerNames.SEQUENCES_STORE), sequences);
        restore(aborted.store(TrainerNames.PENDING_RECORDS_STORE), ring);
        aborted.forwarded.subList(committed, aborted.forwarded.size()).clear();
        aborted.processor.init(aborted.context);
        log.subList(250, log.size()).forEach(aborted::process);

        assertThat(aborted.forwarded.equals(straight.forwarded)).isTrue();
        assertThat(aborted.rows().equals(straight.rows())).isTrue();
    }

    @Test
    void shouldTakeUpWhatAShorterRingHolds() {
        ModelDefinition definition = ModelDefinition.ofPreset("association");
        // Versions are closed by count alone.
        List<TrainingRecord> log = TrainingLogs.walks(definition.schema(), 2, 50, 200, 9).stream()
                .filter(record -> !(record instanceof TrainingRecord.Tick))
                .toList()
                .subList(0, 180);
        Task shorter = new Task(definition, Generation.FIRST);
        Task longer =
                new Task(definition, Generation.FIRST, new TrainerSettings(400, 100, 100, 10_000, 5_000, 20_000, 0.05));
        shorter.processor.init(shorter.context);
        List<TrainingRecord> before = log.subList(0, log.size() - 20);
        before.forEach(shorter::process);
        restore(longer.store(TrainerNames.MODEL_ROWS_STORE), contents(shorter.store(TrainerNames.MODEL_ROWS_STORE)));
        restore(longer.store(TrainerNames.SEQUENCES_STORE), contents(shorter.store(TrainerNames.SEQUENCES_STORE)));
        restore(
                longer.store(TrainerNames.PENDING_RECORDS_STORE),
                contents(shorter.store(TrainerNames.PENDING_RECORDS_STORE)));
        int versions = shorter.modelRecords().size();

        longer.processor.init(longer.context);
        List<TrainingRecord> after = new ArrayList<>(log.subList(log.size() - 20, log.size()));
        after.forEach(shorter::process);
        boolean pending = shorter.modelRecords().size() == versions;
        after.forEach(longer::process);
        shorter.process(new TrainingRecord.Tick(Long.MAX_VALUE / 2));
        longer.process(new TrainingRecord.Tick(Long.MAX_VALUE / 2));

        assertThat(pending).as("records of before are still in the ring").isTrue();
        assertThat(longer.modelRecords()).isNotEmpty();
        assertThat(longer.rows().equals(shorter.rows())).isTrue();
    }

    @Test
    void shouldPublishRowsWithoutOptimiserStateAndCloseEachVersionWithAMarker() {
        Task task = new Task(Presets.online());
        task.processor.init(task.context);

        TrainingLogs.walks(FeatureSchema.online(), 2, 50, 300, 7).forEach(task::process);

        ModelRowFormat format = new ModelRowFormat(false);
        List<ModelRow> published = new ArrayList<>();
        task.modelRecords().forEach(bytes -> published.add(format.decode(bytes)));
        assertThat(published.get(published.size() - 1)).isInstanceOf(ModelRow.Marker.class);
        assertThat(published)
                .filteredOn(ModelRow.Embedding.class::isInstance)
                .allMatch(row -> ((ModelRow.Embedding) row).state().length == 0);
        ModelRow.Marker last = (ModelRow.Marker) published.get(published.size() - 1);
        assertThat(last.events()).isEqualTo(300);
        assertThat(last.trainedThrough()).containsExactly(Map.entry(0, 299L));
        assertThat(task.evaluations).hasSize(300);
    }

    @Test
    void shouldLearnTheSameWhateverSchemaTheLogWasEnrichedBy() {
        ModelDefinition paper = ModelDefinition.ofPreset("paper");
        Task own = new Task(paper, new Generation(3));
        Task foreign = new Task(paper, new Generation(3));
        own.processor.init(own.context);
        foreign.processor.init(foreign.context);

        TrainingLogs.walks(FeatureSchema.paper(), 2, 50, 500, 8).forEach(own::process);
        TrainingLogs.walks(FeatureSchema.online(), 2, 50, 500, 8).forEach(foreign::process);

        assertThat(own.modelRecords()).hasSizeGreaterThan(100);
        assertThat(foreign.forwarded.equals(own.forwarded)).isTrue();
    }

    @Test
    void shouldNameWhatItWritesByItsGeneration() {
        ModelDefinition definition = ModelDefinition.ofPreset("association");
        Task task = new Task(definition, new Generation(2));
        task.processor.init(task.context);

        TrainingLogs.walks(FeatureSchema.online(), 2, 50, 300, 9).forEach(task::process);

        List<String> definitions = task.forwarded.stream()
                .filter(forward -> forward.startsWith("g2/definition "))
                .toList();
        assertThat(definitions)
                .containsExactly("g2/definition " + HexFormat.of().formatHex(ModelDefinitionJson.write(definition)));
        assertThat(task.forwarded)
                .filteredOn(forward -> !forward.startsWith("u"))
                .allMatch(forward -> forward.startsWith("g2/"));
        assertThat(task.forwarded)
                .filteredOn(forward -> forward.startsWith("u"))
                .allMatch(forward -> new String(
                                HexFormat.of().parseHex(forward.substring(forward.indexOf(' ') + 1)), UTF_8)
                        .contains("\"modelGeneration\":2"));
    }

    @Test
    void shouldTellOfEachRefusedItemOnce() {
        Task task = new Task(TinyTrainer.DEFINITION, Generation.FIRST);
        task.processor.init(task.context);

        for (int i = 0; i < TinyTrainer.SETTINGS.maxRows() + 10; i++) {
            task.process(
                    new TrainingRecord.ItemAnnounced(new Item("item" + i, "", new Attributes(Map.of())), Map.of()));
        }
        task.processor.init(task.context);
        for (int i = 0; i < 2 * LIMITS.versionRecords(); i++) {
            task.process(new TrainingRecord.ItemRemoved("item1"));
        }

        assertThat(task.modelRecords()).isNotEmpty();
        assertThat(task.refusedItems).isEqualTo(10);
    }

    @Test
    void shouldStopAtARecordThatIsNoTrainingRecord() {
        Task task = new Task(Presets.association());
        task.processor.init(task.context);
        task.context.setRecordMetadata("training-log", 0, 17);

        assertThatThrownBy(() -> task.processor.process(new Record<>(null, new byte[] {99, 1}, 0)))
                .isInstanceOf(StreamsException.class)
                .hasMessageContaining("training-log-0@17");
    }

    @Test
    void shouldNameTheEntryOfAStoreThatCannotBeRead() {
        Task task = new Task(Presets.association());
        task.processor.init(task.context);
        TrainingLogs.walks(FeatureSchema.online(), 2, 50, 300, 7).forEach(task::process);

        assertNamed(task, TrainerNames.MODEL_ROWS_STORE, ModelRow.Marker.KEY, new byte[] {99, 1});
        byte[] another = task.<String>store(TrainerNames.MODEL_ROWS_STORE).get(aRow(task));
        assertNamed(task, TrainerNames.MODEL_ROWS_STORE, ModelRow.Marker.KEY, another);
        assertNamed(task, TrainerNames.MODEL_ROWS_STORE, aRow(task), new byte[] {99, 1});
        assertNamed(task, TrainerNames.SEQUENCES_STORE, "a", new byte[0]);
        assertNamed(task, TrainerNames.PENDING_RECORDS_STORE, 7, new byte[] {1, 2, 3});
        byte[] numbered = new byte[Long.BYTES + 2];
        numbered[0] = Byte.MAX_VALUE;
        assertNamed(task, TrainerNames.PENDING_RECORDS_STORE, 7, numbered);

        task.processor.init(task.context);
        assertThat(task.modelRecords()).isNotEmpty();
    }

    private static String aRow(Task task) {
        return task.rows().keySet().stream()
                .filter(key -> !key.equals(ModelRow.Marker.KEY))
                .findFirst()
                .orElseThrow();
    }

    /** Damages an entry, starts over, and mends it again. */
    private static <K> void assertNamed(Task task, String name, K key, byte[] damaged) {
        KeyValueStore<K, byte[]> store = task.store(name);
        byte[] before = store.get(key);
        store.put(key, damaged);
        assertThatThrownBy(() -> task.processor.init(task.context))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("entry '" + key + "' of " + name + " cannot be read: ");
        if (before == null) {
            store.delete(key);
        } else {
            store.put(key, before);
        }
    }

    private static <K> Map<K, byte[]> contents(KeyValueStore<K, byte[]> store) {
        Map<K, byte[]> contents = new TreeMap<>();
        try (KeyValueIterator<K, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> contents.put(entry.key, entry.value));
        }
        return contents;
    }

    private static <K> void restore(KeyValueStore<K, byte[]> store, Map<K, byte[]> contents) {
        contents(store).keySet().forEach(store::delete);
        contents.forEach(store::put);
    }

    /** A processor with its stores. */
    private static final class Task implements TrainerMonitor {
        private final MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
        private final List<String> forwarded = new ArrayList<>();
        private final List<byte[]> model = new ArrayList<>();
        private final List<Evaluation> evaluations = new ArrayList<>();
        private final TestThenLearnProcessor processor;
        private long refusedItems;
        private int closed;

        Task(ModelSettings settings) {
            this(ModelDefinition.of(settings), Generation.FIRST);
        }

        Task(ModelDefinition definition, Generation generation) {
            this(definition, generation, LIMITS);
        }

        Task(ModelDefinition definition, Generation generation, TrainerSettings limits) {
            processor = new TestThenLearnProcessor(definition, generation, limits, this);
            for (String name : List.of(TrainerNames.MODEL_ROWS_STORE, TrainerNames.SEQUENCES_STORE)) {
                add(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build());
            }
            add(Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(TrainerNames.PENDING_RECORDS_STORE),
                            Serdes.Integer(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build());
        }

        private void add(KeyValueStore<?, byte[]> store) {
            store.init(context.getStateStoreContext(), store);
        }

        <K> KeyValueStore<K, byte[]> store(String name) {
            return context.getStateStore(name);
        }

        void process(TrainingRecord record) {
            processor.process(new Record<>(null, RECORDS.encode(record), 0));
            for (MockProcessorContext.CapturedForward<? extends String, ? extends byte[]> forward :
                    context.forwarded()) {
                byte[] value = forward.record().value();
                forwarded.add(forward.record().key() + " "
                        + (value == null ? "" : HexFormat.of().formatHex(value)));
                if (forward.childName().equals(java.util.Optional.of(TrainerNames.MODEL_SINK))
                        && value != null
                        && !forward.record().key().endsWith(Generation.DEFINITION)) {
                    model.add(value);
                }
            }
            context.resetForwards();
        }

        Map<String, String> rows() {
            Map<String, String> rows = new TreeMap<>();
            contents(this.<String>store(TrainerNames.MODEL_ROWS_STORE))
                    .forEach((key, value) -> rows.put(key, HexFormat.of().formatHex(value)));
            return rows;
        }

        List<byte[]> modelRecords() {
            return model;
        }

        @Override
        public void evaluated(Evaluation evaluation, long recordTime) {
            evaluations.add(evaluation);
        }

        @Override
        public void refusedItems(long items) {
            refusedItems += items;
        }

        @Override
        public void closed() {
            closed++;
        }
    }
}

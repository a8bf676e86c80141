package org.eridanus.stream.processor;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.feature.Enricher;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.LearningGuard;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EvaluationJson;
import org.eridanus.serde.ModelDefinitionJson;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.SequenceChunkFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.serde.WireException;
import org.eridanus.stream.StoreException;
import org.eridanus.stream.TrainerMonitor;
import org.eridanus.stream.TrainerNames;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.SequenceChunk;
import org.eridanus.trainer.TrainerSettings;
import org.eridanus.trainer.VersionWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the training log to an {@link OnlineTrainer} and keeps what it needs to start over.
 *
 * <p>Stores change in two ways: each record goes into a ring, and a version writes what it changed. So the stores always
 * hold the last version and the records after it, wherever a commit falls, and {@link #init} gives those records to the
 * restored trainer again, which brings it to the same bits. Nothing on the heap is trusted across an abort.
 *
 * <p>Records are taken as the trainer's own schema sees them, whatever schema they were enriched by. With the
 * first version it tells what the model is, so that scorers can serve a generation that they are not configured for.
 *
 * <p>Threading: one stream thread.
 */
public final class TestThenLearnProcessor implements Processor<byte[], byte[], String, byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(TestThenLearnProcessor.class);
    private static final TrainingRecordFormat RECORDS = new TrainingRecordFormat();
    private static final ModelRowFormat STORED_ROWS = new ModelRowFormat(true);
    private static final ModelRowFormat PUBLISHED_ROWS = new ModelRowFormat(false);
    private static final SequenceChunkFormat CHUNKS = new SequenceChunkFormat();

    private final ModelDefinition definition;
    private final Generation generation;
    private final Enricher enricher;
    private final TrainerSettings limits;
    private final TrainerMonitor monitor;
    private State state;
    private long refusedItems;
    private final long[] refusedSteps = new long[LearningGuard.Reason.values().length];
    private long prunedSuccessors;
    private long evictedItems;

    /** What {@link #init} makes anew. */
    private record State(
            ProcessorContext<String, byte[]> context,
            KeyValueStore<String, byte[]> rows,
            KeyValueStore<String, byte[]> sequences,
            KeyValueStore<Integer, byte[]> ring,
            OnlineTrainer trainer) {}

    /** A processor for one trainer. */
    @SuppressWarnings("NullAway.Init") // Streams calls init before process
    public TestThenLearnProcessor(
            ModelDefinition definition, Generation generation, TrainerSettings limits, TrainerMonitor monitor) {
        this.definition = definition;
        this.generation = generation;
        this.enricher = new Enricher(definition.schema());
        this.limits = limits;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        state = new State(
                context,
                context.getStateStore(TrainerNames.MODEL_ROWS_STORE),
                context.getStateStore(TrainerNames.SEQUENCES_STORE),
                context.getStateStore(TrainerNames.PENDING_RECORDS_STORE),
                new OnlineTrainer(definition.settings(), definition.features(), limits));
        restoreVersion();
        rememberWhatWasTold();
        repeatPendingRecords();
    }

    @Override
    public void close() {
        monitor.closed();
    }

    private void rememberWhatWasTold() {
        refusedItems = state.trainer.refusedItems();
        for (LearningGuard.Reason reason : LearningGuard.Reason.values()) {
            refusedSteps[reason.ordinal()] = state.trainer.network().guard().count(reason);
        }
        prunedSuccessors = state.trainer.prunedSuccessors();
        evictedItems = state.trainer.evictedItems();
    }

    private void restoreVersion() {
        byte[] marker = state.rows.get(ModelRow.Marker.KEY);
        if (marker == null) {
            return;
        }
        ModelRow.Marker last =
                stored(TrainerNames.MODEL_ROWS_STORE, new KeyValue<>(ModelRow.Marker.KEY, marker), bytes ->
                        (ModelRow.Marker) STORED_ROWS.decode(bytes));
        List<ModelRow> rows = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = state.rows.all()) {
            all.forEachRemaining(entry -> rows.add(stored(TrainerNames.MODEL_ROWS_STORE, entry, STORED_ROWS::decode)));
        }
        List<SequenceChunk> chunks = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = state.sequences.all()) {
            all.forEachRemaining(entry -> chunks.add(stored(TrainerNames.SEQUENCES_STORE, entry, CHUNKS::decode)));
        }
        state.trainer.restore(last, rows, chunks);
        monitor.restored(last);
    }

    /** What an entry of a store holds. */
    private static <K, V> V stored(String store, KeyValue<K, byte[]> entry, Function<byte[], V> decoder) {
        try {
            return decoder.apply(entry.value);
        } catch (WireException | ClassCastException | BufferUnderflowException e) {
            throw new StoreException(store, entry.key, e);
        }
    }

    private void repeatPendingRecords() {
        record Pending(long number, TrainingRecord record) {}
        List<Pending> pending = new ArrayList<>();
        try (KeyValueIterator<Integer, byte[]> all = state.ring.all()) {
            while (all.hasNext()) {
                KeyValue<Integer, byte[]> slot = all.next();
                long number = stored(
                        TrainerNames.PENDING_RECORDS_STORE,
                        slot,
                        bytes -> ByteBuffer.wrap(bytes).getLong());
                if (number >= state.trainer.recordsAtVersion()) {
                    byte[] record = Arrays.copyOfRange(slot.value, Long.BYTES, slot.value.length);
                    pending.add(new Pending(
                            number, stored(TrainerNames.PENDING_RECORDS_STORE, slot, bytes -> RECORDS.decode(record))));
                }
            }
        }
        pending.sort(Comparator.comparingLong(Pending::number));
        for (Pending next : pending) {
            if (next.number != state.trainer.records()) {
                throw new IllegalStateException("the ring of pending training records must continue at record "
                        + state.trainer.records() + ", got " + next.number
                        + "; trainer.version-records was made smaller, or the store is damaged: start the trainer"
                        + " with the setting it ran with, or with an empty state folder and changelog");
            }
            state.trainer.accept(enricher.under(next.record));
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long started = System.nanoTime();
        OnlineTrainer trainer = state.trainer;
        TrainingRecord next = enricher.under(decode(record.value()));
        long number = trainer.records();
        state.ring.put(
                (int) (number % limits.versionRecords()),
                ByteBuffer.allocate(Long.BYTES + record.value().length)
                        .putLong(number)
                        .put(record.value())
                        .array());
        boolean wasFrozen = trainer.frozen();
        Optional<Evaluation> evaluation = trainer.accept(next);
        if (next instanceof TrainingRecord.Event event) {
            Evaluation test = evaluation.orElseThrow();
            state.context.forward(
                    new Record<>(test.user(), EvaluationJson.write(test, generation), record.timestamp()),
                    TrainerNames.EVALUATIONS_SINK);
            monitor.evaluated(test, event.event().recordTime());
            if (trainer.frozen() && !wasFrozen) {
                LOG.error(
                        "accuracy has collapsed at event {} against its own recent past: learning is frozen, scoring goes"
                                + " on with the model as it is; find out what came in, then run: eridanus model resume",
                        test.event());
                monitor.collapsed();
            }
        }
        if (trainer.endsVersion(next)) {
            publish(record.timestamp());
        }
        if (trainer.batchSize() > 0) {
            monitor.learned(
                    trainer.batchSize(), trainer.batchLoss(), trainer.gradientNorm(), System.nanoTime() - started);
        }
    }

    private TrainingRecord decode(byte[] value) {
        try {
            return RECORDS.decode(value);
        } catch (WireException e) {
            RecordMetadata at = state.context.recordMetadata().orElseThrow();
            throw new StreamsException(
                    "record " + at.topic() + "-" + at.partition() + "@" + at.offset()
                            + " is not a training record, and learning must not skip one; if it was written by a newer"
                            + " version of Eridanus, run that, otherwise nothing but Eridanus may write to "
                            + at.topic(),
                    e);
        }
    }

    private void publish(long timestamp) {
        OnlineTrainer trainer = state.trainer;
        long dropped = trainer.droppedEvents();
        if (trainer.version() == 0) {
            forward(Generation.DEFINITION, ModelDefinitionJson.write(definition), timestamp);
        }
        ModelRow.Marker marker = trainer.close(new VersionWriter() {
            @Override
            public void row(ModelRow row) {
                state.rows.put(row.key(), STORED_ROWS.encode(row));
                forward(row.key(), PUBLISHED_ROWS.encode(row), timestamp);
            }

            @Override
            public void kept(ModelRow row) {
                state.rows.put(row.key(), STORED_ROWS.encode(row));
            }

            @Override
            public void dropped(String key) {
                state.rows.delete(key);
            }

            @Override
            public void removed(String key) {
                state.rows.delete(key);
                forward(key, null, timestamp);
            }

            @Override
            public void sequence(SequenceChunk chunk) {
                if (chunk.items().length == 0) {
                    state.sequences.delete(chunk.key());
                } else {
                    state.sequences.put(chunk.key(), CHUNKS.encode(chunk));
                }
            }
        });
        monitor.published(marker);
        monitor.dropped(trainer.droppedEvents() - dropped);
        monitor.refusedItems(trainer.refusedItems() - refusedItems);
        for (LearningGuard.Reason reason : LearningGuard.Reason.values()) {
            monitor.refusedSteps(reason, trainer.network().guard().count(reason) - refusedSteps[reason.ordinal()]);
        }
        monitor.pruned(trainer.prunedSuccessors() - prunedSuccessors);
        monitor.evictedItems(trainer.evictedItems() - evictedItems);
        rememberWhatWasTold();
    }

    @SuppressWarnings("NullAway") // a null value is Kafka's tombstone
    private void forward(String key, byte @Nullable [] value, long timestamp) {
        state.context.forward(new Record<>(generation.key(key), value, timestamp), TrainerNames.MODEL_SINK);
    }
}

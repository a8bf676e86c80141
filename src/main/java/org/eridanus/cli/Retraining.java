package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eridanus.feature.Enricher;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.SequenceChunkFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.serde.WireException;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.SequenceChunk;
import org.eridanus.trainer.VersionWriter;
import org.jspecify.annotations.Nullable;

/**
 * Trains a trainer that has seen nothing on the training log, from its start to a version, and keeps what it would have
 * published. It has no store, no transaction and nothing to recover: what an uninterrupted trainer comes to.
 *
 * <p>Threading: for one thread.
 */
final class Retraining {
    private static final TrainingRecordFormat RECORDS = new TrainingRecordFormat();
    private static final ModelRowFormat PUBLISHED = new ModelRowFormat(false);
    private static final SequenceChunkFormat CHUNKS = new SequenceChunkFormat();

    private final OnlineTrainer trainer;
    private final long lastVersion;
    private final Enricher enricher;
    /** What is trained here is in no topic: keys are the rows' own, as those of the first generation. */
    private final ModelSnapshot.Collector model = new ModelSnapshot.Collector(Generation.FIRST);

    private final Rows rows = new Rows();
    private final SortedMap<String, byte[]> stored = new TreeMap<>();
    private final SortedMap<String, byte[]> sequences = new TreeMap<>();
    private ModelRow.@Nullable Marker marker;
    private long nextOffset;

    /**
     * A retraining from the start of the log, of which nothing is done.
     *
     * @param settings the model and how its trainer cuts versions
     * @param lastVersion the version to stop after
     */
    Retraining(PipelineSettings settings, long lastVersion) {
        this(settings, lastVersion, null);
    }

    /**
     * A retraining that begins with a snapshot, and with the records behind it.
     *
     * @param from the snapshot, null to begin with the log
     */
    Retraining(PipelineSettings settings, long lastVersion, @Nullable TrainerSnapshot from) {
        this.trainer = new OnlineTrainer(settings.model(), settings.features(), settings.trainer());
        this.enricher = new Enricher(settings.schema());
        this.lastVersion = lastVersion;
        if (from != null) {
            List<ModelRow> restored = from.decodedRows();
            trainer.restore(from.marker(), restored, from.decodedSequences());
            restored.stream()
                    .filter(row -> !(row instanceof ModelRow.Accuracy || row instanceof ModelRow.Seen))
                    .forEach(row -> model.take(row.key().getBytes(UTF_8), PUBLISHED.encode(row)));
            model.take(ModelRow.Marker.KEY.getBytes(UTF_8), PUBLISHED.encode(from.marker()));
            stored.putAll(from.rows());
            sequences.putAll(from.sequences());
            marker = from.marker();
            nextOffset = from.nextOffset();
        }
    }

    /**
     * Takes the next record of the log; those after the last version change nothing.
     *
     * @param offset where it stands
     * @throws CommandException if the record is not one
     */
    void take(long offset, byte[] value) {
        if (done()) {
            return;
        }
        TrainingRecord record;
        try {
            record = enricher.under(RECORDS.decode(value));
        } catch (WireException e) {
            throw new CommandException(
                    "the record at offset " + offset + " of the training log must be a training record: "
                            + e.getMessage() + "; use the version of Eridanus that wrote it",
                    e);
        }
        trainer.accept(record);
        if (trainer.endsVersion(record)) {
            marker = trainer.close(rows);
            nextOffset = offset + 1;
        }
    }

    /** Whether the last version is closed. */
    boolean done() {
        return version() >= lastVersion;
    }

    /** The last version closed so far, 0 before the first. */
    long version() {
        return marker == null ? 0 : marker.version();
    }

    /** Records taken in. */
    long records() {
        return trainer.records();
    }

    /**
     * The model of the last version closed.
     *
     * @throws CommandException before the first
     */
    ModelSnapshot model() {
        return model.snapshot();
    }

    /**
     * The trainer at the end of the last version closed.
     *
     * @throws CommandException before the first
     */
    TrainerSnapshot snapshot() {
        ModelRow.Marker last = marker;
        if (last == null) {
            throw new CommandException("the training log must have a complete version, and has none; wait until the"
                    + " trainer has closed its first");
        }
        return new TrainerSnapshot(nextOffset, last, new TreeMap<>(stored), new TreeMap<>(sequences));
    }

    /** What the trainer role writes to the topic and to its stores, in the same order. */
    private final class Rows implements VersionWriter {
        @Override
        public void row(ModelRow row) {
            model.take(row.key().getBytes(UTF_8), PUBLISHED.encode(row));
            if (!(row instanceof ModelRow.Marker)) {
                stored.put(row.key(), TrainerSnapshot.STORED.encode(row));
            }
        }

        @Override
        public void kept(ModelRow row) {
            stored.put(row.key(), TrainerSnapshot.STORED.encode(row));
        }

        @Override
        public void dropped(String key) {
            stored.remove(key);
        }

        @Override
        public void removed(String key) {
            model.take(key.getBytes(UTF_8), null);
            stored.remove(key);
        }

        @Override
        public void sequence(SequenceChunk chunk) {
            String key = chunk.key();
            if (chunk.items().length == 0) {
                sequences.remove(key);
            } else {
                sequences.put(key, CHUNKS.encode(chunk));
            }
        }
    }
}

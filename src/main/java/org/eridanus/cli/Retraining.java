package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.eridanus.feature.Enricher;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.serde.WireException;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.trainer.OnlineTrainer;
import org.eridanus.trainer.SequenceChunk;
import org.eridanus.trainer.VersionWriter;

/**
 * Trains a trainer that has seen nothing on the training log, from its start to a version, and keeps what it would have
 * published. It has no store, no transaction and nothing to recover: what an uninterrupted trainer comes to.
 *
 * <p>Threading: for one thread.
 */
final class Retraining {
    private static final TrainingRecordFormat RECORDS = new TrainingRecordFormat();
    private static final ModelRowFormat PUBLISHED = new ModelRowFormat(false);

    private final OnlineTrainer trainer;
    private final long lastVersion;
    private final Enricher enricher;
    /** What is trained here is in no topic: keys are the rows' own, as those of the first generation. */
    private final ModelSnapshot.Collector model = new ModelSnapshot.Collector(Generation.FIRST);

    private final Rows rows = new Rows();
    private long version;

    /**
     * A retraining of which nothing is done.
     *
     * @param settings the model and how its trainer cuts versions
     * @param lastVersion the version to stop after
     */
    Retraining(PipelineSettings settings, long lastVersion) {
        this.trainer = new OnlineTrainer(settings.model(), settings.features(), settings.trainer());
        this.enricher = new Enricher(settings.schema());
        this.lastVersion = lastVersion;
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
            version = trainer.close(rows).version();
        }
    }

    /** Whether the last version is closed. */
    boolean done() {
        return version >= lastVersion;
    }

    /** The last version closed so far, 0 before the first. */
    long version() {
        return version;
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

    /** What the trainer role writes to the topic, in the same order. */
    private final class Rows implements VersionWriter {
        @Override
        public void row(ModelRow row) {
            model.take(row.key().getBytes(UTF_8), PUBLISHED.encode(row));
        }

        @Override
        public void removed(String key) {
            model.take(key.getBytes(UTF_8), null);
        }

        @Override
        public void sequence(SequenceChunk chunk) {
            // Kept for the next start of a trainer; this one does not start again.
        }
    }
}

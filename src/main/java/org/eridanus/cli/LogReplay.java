package org.eridanus.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.eridanus.config.Configuration;
import org.eridanus.model.BlasKernel;
import org.eridanus.model.ModelRow;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * The model that is served, and what a new trainer comes to by the training log. It reads what is committed, joins no
 * group and writes nothing.
 *
 * @param served the last version in the model's topic
 * @param retraining done up to that version
 */
record LogReplay(ModelSnapshot served, Retraining retraining) {
    private static final int LOOK = 1_000;

    /**
     * Trains again.
     *
     * @param from a trainer's snapshot to begin with; null to begin with the log
     * @param screen where to tell how it goes
     * @param check called often; throws if there is no point in going on
     * @throws CommandException if bits cannot be compared here, or log, snapshot and model do not go together
     */
    static LogReplay run(Configuration configuration, @Nullable Path from, Screen screen, Runnable check) {
        ModelSnapshot served = ModelSnapshot.read(configuration, check);
        ModelRow.Marker marker = served.marker();
        Optional<String> incomparable = incomparable(marker, configuration.pipeline());
        if (incomparable.isPresent()) {
            throw new CommandException(incomparable.get());
        }
        TrainerSnapshot snapshot = from == null ? null : snapshot(from, marker);
        Retraining retraining = new Retraining(configuration.pipeline(), marker.version(), snapshot);
        try (TopicReader log = new TopicReader(configuration, Topics.TRAINING_LOG)) {
            position(log, from, snapshot);
            log.readToEnd(
                    record -> {
                        retraining.take(record.offset(), record.value());
                        if (screen.terminal() && retraining.records() % LOOK == 0) {
                            screen.status(String.format(
                                    Locale.ROOT,
                                    "%,d of %,d records trained on",
                                    retraining.records(),
                                    marker.records()));
                        }
                    },
                    check);
        } finally {
            screen.clear();
        }
        if (!retraining.done()) {
            throw new CommandException("the training log must reach to version " + marker.version()
                    + ", and ends in version " + retraining.version() + " after " + retraining.records()
                    + " records; do log and model belong together?");
        }
        return new LogReplay(served, retraining);
    }

    /** Why a replay here cannot come to the same bits, if so. */
    static Optional<String> incomparable(ModelRow.Marker marker, PipelineSettings settings) {
        if (!marker.hash().equals(settings.model().hash())) {
            return Optional.of("the configured model must be the one that was trained, " + marker.preset() + " ("
                    + marker.hash() + "), got " + settings.model().preset() + " ("
                    + settings.model().hash() + "); give the configuration that its trainer runs with");
        }
        String kernel = settings.model().tower() == null ? marker.kernel() : BlasKernel.fingerprint();
        return marker.kernel().equals(kernel)
                ? Optional.empty()
                : Optional.of("bits can be compared only where matrix products have the same bits: the trainer's were "
                        + marker.kernel() + ", this machine's are " + kernel
                        + "; replay on a machine like the trainer's, with the same number of BLAS threads");
    }

    private static TrainerSnapshot snapshot(Path file, ModelRow.Marker served) {
        TrainerSnapshot snapshot;
        try {
            snapshot = TrainerSnapshot.read(file);
        } catch (IOException e) {
            throw CommandException.unreadable(file, e);
        }
        ModelRow.Marker marker = snapshot.marker();
        if (!marker.hash().equals(served.hash()) || !marker.kernel().equals(served.kernel())) {
            throw new CommandException(file + " must be a snapshot of the served model, " + served.preset() + " ("
                    + served.hash() + ", " + served.kernel() + "), got " + marker.preset() + " (" + marker.hash() + ", "
                    + marker.kernel() + ")");
        }
        if (marker.version() > served.version()) {
            throw new CommandException(file + " must not be newer than the served version " + served.version()
                    + ", got " + marker.version() + "; is it this cluster's?");
        }
        return snapshot;
    }

    private static void position(TopicReader log, @Nullable Path from, @Nullable TrainerSnapshot snapshot) {
        if (snapshot == null) {
            if (!log.isWhole()) {
                throw new CommandException("the training log must be there from its start, and retention has cut it;"
                        + " begin with a snapshot that was taken before: --from FILE");
            }
            return;
        }
        if (log.beginning() > snapshot.nextOffset()) {
            throw new CommandException(
                    "the training log must be there from offset " + snapshot.nextOffset() + ", where "
                            + from + " ends, and begins at " + log.beginning()
                            + "; begin with a newer snapshot, and take one more often than retention cuts");
        }
        log.seek(snapshot.nextOffset());
    }

    /** What differs between the served model and the retrained one, if anything does. */
    Optional<String> difference() {
        ModelSnapshot retrained = retraining.model();
        return ModelDifference.between(served, retrained)
                .or(() -> served.marker().equals(retrained.marker())
                        ? Optional.empty()
                        : Optional.of("the rows are equal, the markers are not: " + served.marker() + " served, "
                                + retrained.marker() + " by replay"));
    }
}

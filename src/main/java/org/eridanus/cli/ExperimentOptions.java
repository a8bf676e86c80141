package org.eridanus.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.eridanus.dataset.DataSets;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.experiment.ExperimentException;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.Progress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that experiments share. */
final class ExperimentOptions {
    private static final int MOST_SEEDS = 100;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            split = ",",
            defaultValue = SyntheticWorld.NAME,
            description = "'synthetic', 'synthetic-sparse', 'movielens' (downloaded if it is nowhere), or a data set's"
                    + " folder, or the name of one below ERIDANUS_DATA (default: ${DEFAULT-VALUE}).")
    private List<String> data = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many seeds (default: ${DEFAULT-VALUE}).")
    private int seeds = 3;

    @Option(names = "--events", paramLabel = "N", description = "Take the first N interactions (default: all).")
    private int events = Integer.MAX_VALUE;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Methods that run at a time (default: one a core); figures do not depend on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--report", paramLabel = "FILE", description = "Write every figure and setting as JSON.")
    private @Nullable Path report;

    /** The one data set asked for; tells what there is to note of it. */
    InteractionLog log(Screen screen) {
        if (data.size() != 1) {
            throw new ExperimentException("--data must name one data set here, got " + data);
        }
        return logs(screen).get(0);
    }

    /** The data sets asked for. */
    List<InteractionLog> logs(Screen screen) {
        if (events < 1) {
            throw new ExperimentException("--events must be at least 1, got " + events);
        }
        DataSets dataSets = DataSets.from(System.getenv());
        return data.stream()
                .map(name -> {
                    Dataset dataset = dataSets.load(name);
                    dataset.notes().forEach(note -> screen.line(dataset.name() + ": " + note));
                    return new InteractionLog(dataset, events);
                })
                .toList();
    }

    List<Long> seeds() {
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw new ExperimentException("--seeds must be 1 to " + MOST_SEEDS + ", got " + seeds);
        }
        return LongStream.rangeClosed(1, seeds).boxed().toList();
    }

    int threads() {
        return threads;
    }

    @Nullable
    Path report() {
        return report;
    }

    /** Shows each part when it is done. */
    static Progress progress(Screen screen) {
        return (done, total, what) -> screen.status(done + " of " + total + " done: " + what);
    }
}

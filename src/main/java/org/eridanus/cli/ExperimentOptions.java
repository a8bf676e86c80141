package org.eridanus.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.eridanus.dataset.DataSets;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.DatasetException;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.experiment.Comparison;
import org.eridanus.experiment.Environment;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.Progress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that experiments share. */
final class ExperimentOptions {
    private static final int MOST_SEEDS = 100;
    private static final int MOST_THREADS = 1_000;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // injected by picocli before the command's call()
    private CommandSpec command;

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

    private @Nullable Path report;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write every figure and setting as JSON; charts and tables go beside it, as .html and .csv.")
    private void report(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".html") || name.endsWith(".csv")) {
            throw usage("--report must name a JSON file, beside which its charts (.html) and tables (.csv) go, got "
                    + file + "; end it with .json");
        }
        report = file;
    }

    /** The one data set asked for; tells what there is to note of it. */
    InteractionLog log(Screen screen) {
        if (data.size() != 1) {
            throw usage("--data must name one data set here, got " + data);
        }
        return logs(screen).get(0);
    }

    /** The data sets asked for. */
    List<InteractionLog> logs(Screen screen) {
        if (events < 1) {
            throw usage("--events must be at least 1, got " + events);
        }
        DataSets dataSets = DataSets.from(System.getenv());
        return data.stream()
                .map(name -> {
                    Dataset dataset = load(dataSets, name);
                    dataset.notes().forEach(note -> screen.line(dataset.name() + ": " + note));
                    return new InteractionLog(dataset, events);
                })
                .toList();
    }

    private Dataset load(DataSets dataSets, String name) {
        try {
            return dataSets.load(name);
        } catch (DatasetException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    List<Long> seeds() {
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw usage("--seeds must be 1 to " + MOST_SEEDS + ", got " + seeds);
        }
        return LongStream.rangeClosed(1, seeds).boxed().toList();
    }

    int threads() {
        if (threads < 1 || threads > MOST_THREADS) {
            throw usage("--threads must be 1 to " + MOST_THREADS + ", got " + threads);
        }
        return threads;
    }

    /** Compares methods on a data set; the screen is told how it goes. */
    Comparison comparison(InteractionLog log, Screen screen) {
        return new Comparison(log, seeds(), threads(), progress(screen));
    }

    /** Where it is measured. */
    Environment environment() {
        return Environment.current(threads());
    }

    /** Wrong usage of the command. */
    ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    @Nullable
    Path report() {
        return report;
    }

    /**
     * Tells what came of it, and reports it where that is asked for.
     *
     * @param lines for people
     * @param write takes the file of the report
     */
    void tell(Screen screen, List<String> lines, Consumer<Path> write) {
        screen.clear();
        lines.forEach(screen::line);
        if (report != null) {
            write.accept(report);
        }
    }

    /** Shows each part when it is done, and how long the others will take. */
    static Progress progress(Screen screen) {
        return new TimeLeft(screen, Clock.systemUTC());
    }
}

package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.eridanus.dataset.DataSets;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.DatasetException;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.experiment.PresentCategories;
import org.eridanus.file.Folders;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code eridanus demo}: a broker, the pipeline and a replay in this process, and figures that show the model learning.
 * The exit code is 0 only if every event was accounted for.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Start a broker and the whole pipeline here, replay a data set, and show how well it foresees.",
        footer = {
            "",
            "Examples:",
            "  eridanus demo",
            "  eridanus demo --data ml-100k --report demo.json",
            "  eridanus demo --rate 500 --serve        # then look at the live page, or produce events yourself",
            "",
            "Exit code: 0 every event was accounted for, 1 not so or failed, 2 wrong usage."
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            defaultValue = SyntheticWorld.NAME,
            description = "'synthetic', 'synthetic-sparse', 'movielens' (downloaded if it is nowhere), or a data set's"
                    + " folder, or the name of one below ERIDANUS_DATA (default: ${DEFAULT-VALUE}).")
    private String data = SyntheticWorld.NAME;

    @Mixin
    private final PresetOption preset = new PresetOption();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Events a second; 0 is as fast as the pipeline takes them (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--events", paramLabel = "N", description = "Replay the first N interactions (default: all).")
    private @Nullable Integer events;

    @Option(names = "--serve", description = "Keep running after the replay, until Ctrl-C.")
    private boolean serve;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the summary as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep broker and stores there (default: a temporary folder, removed at the end).")
    private @Nullable Path dataDir;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Port of the metrics, 0 for a free one (default: 8080, or a free one if that is taken).")
    private @Nullable Integer httpPort;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the broker, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "1",
            description = "Partitions of the topics that are split by user or item (default: ${DEFAULT-VALUE}, because"
                    + " more cost a single process time).")
    private int partitions;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the synthetic world (default: the one its documented figures are for).")
    private @Nullable Long seed;

    @Option(names = "--quiet", description = "Show the result alone.")
    private boolean quiet;

    @Override
    public Integer call() {
        DemoOptions options = options();
        ShortRunCompilation.apply();
        Dataset dataset = dataset();
        List<Interaction> interactions = first(dataset.interactions());
        Screen screen = Screen.standard(System.getenv());
        try (Stopping stopping = new Stopping()) {
            Screen hints = quiet ? Screen.none() : screen;
            Demo demo = new Demo(present(options, dataset, hints), dataset, interactions, hints, screen, stopping);
            try {
                return exitCode(inFolder(options.dataDir(), demo));
            } catch (Stopping.StoppedException e) {
                screen.line("stopped before the end");
                return 1;
            } finally {
                screen.clear();
            }
        }
    }

    /** Without the combinations of what the data say nothing of, and a note of them; unchanged where the model has none. */
    private static DemoOptions present(DemoOptions options, Dataset dataset, Screen hints) {
        List<String> notes = PresentCategories.notes(options.model(), dataset.users(), dataset.items());
        notes.forEach(hints::line);
        return notes.isEmpty()
                ? options
                : options.withModel(PresentCategories.of(options.model(), dataset.users(), dataset.items()));
    }

    /** 0 only if every event was accounted for. */
    static int exitCode(DemoSummary summary) {
        return summary.balance().balanced() ? 0 : 1;
    }

    private DemoOptions options() {
        try {
            return new DemoOptions(
                    preset.definition(),
                    rate,
                    serve,
                    Optional.ofNullable(report),
                    Optional.ofNullable(dataDir),
                    httpPort == null ? OptionalInt.empty() : OptionalInt.of(httpPort),
                    port,
                    partitions);
        } catch (IllegalArgumentException e) {
            throw usage(e);
        }
    }

    private Dataset dataset() {
        try {
            SyntheticWorld.Settings world = SyntheticWorld.Settings.defaults();
            return DataSets.from(System.getenv()).load(data, seed == null ? world : world.withSeed(seed));
        } catch (DatasetException e) {
            throw usage(e);
        }
    }

    private List<Interaction> first(List<Interaction> all) {
        if (events == null) {
            return all;
        }
        if (events < 1) {
            throw usage(new IllegalArgumentException("--events must be at least 1, got " + events));
        }
        return all.subList(0, Math.min(events, all.size()));
    }

    private ParameterException usage(RuntimeException e) {
        return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }

    private static DemoSummary inFolder(Optional<Path> dataDir, Demo demo) {
        if (dataDir.isPresent()) {
            return demo.run(dataDir.get());
        }
        try {
            Path folder = Files.createTempDirectory("eridanus-demo");
            try {
                return demo.run(folder);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's temporary folder: " + e.getMessage(), e);
        }
    }
}

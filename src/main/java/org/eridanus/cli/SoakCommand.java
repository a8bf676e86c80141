package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eridanus.model.Presets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus prove soak}: very many events, and neither memory nor disk that grows. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "Send very many events of users and items that come and go through the whole pipeline in one process,"
                        + " measure memory and disk on the way, and prove that neither grows after the first half and that"
                        + " every event is accounted for.",
        footer = {
            "",
            "Examples:",
            "  eridanus prove soak --report soak.json",
            "  eridanus prove soak --events 5000000 --seed 7 --data-dir soak --report soak.json",
            "",
            "The report's charts go to a file beside it that ends with .html.",
            "",
            "Exit code: 0 proved, 1 not so or failed, 2 wrong usage."
        })
final class SoakCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Interactions (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the events (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--preset",
            paramLabel = "PRESET",
            defaultValue = "online",
            description = "online, association or paper (default: ${DEFAULT-VALUE}).")
    private String preset = "online";

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Users that are there at a time; twice as many are kept (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Items on sale at a time; a quarter more are kept (default: ${DEFAULT-VALUE}).")
    private int items;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Positive events that the trainer remembers (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share that anything measured may grow in the second half (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write what came of it as JSON, and charts beside it.")
    private @Nullable Path report;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep broker and stores there (default: a temporary folder, removed unless the proof fails).")
    private @Nullable Path dataDir;

    @Override
    public Integer call() {
        SoakProof.Settings settings = settings();
        Screen screen = Screen.standard(System.getenv());
        try (Stopping stopping = new Stopping()) {
            Path folder = dataDir == null ? Files.createTempDirectory("eridanus-soak") : dataDir;
            boolean proved = false;
            try {
                SoakResult result = new SoakProof(settings, folder, screen, stopping::check).run();
                result.lines().forEach(screen::line);
                if (report != null) {
                    write(result, report, screen);
                }
                proved = result.proved();
            } catch (Stopping.StoppedException e) {
                screen.line("stopped before the end");
            } finally {
                screen.clear();
                if (dataDir == null && proved) {
                    delete(folder);
                } else {
                    screen.line("data is kept in " + folder);
                }
            }
            return proved ? 0 : 1;
        } catch (IOException e) {
            throw new UncheckedIOException("the soak's folder: " + e.getMessage(), e);
        }
    }

    private static void write(SoakResult result, Path report, Screen screen) {
        result.write(report);
        String name = String.valueOf(report.getFileName());
        Path charts = report.resolveSibling(name.replaceFirst("\\.json$", "") + ".html");
        result.draw(charts);
        screen.line("report written to " + report + ", charts to " + charts);
    }

    private SoakProof.Settings settings() {
        try {
            return new SoakProof.Settings(events, seed, Presets.named(preset), users, items, window, tolerance);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

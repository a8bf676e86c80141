package org.eridanus.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus prove upgrade}: replaces one version by another while events flow, and says what came of it. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        description =
                "Run two instances of one version against a broker of its own, replace each by another version while events"
                        + " flow, and account for every event.",
        footer = {
            "",
            "Examples:",
            "  eridanus prove upgrade --from /opt/eridanus-0.1.0/eridanus",
            "  eridanus prove upgrade --from old/eridanus --to new/eridanus --rate 200 --report upgrade.json",
            "",
            "Exit code: 0 proved, 1 not proved or failed, 2 wrong usage."
        })
final class UpgradeCommand implements Callable<Integer> {
    private static final String HOME = "eridanus.home";

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "LAUNCHER",
            description = "The file eridanus of an unpacked release, or of a folder of sources, of the version before.")
    private Path from = Path.of("");

    @Option(names = "--to", paramLabel = "LAUNCHER", description = "The same of the version after (default: this one).")
    private @Nullable Path to;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Events a second that flow meanwhile (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the events (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--report", paramLabel = "FILE", description = "Write what came of it as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep broker, stores and logs there (default: a temporary folder, removed unless the proof"
                    + " fails).")
    private @Nullable Path dataDir;

    @Override
    public Integer call() {
        UpgradeProof.Settings settings = settings();
        Screen screen = Screen.standard(System.getenv());
        return ProofFolder.prove(dataDir, screen, (folder, check) -> {
            UpgradeResult result = new UpgradeProof(settings, folder, screen, check).run();
            result.lines().forEach(screen::line);
            if (report != null) {
                ProofReport.write(result.json(), report);
                screen.line("report written to " + report);
            }
            return result.proved();
        });
    }

    private UpgradeProof.Settings settings() {
        String home = System.getProperty(HOME);
        if (to == null && home == null) {
            throw new ParameterException(
                    spec.commandLine(), "--to must be given where Eridanus was not started by its launcher");
        }
        try {
            Path after = to == null ? Path.of(String.valueOf(home), "eridanus") : to;
            return new UpgradeProof.Settings(from.toAbsolutePath(), after.toAbsolutePath(), rate, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}

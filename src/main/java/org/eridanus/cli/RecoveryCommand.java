package org.eridanus.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eridanus.model.Presets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus prove recovery}: kills the pipeline again and again, and accounts for every event. */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        description =
                "Kill the pipeline (SIGKILL) at random moments while events flow, stop and start the broker as well,"
                        + " and prove that nothing was lost, nothing doubled, and that the model is byte by byte the one of a"
                        + " trainer that nobody disturbed.",
        footer = {
            "",
            "Examples:",
            "  eridanus prove recovery --kills 20 --events 10000 --report recovery.json",
            "  eridanus prove recovery --kills 20 --preset paper --seed 7",
            "",
            "Exit code: 0 proved, 1 not so or failed, 2 wrong usage."
        })
final class RecoveryCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often the pipeline is killed (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--events",
            paramLabel = "M",
            defaultValue = "4000",
            description = "Events that flow meanwhile (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the events and of the moments (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--preset",
            paramLabel = "PRESET",
            defaultValue = "online",
            description = "online, association or paper (default: ${DEFAULT-VALUE}).")
    private String preset = "online";

    @Option(
            names = "--broker-away",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long the broker is away each time it is stopped (default: ${DEFAULT-VALUE}).")
    private int brokerAway;

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
        RecoveryProof.Settings settings = settings();
        Screen screen = Screen.standard(System.getenv());
        return ProofFolder.prove(dataDir, screen, (folder, check) -> {
            RecoveryResult result = new RecoveryProof(settings, folder, screen, check).run();
            result.lines().forEach(screen::line);
            if (report != null) {
                ProofReport.write(RecoveryReport.json(result), report);
                screen.line("report written to " + report);
            }
            return result.proved();
        });
    }

    private RecoveryProof.Settings settings() {
        try {
            return new RecoveryProof.Settings(kills, events, seed, Presets.named(preset), brokerAway);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}

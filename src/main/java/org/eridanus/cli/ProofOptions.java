package org.eridanus.cli;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every proof is told: its seed, where it works, and where it reports. */
final class ProofOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // injected by picocli before the command runs
    private CommandSpec command;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of all that is random: the events, and the moments of what befalls them (default:"
                    + " ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--report", paramLabel = "FILE", description = "Write what came of it as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep broker, stores and logs there (default: a temporary folder, removed unless the proof"
                    + " fails).")
    private @Nullable Path dataDir;

    long seed() {
        return seed;
    }

    /** The settings made of the options; what they refuse is wrong usage. */
    <T> T settings(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Carries a proof out, tells and reports what came of it.
     *
     * @param proof takes its folder, where to show its progress, and what to call often
     * @return the command's exit code
     */
    int prove(Proof proof) {
        Screen screen = Screen.standard(System.getenv());
        return ProofFolder.prove(dataDir, screen, (folder, check) -> {
            ProofResult result = proof.run(folder, screen, check);
            result.lines().forEach(screen::line);
            if (report != null) {
                JsonReport.write(result.json(), report);
                screen.line("report written to " + report
                        + result.draw(report)
                                .map(charts -> ", charts to " + charts)
                                .orElse(""));
            }
            return result.proved();
        });
    }

    /** A proof to be carried out. */
    interface Proof {
        /** Carries it out. */
        ProofResult run(Path folder, Screen screen, Runnable check);
    }
}

package org.eridanus.cli;

import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus benchmark}: names the benchmarks of this build and hands over to one. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description =
                "Measure how fast the model is, with PyTorch beside it. Builds and downloads what it needs (120 MB).",
        footer = {
            "",
            "Examples:",
            "  eridanus benchmark model --report model.json",
            "  eridanus benchmark jmh -- TowerBenchmark -f 1 -prof gc",
            "",
            "Exit code: 0 measured, 1 failed, 2 wrong usage."
        })
final class BenchmarkCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    /** The command with the benchmarks that this build has. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new BenchmarkCommand());
        ServiceLoader.load(BenchmarkProgram.class).forEach(command::addSubcommand);
        return command;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                spec.subcommands().isEmpty()
                        ? "this build has no benchmarks: start them by ./eridanus benchmark, or build with -Pbenchmark"
                        : "a benchmark is required");
    }
}

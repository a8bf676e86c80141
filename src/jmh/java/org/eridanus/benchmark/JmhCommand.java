package org.eridanus.benchmark;

import java.util.List;
import org.eridanus.cli.BenchmarkProgram;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code eridanus benchmark jmh}: the benchmarks of {@code src/jmh/java} by JMH, with its own options. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = "Run JMH's benchmarks; options of JMH follow after --.",
        footer = {
            "",
            "Example:",
            "  eridanus benchmark jmh -- TowerBenchmark -f 1 -prof gc",
            "",
            "Exit code: 0 measured, 1 failed, 2 wrong usage."
        })
public final class JmhCommand implements BenchmarkProgram {
    @Parameters(paramLabel = "OPTION", description = "Options of JMH.")
    private List<String> options = List.of();

    @Override
    public Integer call() throws Exception {
        new Runner(new CommandLineOptions(options.toArray(String[]::new))).run();
        return 0;
    }
}

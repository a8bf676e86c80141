package org.eridanus.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.eridanus.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The root command, {@code eridanus}. It does nothing by itself: it names the commands and hands over to one.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
 */
@Command(
        name = "eridanus",
        description = "An online recommender on plain Kafka.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ExperimentCommand.class,
            ConfigCommand.class,
            TopicsCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            RecommendCommand.class,
            ModelCommand.class,
            DeadLettersCommand.class,
            ReplayCommand.class,
            ProveCommand.class,
            RetrainCommand.class,
            TopologyCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  eridanus demo",
            "  eridanus run --config eridanus.yaml",
            "  eridanus produce --help        # each command has examples of its own",
            "",
            "Exit code: 0 done, or stopped as it was told; 1 failed; 2 wrong usage or configuration."
        },
        versionProvider = Eridanus.Version.class)
public final class Eridanus extends CommandGroup {
    private Eridanus() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        // Loggers read their level when the commands are made, before one of them is executed. Lines of the roles would
        // tear up what other commands show.
        if (args.length == 0 || !args[0].equals("run")) {
            System.getProperties().putIfAbsent("eridanus.log", "WARN");
        }
        if (args.length > 0 && args[0].equals("prove")) {
            // Clients warn of each second that the broker is away, and a proof stops it on purpose.
            System.getProperties().putIfAbsent("eridanus.log.others", "ERROR");
        }
        int code = 1;
        try {
            code = commandLine().execute(args);
        } catch (Error e) {
            // Threads of the broker would keep a process alive that has nothing left to do.
            e.printStackTrace();
        }
        System.exit(code);
    }

    /** The command line with all its commands, ready to execute. */
    static CommandLine commandLine() {
        return new CommandLine(new Eridanus())
                .addSubcommand(BenchmarkCommand.commandLine())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof ConfigException) {
                        commandLine.getErr().println("eridanus: the configuration cannot be used:");
                        commandLine.getErr().println(e.getMessage());
                        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
                    }
                    if (isForPeople(e)) {
                        commandLine.getErr().println("eridanus: " + e.getMessage());
                    } else {
                        e.printStackTrace(commandLine.getErr());
                    }
                    return commandLine.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    /** Whether an exception says all there is to say, as those do that a package of ours declares. */
    private static boolean isForPeople(Exception e) {
        return e.getClass().getName().startsWith("org.eridanus.") || e instanceof KafkaException;
    }

    /** The version the build has written into the class path. */
    static final class Version implements IVersionProvider {
        private static final String RESOURCE = "/eridanus-version.properties";

        @Override
        public String[] getVersion() {
            Properties properties = new Properties();
            try (InputStream in = Eridanus.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException(RESOURCE + " is missing from the class path: build again");
                }
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + RESOURCE, e);
            }
            return new String[] {"Eridanus " + properties.getProperty("version")};
        }
    }
}

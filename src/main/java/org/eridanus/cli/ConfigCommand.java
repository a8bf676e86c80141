package org.eridanus.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eridanus.config.ConfigReference;
import org.eridanus.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eridanus config}: what can be configured, whether a file is right, and what is in effect. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Check and show the configuration.",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class, ConfigCommand.Reference.class},
        footer = {
            "",
            "Examples:",
            "  eridanus config check eridanus.yaml",
            "  ERIDANUS_KAFKA_THREADS=2 eridanus config show --config eridanus.yaml",
            "  eridanus config reference",
            "",
            "Exit code: 0 done, 2 wrong usage or configuration."
        })
final class ConfigCommand extends CommandGroup {
    /** {@code config check}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Check a file, with the environment variables that are set here.",
            footer = {
                "",
                "Example:",
                "  eridanus config check eridanus.yaml",
                "",
                "Exit code: 0 it can be used, 2 it cannot."
            })
    static final class Check implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The configuration.")
        private Path file = Path.of("eridanus.yaml");

        @Override
        public Integer call() {
            Configuration configuration = Configuration.load(file, System.getenv());
            configuration
                    .warnings()
                    .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
            spec.commandLine().getOut().println(file + " can be used");
            return 0;
        }
    }

    /** {@code config show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show the value of every setting and where it comes from, as YAML; secrets are masked.",
            footer = {
                "",
                "Example:",
                "  ERIDANUS_KAFKA_THREADS=2 eridanus config show --config eridanus.yaml",
                "",
                "Exit code: 0 done, 2 wrong usage or configuration."
            })
    static final class Show implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Override
        public Integer call() {
            spec.commandLine().getOut().print(config.load().show());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }

    /** {@code config reference}. */
    @Command(
            name = "reference",
            mixinStandardHelpOptions = true,
            description = "List all settings, as a table in Markdown.",
            footer = {"", "Example:", "  eridanus config reference", "", "Exit code: 0 done."})
    static final class Reference implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            spec.commandLine().getOut().print(ConfigReference.markdown());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}

package org.eridanus.cli;

import picocli.CommandLine.Command;

/** {@code eridanus experiment}: names the experiments, and hands over to one. None of them needs Kafka. */
@Command(
        name = "experiment",
        mixinStandardHelpOptions = true,
        description = "Judge the model and its baselines on a data set, without Kafka.",
        subcommands = {
            LeaveOneOutCommand.class,
            PrequentialCommand.class,
            FreshnessCommand.class,
            AblationCommand.class,
            TravelCommand.class,
            PaperCommand.class
        },
        footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage."})
final class ExperimentCommand extends CommandGroup {
    ExperimentCommand() {
        super("an experiment");
    }
}

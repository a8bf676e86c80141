package org.eridanus.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
        })
final class ExperimentCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "an experiment is required");
    }
}

package org.eridanus.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus prove}: names what can be proved on the user's own machine, and hands over to one proof. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = "Prove here what Eridanus promises.",
        subcommands = {RecoveryCommand.class, UpgradeCommand.class, SoakCommand.class, BrokerCommand.class})
final class ProveCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a proof is required");
    }
}

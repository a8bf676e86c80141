package org.eridanus.cli;

import picocli.CommandLine.Command;

/** {@code eridanus prove}: names what can be proved on the user's own machine, and hands over to one proof. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = "Prove here what Eridanus promises.",
        subcommands = {RecoveryCommand.class, UpgradeCommand.class, SoakCommand.class, BrokerCommand.class})
final class ProveCommand extends CommandGroup {
    ProveCommand() {
        super("a proof");
    }
}

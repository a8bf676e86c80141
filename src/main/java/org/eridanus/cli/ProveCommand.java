package org.eridanus.cli;

import picocli.CommandLine.Command;

/** {@code eridanus prove}: names what can be proved on the user's own machine, and hands over to one proof. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = "Prove here what Eridanus promises.",
        subcommands = {RecoveryCommand.class, UpgradeCommand.class, SoakCommand.class, BrokerCommand.class},
        footer = {"", "Exit code: 0 proved, 1 not proved or failed, 2 wrong usage."})
final class ProveCommand extends CommandGroup {
    ProveCommand() {
        super("a proof");
    }
}

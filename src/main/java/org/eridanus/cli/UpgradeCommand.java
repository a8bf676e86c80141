package org.eridanus.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus prove upgrade}: replaces one version by another while events flow, and says what came of it. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        description =
                "Run two instances of one version against a broker of its own, replace each by another version while events"
                        + " flow, and account for every event.",
        footer = {
            "",
            "Examples:",
            "  eridanus prove upgrade --from /opt/eridanus-0.1.0/eridanus",
            "  eridanus prove upgrade --from old/eridanus --to new/eridanus --rate 200 --report upgrade.json",
            "",
            "Exit code: 0 proved, 1 not proved or failed, 2 wrong usage."
        })
final class UpgradeCommand implements Callable<Integer> {
    private static final String HOME = "eridanus.home";

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private ProofOptions proof = new ProofOptions();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "LAUNCHER",
            description = "The file eridanus of an unpacked release, or of a folder of sources, of the version before.")
    private Path from = Path.of("");

    @Option(names = "--to", paramLabel = "LAUNCHER", description = "The same of the version after (default: this one).")
    private @Nullable Path to;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Events a second that flow meanwhile (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Override
    public Integer call() {
        Path after = after();
        UpgradeProof.Settings settings = proof.settings(
                () -> new UpgradeProof.Settings(from.toAbsolutePath(), after.toAbsolutePath(), rate, proof.seed()));
        return proof.prove((folder, screen, check) -> new UpgradeProof(settings, folder, screen, check).run());
    }

    private Path after() {
        if (to != null) {
            return to;
        }
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new ParameterException(
                    spec.commandLine(), "--to must be given where Eridanus was not started by its launcher");
        }
        return Path.of(home, "eridanus");
    }
}

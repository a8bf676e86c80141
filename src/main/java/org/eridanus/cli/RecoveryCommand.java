package org.eridanus.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eridanus prove recovery}: kills the pipeline again and again, and accounts for every event. */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        description =
                "Kill the pipeline (SIGKILL) at random moments while events flow, stop and start the broker as well, lose the"
                        + " stores, and prove that nothing was lost, nothing doubled, and that the model is byte by byte the one of a"
                        + " trainer that nobody disturbed.",
        footer = {
            "",
            "Examples:",
            "  eridanus prove recovery --kills 20 --events 10000 --report recovery.json",
            "  eridanus prove recovery --kills 20 --preset paper --seed 7",
            "",
            "Exit code: 0 proved, 1 not so or failed, 2 wrong usage."
        })
final class RecoveryCommand implements Callable<Integer> {
    @Mixin
    private ProofOptions proof = new ProofOptions();

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often the pipeline is killed (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--events",
            paramLabel = "M",
            defaultValue = "4000",
            description = "Events that flow meanwhile (default: ${DEFAULT-VALUE}).")
    private int events;

    @Mixin
    private final PresetOption preset = new PresetOption();

    @Option(
            names = "--broker-away",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long the broker is away each time it is stopped (default: ${DEFAULT-VALUE}).")
    private int brokerAway;

    @Override
    public Integer call() {
        RecoveryProof.Settings settings = proof.settings(
                () -> new RecoveryProof.Settings(kills, events, proof.seed(), preset.settings(), brokerAway));
        return proof.prove((folder, screen, check) -> new RecoveryProof(settings, folder, screen, check).run());
    }
}

package org.eridanus.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eridanus prove soak}: very many events, and neither memory nor disk that grows. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description =
                "Send very many events of users and items that come and go through the whole pipeline in one process,"
                        + " measure memory and disk on the way, and prove that neither grows after the first half and that"
                        + " every event is accounted for.",
        footer = {
            "",
            "Examples:",
            "  eridanus prove soak --report soak.json",
            "  eridanus prove soak --events 5000000 --seed 7 --data-dir soak --report soak.json",
            "",
            "The report's charts go to a file beside it that ends with .html.",
            "",
            "Exit code: 0 proved, 1 not so or failed, 2 wrong usage."
        })
final class SoakCommand implements Callable<Integer> {
    @Mixin
    private ProofOptions proof = new ProofOptions();

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Interactions (default: ${DEFAULT-VALUE}).")
    private long events;

    @Mixin
    private final PresetOption preset = new PresetOption();

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Users that are there at a time; twice as many are kept (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Items on sale at a time; a quarter more are kept (default: ${DEFAULT-VALUE}).")
    private int items;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Positive events that the trainer remembers (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "Share that anything measured may grow in the second half (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Override
    public Integer call() {
        SoakProof.Settings settings = proof.settings(
                () -> new SoakProof.Settings(events, proof.seed(), preset.settings(), users, items, window, tolerance));
        return proof.prove((folder, screen, check) -> new SoakProof(settings, folder, screen, check).run());
    }
}

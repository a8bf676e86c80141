package org.eridanus.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.eridanus.experiment.PaperExperiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eridanus experiment paper}. */
@Command(
        name = "paper",
        mixinStandardHelpOptions = true,
        description = "Run the paper's experiments again; an interrupted run goes on where it was.",
        footer = {
            "",
            "Examples:",
            "  eridanus experiment paper --data movielens --quick",
            "  eridanus experiment paper --data movielens --seeds 1 --report reports/paper.json",
            "",
            "Exit code: 0 done, 1 failed, 2 wrong usage."
        })
final class PaperCommand implements Callable<Integer> {
    private static final Path REPORT = Path.of("reports", "paper.json");

    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Option(names = "--quick", description = "A few points of each figure and table, one seed, few epochs.")
    private boolean quick;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Rounds over the data (default: " + PaperExperiment.EPOCHS + ", with --quick "
                    + PaperExperiment.QUICK_EPOCHS + ").")
    private int epochs;

    @Override
    public Integer call() {
        if (epochs < 0 || epochs > 1_000) {
            throw options.usage("--epochs must be 1 to 1000, got " + epochs);
        }
        Screen screen = Screen.standard(System.getenv());
        Path asked = options.report();
        Path report = asked == null ? REPORT : asked;
        int rounds = epochs > 0 ? epochs : quick ? PaperExperiment.QUICK_EPOCHS : PaperExperiment.EPOCHS;
        PaperExperiment.run(
                        options.log(screen),
                        quick,
                        options.seeds(),
                        rounds,
                        options.threads(),
                        report,
                        ExperimentOptions.progress(screen))
                .forEach(finding -> {
                    screen.clear();
                    screen.line(finding);
                });
        screen.line("written: " + report + ", and beside it a page (.html) and a table (.csv)");
        return 0;
    }
}

package org.eridanus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.eridanus.experiment.Ablation;
import org.eridanus.experiment.ComparisonReport;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.MethodResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eridanus experiment ablation}. */
@Command(
        name = "ablation",
        mixinStandardHelpOptions = true,
        description =
                "Show what each part of the default preset is worth: its prequential accuracy without one part at a"
                        + " time, and the difference with its interval; or what forms of its tower are worth.",
        footer = {
            "",
            "Examples:",
            "  eridanus experiment ablation --data movielens --report parts.json",
            "  eridanus experiment ablation --data movielens --towers --seeds 1",
            "",
            "Exit code: 0 done, 1 failed, 2 wrong usage."
        })
final class AblationCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Option(
            names = "--towers",
            description = "Compare the association term alone with the default's tower and with others instead.")
    private boolean towers;

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        InteractionLog log = options.log(screen);
        List<MethodResult> results =
                options.comparison(log, screen).prequential(towers ? Ablation.towers() : Ablation.methods());
        String what = towers ? "towers, prequential" : "ablation, prequential";
        ComparisonReport report = new ComparisonReport(log, what, results, options.environment());
        List<String> lines = new ArrayList<>(report.table());
        lines.addAll(report.differenceTable());
        options.tell(screen, lines, report::write);
        return 0;
    }
}

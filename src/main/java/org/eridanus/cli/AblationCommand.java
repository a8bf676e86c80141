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

/** {@code eridanus experiment ablation}. */
@Command(
        name = "ablation",
        mixinStandardHelpOptions = true,
        description =
                "Show what each part of the default preset is worth: its prequential accuracy without one part at a"
                        + " time, and the difference with its interval.")
final class AblationCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        InteractionLog log = options.log(screen);
        List<MethodResult> results = options.comparison(log, screen).prequential(Ablation.methods());
        ComparisonReport report = new ComparisonReport(log, "ablation, prequential", results, options.environment());
        List<String> lines = new ArrayList<>(report.table());
        lines.addAll(report.differenceTable());
        options.tell(screen, lines, report::write);
        return 0;
    }
}

package org.eridanus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.eridanus.experiment.Ablation;
import org.eridanus.experiment.ComparisonReport;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.Method;
import org.eridanus.experiment.MethodResult;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eridanus experiment ablation}. */
@Command(
        name = "ablation",
        mixinStandardHelpOptions = true,
        description =
                "Show what each part of the default preset is worth: its prequential accuracy without one part at a"
                        + " time, and the difference with its interval; or what forms of its tower are worth, or what keeps"
                        + " the paper's form back in the stream.",
        footer = {
            "",
            "Examples:",
            "  eridanus experiment ablation --data movielens --report parts.json",
            "  eridanus experiment ablation --data movielens --towers --seeds 1",
            "  eridanus experiment ablation --data movielens --paper --seeds 1 --events 20000",
            "",
            "Exit code: 0 done, 1 failed, 2 wrong usage."
        })
final class AblationCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @ArgGroup
    private Instead instead = new Instead();

    /** What to compare instead of the default preset's parts, one of both at most. */
    private static final class Instead {
        @Option(
                names = "--towers",
                description = "Compare the association term alone with the default's tower and with others instead.")
        private boolean towers;

        @Option(
                names = "--paper",
                description =
                        "Compare the preset paper with the same of other initial weights, steps, loss and depth instead.")
        private boolean paper;

        private List<Method> methods() {
            return towers ? Ablation.towers() : paper ? Ablation.paper() : Ablation.methods();
        }

        private String what() {
            return towers ? "towers" : paper ? "the paper's form" : "ablation";
        }
    }

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        InteractionLog log = options.log(screen);
        List<MethodResult> results = options.comparison(log, screen).prequential(instead.methods());
        ComparisonReport report =
                new ComparisonReport(log, instead.what() + ", prequential", results, options.environment());
        List<String> lines = new ArrayList<>(report.table());
        lines.addAll(report.differenceTable());
        options.tell(screen, lines, report::write);
        return 0;
    }
}

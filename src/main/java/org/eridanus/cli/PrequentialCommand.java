package org.eridanus.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.eridanus.experiment.ComparisonReport;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.Method;
import org.eridanus.experiment.MethodResult;
import org.eridanus.experiment.Methods;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code eridanus experiment prequential}. */
@Command(
        name = "prequential",
        mixinStandardHelpOptions = true,
        description = "Replay a data set: rank each event's item among all that its user has not consumed, then learn.",
        footer = {
            "",
            "Examples:",
            "  eridanus experiment prequential --data movielens --report preq.json",
            "  eridanus experiment prequential --data ml-100k --methods dan-online,sequential-rules --seeds 1",
            "",
            "Exit code: 0 done, 1 failed, 2 wrong usage."
        })
final class PrequentialCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Mixin
    private final MethodsOption methods = new MethodsOption();

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        InteractionLog log = options.log(screen);
        List<Method> chosen = methods.of(log, Methods::online, screen);
        List<MethodResult> results = options.comparison(log, screen).prequential(chosen);
        ComparisonReport report = new ComparisonReport(log, "prequential", results, options.environment());
        options.tell(screen, report.table(), report::write);
        return 0;
    }
}

package org.eridanus.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.eridanus.experiment.Comparison;
import org.eridanus.experiment.ComparisonReport;
import org.eridanus.experiment.Environment;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.Method;
import org.eridanus.experiment.MethodResult;
import org.eridanus.experiment.Methods;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eridanus experiment prequential}. */
@Command(
        name = "prequential",
        mixinStandardHelpOptions = true,
        description = "Replay a data set: rank each event's item among all that its user has not consumed, then learn.")
final class PrequentialCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Option(
            names = "--methods",
            paramLabel = "NAME",
            split = ",",
            description = "The methods, parted by commas; the first is compared with each of the others"
                    + " (default: all that fit).")
    private List<String> methods = List.of();

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        InteractionLog log = options.log(screen);
        if (methods.isEmpty()) {
            Methods.leftOut(log).ifPresent(screen::line);
        }
        List<Method> chosen = options.methods(methods, () -> Methods.online(log));
        List<MethodResult> results = new Comparison(
                        log, options.seeds(), options.threads(), ExperimentOptions.progress(screen))
                .prequential(chosen);
        screen.clear();
        ComparisonReport report =
                new ComparisonReport(log, "prequential", results, Environment.current(options.threads()));
        report.table().forEach(screen::line);
        Path file = options.report();
        if (file != null) {
            report.write(file);
        }
        return 0;
    }
}

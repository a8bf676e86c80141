package org.eridanus.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.Protocol;
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

/** {@code eridanus experiment leave-one-out}. */
@Command(
        name = "leave-one-out",
        mixinStandardHelpOptions = true,
        description = "Hold out each user's last interaction, learn from the others, and rank it.")
final class LeaveOneOutCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Option(
            names = "--protocols",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "p20,p99,full",
            description = "Candidates: p20, p99 (so many random others) or full (default: ${DEFAULT-VALUE}).")
    private List<String> protocols = List.of();

    @Option(
            names = "--held",
            paramLabel = "WHICH",
            defaultValue = "test",
            description = "test: the last interaction; validation: the one before it, to choose settings by"
                    + " (default: ${DEFAULT-VALUE}).")
    private String held = "test";

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
        LeaveOneOut.Held which = held();
        List<Protocol> chosen = protocols.stream().map(this::protocol).toList();
        List<Method> compared = options.methods(methods, () -> Methods.all(log));
        List<MethodResult> results = new Comparison(
                        log, options.seeds(), options.threads(), ExperimentOptions.progress(screen))
                .leaveOneOut(compared, which, chosen);
        screen.clear();
        ComparisonReport report =
                new ComparisonReport(log, "leave-one-out, " + held, results, Environment.current(options.threads()));
        report.table().forEach(screen::line);
        Path file = options.report();
        if (file != null) {
            report.write(file);
        }
        return 0;
    }

    private Protocol protocol(String label) {
        try {
            return Protocol.labelled(label);
        } catch (IllegalArgumentException e) {
            throw options.usage("--protocols: " + e.getMessage());
        }
    }

    private LeaveOneOut.Held held() {
        return switch (held) {
            case "test" -> LeaveOneOut.Held.TEST;
            case "validation" -> LeaveOneOut.Held.VALIDATION;
            default -> throw options.usage("--held must be test or validation, got '" + held + "'");
        };
    }
}

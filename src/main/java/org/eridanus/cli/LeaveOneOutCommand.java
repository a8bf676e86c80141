package org.eridanus.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.Protocol;
import org.eridanus.experiment.ComparisonReport;
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
        description = "Hold out each user's last interaction, learn from the others, and rank it.",
        footer = {
            "",
            "Examples:",
            "  eridanus experiment leave-one-out --data movielens --report loo.json",
            "  eridanus experiment leave-one-out --data ml-100k --methods ease,ials --protocols full --seeds 1",
            "",
            "Exit code: 0 done, 1 failed, 2 wrong usage."
        })
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

    @Mixin
    private final MethodsOption methods = new MethodsOption();

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        InteractionLog log = options.log(screen);
        List<Method> compared = methods.of(log, Methods::all, screen);
        LeaveOneOut.Held which = held();
        List<Protocol> chosen = protocols.stream().map(this::protocol).toList();
        List<MethodResult> results = options.comparison(log, screen).leaveOneOut(compared, which, chosen);
        ComparisonReport report = new ComparisonReport(log, "leave-one-out, " + held, results, options.environment());
        options.tell(screen, report.table(), report::write);
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

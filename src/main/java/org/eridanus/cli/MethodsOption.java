package org.eridanus.cli;

import java.util.List;
import java.util.function.Function;
import org.eridanus.experiment.ExperimentException;
import org.eridanus.experiment.InteractionLog;
import org.eridanus.experiment.Method;
import org.eridanus.experiment.Methods;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which methods an experiment compares. */
final class MethodsOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // injected by picocli before the command runs
    private CommandSpec command;

    @Option(
            names = "--methods",
            paramLabel = "NAME",
            split = ",",
            description = "The methods, parted by commas; the first is compared with each of the others"
                    + " (default: all that fit).")
    private List<String> names = List.of();

    /**
     * The methods of these names; a name of none is wrong usage, and so is a method that does not fit into the heap.
     *
     * @param fitting those that are meant where none is named
     * @param screen is told what is left out then
     */
    List<Method> of(InteractionLog log, Function<InteractionLog, List<Method>> fitting, Screen screen) {
        if (names.isEmpty()) {
            Methods.leftOut(log).forEach(screen::line);
            return fitting.apply(log);
        }
        try {
            return Methods.fitting(Methods.named(names), log);
        } catch (ExperimentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}

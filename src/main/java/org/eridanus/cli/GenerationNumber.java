package org.eridanus.cli;

import org.eridanus.model.Generation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The generation that a command is about, by its number. */
final class GenerationNumber {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // injected by picocli before the command's call()
    private CommandSpec command;

    @Parameters(paramLabel = "GENERATION", description = "Its number.")
    private int number;

    /** The generation; a number that none can have is wrong usage. */
    Generation generation() {
        try {
            return new Generation(number);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}

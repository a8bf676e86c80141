package org.eridanus.cli;

import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which model a command is about. */
final class PresetOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // injected by picocli before the command runs
    private CommandSpec command;

    @Option(
            names = "--preset",
            paramLabel = "PRESET",
            defaultValue = "online",
            description = "online, association or paper (default: ${DEFAULT-VALUE}).")
    private String name = "online";

    /** The preset with its schema; a name of none is wrong usage. */
    ModelDefinition definition() {
        return ModelDefinition.of(settings());
    }

    /** The preset; a name of none is wrong usage. */
    ModelSettings settings() {
        try {
            return Presets.named(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}

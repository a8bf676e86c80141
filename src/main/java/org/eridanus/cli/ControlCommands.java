package org.eridanus.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.eridanus.config.Configuration;
import org.eridanus.event.ControlCommand;
import org.eridanus.event.Coordinate;
import org.eridanus.event.EventRules;
import org.eridanus.event.Validated;
import org.eridanus.serde.EventJson;
import org.eridanus.topic.Topics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus model freeze} and {@code resume}: a word to the trainer, by way of the topic {@code model-control}. */
abstract class ControlCommands implements Callable<Integer> {
    private final ControlCommand.Action action;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the log.")
    private String reason = "";

    private ControlCommands(ControlCommand.Action action) {
        this.action = action;
    }

    @Override
    public Integer call() {
        String word = action.name().toLowerCase(Locale.ROOT);
        Validated<ControlCommand> command = EventRules.command(word, reason);
        if (command instanceof Validated.Rejected<ControlCommand> rejected) {
            throw new ParameterException(
                    spec.commandLine(), "--reason: " + rejected.rejection().detail());
        }
        Configuration configuration = config.load();
        try (EventPublisher publisher = new EventPublisher(
                configuration.streams().producerConfig(), configuration.topics().names())) {
            Coordinate at = publisher.ask(
                    Topics.MODEL_CONTROL, word, EventJson.command(((Validated.Valid<ControlCommand>) command).value()));
            PrintWriter out = spec.commandLine().getOut();
            out.println(word + " stands at " + configuration.topics().names().of(Topics.MODEL_CONTROL) + "-"
                    + at.partition() + "@" + at.offset()
                    + "; the trainer obeys when it reads it, as eridanus_training_frozen shows");
            out.flush();
        }
        return 0;
    }

    /** {@code model freeze}. */
    @Command(
            name = "freeze",
            mixinStandardHelpOptions = true,
            description = "Stop learning and publishing at the current version. Scoring goes on, and events that come"
                    + " meanwhile are tested, but never learned.",
            footer = {
                "",
                "Example:",
                "  eridanus model freeze --reason 'catalogue import' --config eridanus.yaml",
                "",
                "Exit code: 0 told, 1 Kafka did not answer, 2 wrong usage or configuration."
            })
    static final class Freeze extends ControlCommands {
        Freeze() {
            super(ControlCommand.Action.FREEZE);
        }
    }

    /** {@code model resume}. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Learn again, from the events that follow.",
            footer = {
                "",
                "Example:",
                "  eridanus model resume --config eridanus.yaml",
                "",
                "Exit code: 0 told, 1 Kafka did not answer, 2 wrong usage or configuration."
            })
    static final class Resume extends ControlCommands {
        Resume() {
            super(ControlCommand.Action.RESUME);
        }
    }
}

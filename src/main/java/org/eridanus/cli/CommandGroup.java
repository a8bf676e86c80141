package org.eridanus.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that has to be followed by one of its own. */
abstract class CommandGroup implements Runnable {
    private final String member;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    /** A group of commands. */
    CommandGroup() {
        this("a command");
    }

    /**
     * A group.
     *
     * @param member what has to follow, for people
     */
    CommandGroup(String member) {
        this.member = member;
    }

    /** Says that a command is missing, which is wrong usage. */
    @Override
    public final void run() {
        throw new ParameterException(spec.commandLine(), member + " is required");
    }
}

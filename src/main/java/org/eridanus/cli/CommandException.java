package org.eridanus.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A command that cannot go on; the message is for people. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A file that is to be read, and cannot be. */
    static CommandException unreadable(Path file, IOException cause) {
        return new CommandException(file + " cannot be read: " + cause + "; name another one", cause);
    }

    /** A file that is to be written, and cannot be. */
    static CommandException unwritable(Path file, IOException cause) {
        return new CommandException(file + " cannot be written: " + cause + "; name another one", cause);
    }
}

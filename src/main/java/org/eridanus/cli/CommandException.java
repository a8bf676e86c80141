package org.eridanus.cli;

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
}

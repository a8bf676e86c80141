package org.eridanus.cli;

import org.jspecify.annotations.Nullable;

/** A demo that cannot go on; the message is for people. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

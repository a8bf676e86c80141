package org.eridanus.experiment;

import org.jspecify.annotations.Nullable;

/** An experiment that cannot be run, or a report that cannot be written; the message is for people. */
public final class ExperimentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception for people to read. */
    public ExperimentException(String message) {
        this(message, null);
    }

    /** The same, with what led to it. */
    public ExperimentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

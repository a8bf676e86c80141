package org.eridanus.dataset;

import org.jspecify.annotations.Nullable;

/**
 * A data set that cannot be used: a folder that is not there, a file that is incomplete, a row that breaks a rule.
 * The message names the rule, the place, the value and the remedy.
 */
public final class DatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception for people to read: {@code message} is shown as it is. */
    public DatasetException(String message) {
        this(message, null);
    }

    /** The same, with what led to it. */
    public DatasetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package org.eridanus.topic;

import org.jspecify.annotations.Nullable;

/**
 * The topics cannot be as their files say: a file breaks a rule, a topic that exists contradicts it, or the cluster
 * refuses. The message gives the rule, the value and the remedy.
 */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicException(String message) {
        super(message);
    }

    TopicException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

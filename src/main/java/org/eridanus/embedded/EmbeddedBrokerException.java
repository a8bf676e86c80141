package org.eridanus.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The embedded broker cannot start: its data folder or its port is in use, or Kafka gave up. The message gives the
 * rule, the value and the remedy.
 */
public final class EmbeddedBrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedBrokerException(String message) {
        super(message);
    }

    EmbeddedBrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

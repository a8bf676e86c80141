package org.eridanus.server;

/** The server cannot start. The message gives the rule, the value and the remedy. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.eridanus.stream;

import org.jspecify.annotations.Nullable;

/** A role cannot start, or has stopped. The message names the role, what happened, and the remedy. */
public final class RoleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    RoleException(Role role, String reason, @Nullable Throwable cause) {
        super("role " + role.label() + ": " + reason, cause);
        this.reason = reason;
    }

    RoleException(Role role, String reason) {
        this(role, reason, null);
    }

    /** The message without the role. */
    public String reason() {
        return reason;
    }
}

package org.eridanus.config;

import java.util.List;

/** A configuration that cannot be used. The message lists every problem: where it is, the rule, the value, the remedy. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(List<String> problems) {
        super(String.join("\n", problems));
    }

    ConfigException(String problem, Throwable cause) {
        super(problem, cause);
    }
}

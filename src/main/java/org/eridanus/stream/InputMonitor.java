package org.eridanus.stream;

import org.eridanus.event.Rejection;

/**
 * What a role has to say of the records that people send it.
 *
 * <p>Threading: called by all stream threads.
 */
public interface InputMonitor {
    /** A record of {@code topic} keeps every rule. */
    default void accepted(String topic) {}

    /** A record of {@code topic} went to the dead letters. */
    default void rejected(String topic, Rejection.Reason reason) {}
}

package org.eridanus.stream;

import org.apache.kafka.streams.errors.ErrorHandlerContext;

/**
 * A record of an internal topic cannot be read or processed: a bug, another version's bytes, or settings that do not
 * fit what is stored. The message names topic, partition and offset.
 */
public final class RecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RecordException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The failure of a record. */
    static RecordException of(String verb, ErrorHandlerContext context, Throwable cause) {
        String node = context.processorNodeId();
        return new RecordException(
                "cannot " + verb + " record " + context.topic() + "-" + context.partition() + "@" + context.offset()
                        + (node == null ? "" : " in " + node) + ": " + cause,
                cause);
    }
}

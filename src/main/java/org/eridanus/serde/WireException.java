package org.eridanus.serde;

import org.apache.kafka.common.errors.SerializationException;

/** Bytes of an internal topic or store that are not what their format says; the message names what was found. */
public final class WireException extends SerializationException {
    private static final long serialVersionUID = 1L;

    /** An exception with this message. */
    public WireException(String message) {
        super(message);
    }
}

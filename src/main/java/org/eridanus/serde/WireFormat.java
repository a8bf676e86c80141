package org.eridanus.serde;

/**
 * A versioned binary form of one type. A value has exactly one encoding, and what was decoded encodes to the
 * same bytes again.
 *
 * @param <T> the type
 */
public interface WireFormat<T> {
    /** The bytes of a value. */
    byte[] encode(T value);

    /**
     * The value of bytes.
     *
     * @throws WireException if they are of an unknown version or type, cut short, too long or otherwise not
     *     what {@link #encode} writes
     */
    T decode(byte[] bytes);
}

package org.eridanus.serde;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes the primitives of which all binary forms are made. Integers of variable length hold seven bits a byte,
 * the lowest first, the high bit meaning that more follow; signed ones are zigzag-coded before. Numbers of fixed
 * length are big-endian. A text is its length in UTF-8 bytes, then the bytes; a list is its size, then its
 * elements.
 *
 * <p>Limits are checked here as they are in {@link WireReader}: what could not be read again is never written.
 *
 * <p>Threading: not safe for use by several threads; formats make one for each value.
 */
public final class WireWriter {
    /** Longest text, in UTF-8 bytes. */
    public static final int MAX_TEXT_BYTES = 4_096;

    private final String what;
    private byte[] bytes;
    private int length;

    /**
     * A writer for one value.
     *
     * @param what name of the format, for messages
     * @param expectedLength first size of the buffer; it grows as needed
     */
    public WireWriter(String what, int expectedLength) {
        this.what = what;
        this.bytes = new byte[Math.max(16, expectedLength)];
    }

    /** What was written so far, copied. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** One byte. */
    public void putByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    /** An int that is never negative, in variable length. */
    public void putVarInt(int value) {
        if (value < 0) {
            throw new WireException(what + ": a size or count must not be negative, got " + value);
        }
        putUnsigned(value);
    }

    /** A long that is never negative, in variable length. */
    public void putVarLong(long value) {
        if (value < 0) {
            throw new WireException(what + ": an offset or count must not be negative, got " + value);
        }
        putUnsigned(value);
    }

    /** Any long, zigzag-coded in variable length. */
    public void putSigned(long value) {
        putUnsigned((value << 1) ^ (value >> 63));
    }

    private void putUnsigned(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** A long of eight bytes. */
    public void putLong(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** An int of four bytes. */
    public void putInt(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** A double of eight bytes. */
    public void putDouble(double value) {
        putLong(Double.doubleToRawLongBits(value));
    }

    /** A float of four bytes. */
    public void putFloat(float value) {
        putInt(Float.floatToRawIntBits(value));
    }

    /** Floats of four bytes each, after their number. */
    public void putFloats(float[] values, int max) {
        putCount(values.length, max);
        room(4 * values.length);
        for (float value : values) {
            int bits = Float.floatToRawIntBits(value);
            bytes[length] = (byte) (bits >>> 24);
            bytes[length + 1] = (byte) (bits >>> 16);
            bytes[length + 2] = (byte) (bits >>> 8);
            bytes[length + 3] = (byte) bits;
            length += 4;
        }
    }

    /** The size of a list that follows. */
    public void putCount(int count, int max) {
        if (count > max) {
            throw new WireException(what + ": a list holds at most " + max + " elements, got " + count);
        }
        putVarInt(count);
    }

    /** A text. */
    public void putText(String text) {
        int units = text.length();
        if (units > MAX_TEXT_BYTES) {
            throw tooLong(units);
        }
        // An ASCII text, nearly every one, is as long in bytes as in units, so that its length goes before it at once.
        room(3 + 3 * units);
        int start = length;
        putUnsigned(units);
        int i = 0;
        byte[] to = bytes;
        int at = length;
        while (i < units) {
            char unit = text.charAt(i);
            if (unit >= 0x80) {
                break;
            }
            to[at++] = (byte) unit;
            i++;
        }
        length = at;
        if (i < units) {
            length = start;
            putUtf8(text);
        }
    }

    private void putUtf8(String text) {
        byte[] utf8 = new byte[3 * text.length()];
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit < 0x80) {
                utf8[n++] = (byte) unit;
            } else if (unit < 0x800) {
                utf8[n++] = (byte) (0xc0 | (unit >> 6));
                utf8[n++] = (byte) (0x80 | (unit & 0x3f));
            } else if (!Character.isSurrogate(unit)) {
                utf8[n++] = (byte) (0xe0 | (unit >> 12));
                utf8[n++] = (byte) (0x80 | ((unit >> 6) & 0x3f));
                utf8[n++] = (byte) (0x80 | (unit & 0x3f));
            } else {
                if (!Character.isHighSurrogate(unit)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new WireException(what + ": half of a surrogate pair at " + i + " of a text is not Unicode");
                }
                int point = Character.toCodePoint(unit, text.charAt(++i));
                utf8[n++] = (byte) (0xf0 | (point >> 18));
                utf8[n++] = (byte) (0x80 | ((point >> 12) & 0x3f));
                utf8[n++] = (byte) (0x80 | ((point >> 6) & 0x3f));
                utf8[n++] = (byte) (0x80 | (point & 0x3f));
            }
        }
        if (n > MAX_TEXT_BYTES) {
            throw tooLong(n);
        }
        room(3 + n);
        putUnsigned(n);
        System.arraycopy(utf8, 0, bytes, length, n);
        length += n;
    }

    private WireException tooLong(int size) {
        return new WireException(what + ": a text is at most " + MAX_TEXT_BYTES + " bytes long, got " + size);
    }

    /** A list of texts. */
    public void putTexts(List<String> texts, int max) {
        putCount(texts.size(), max);
        for (int i = 0; i < texts.size(); i++) {
            putText(texts.get(i));
        }
    }

    /** Names with a list of texts each, in the order of the map. */
    public void putNamedTexts(Map<String, List<String>> named, int maxNames, int maxTexts) {
        putCount(named.size(), maxNames);
        named.forEach((name, texts) -> {
            putText(name);
            putTexts(texts, maxTexts);
        });
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}

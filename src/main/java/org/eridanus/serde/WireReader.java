package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Attributes;
import org.eridanus.event.Limits;

/**
 * Reads what {@link WireWriter} wrote. Every count and length is checked against its limit and against the
 * bytes that are left before anything is allocated; whatever is wrong is a {@link WireException} that says
 * what was found where.
 *
 * <p>Threading: not safe for use by several threads; formats make one for each value.
 */
public final class WireReader {
    private final String what;
    private final byte[] bytes;
    private int at;

    /**
     * A reader of one value.
     *
     * @param what name of the format, for messages
     * @param bytes the whole value, not copied
     */
    public WireReader(String what, byte[] bytes) {
        this.what = what;
        this.bytes = bytes;
    }

    /**
     * Reads the version byte.
     *
     * @param format name of the format that starts here: one may be embedded in another
     * @param supported the version that it has to be
     */
    public void version(String format, int supported) {
        int found = getByte();
        if (found != supported) {
            throw new WireException(format + ": version " + found + " found, version " + supported
                    + " expected: it was written by another version of Eridanus");
        }
    }

    /**
     * Reads the version byte.
     *
     * @param oldest the oldest version that can be read
     * @param newest the newest one
     * @return the version found
     */
    public int version(String format, int oldest, int newest) {
        int found = getByte();
        if (found < oldest || found > newest) {
            throw new WireException(format + ": version " + found + " found, versions " + oldest + " to " + newest
                    + " expected: it was written by another version of Eridanus");
        }
        return found;
    }

    /** One byte, 0..255. */
    public int getByte() {
        need(1);
        return bytes[at++] & 0xff;
    }

    /** An int that is never negative, in variable length. */
    public int getVarInt() {
        long value = getUnsigned();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw broken(
                    "a size or count of 0.." + Integer.MAX_VALUE + " expected, got " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /** A long that is never negative, in variable length. */
    public long getVarLong() {
        long value = getUnsigned();
        if (value < 0) {
            throw broken("an offset or count above " + Long.MAX_VALUE);
        }
        return value;
    }

    /** Any long, zigzag-coded in variable length. */
    public long getSigned() {
        long value = getUnsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    private long getUnsigned() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte next = bytes[at++];
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                if (next == 0 && shift > 0) {
                    throw broken("a number that is written longer than it needs to be");
                }
                return value;
            }
        }
        throw broken("a number of more than 64 bits");
    }

    /** A long of eight bytes. */
    public long getLong() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    /** An int of four bytes. */
    public int getInt() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    /** A double of eight bytes. */
    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    /** A float of four bytes. */
    public float getFloat() {
        return Float.intBitsToFloat(getInt());
    }

    /** Floats of four bytes each, after their number. */
    public float[] getFloats(int max) {
        float[] values = new float[getCount(max, 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = getFloat();
        }
        return values;
    }

    /**
     * The size of a list that follows.
     *
     * @param max most elements that the list may have
     * @param elementBytes fewest bytes that an element takes
     */
    public int getCount(int max, int elementBytes) {
        int count = getVarInt();
        if (count > max) {
            throw broken("a list of at most " + max + " elements expected, got " + count);
        }
        if ((long) count * elementBytes > bytes.length - at) {
            throw broken("a list of " + count + " elements in " + (bytes.length - at) + " bytes");
        }
        return count;
    }

    /** A text. */
    public String getText() {
        int size = getVarInt();
        if (size > WireWriter.MAX_TEXT_BYTES) {
            throw broken("a text of at most " + WireWriter.MAX_TEXT_BYTES + " bytes expected, got " + size);
        }
        need(size);
        int from = at;
        at += size;
        for (int i = from; i < at; i++) {
            if (bytes[i] < 0) {
                return utf8(from, size);
            }
        }
        return new String(bytes, from, size, ISO_8859_1);
    }

    private String utf8(int from, int size) {
        String text = new String(bytes, from, size, UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            try {
                return UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(bytes, from, size))
                        .toString();
            } catch (CharacterCodingException e) {
                throw broken("a text that is not UTF-8");
            }
        }
        return text;
    }

    /** A list of texts. */
    public List<String> getTexts(int max) {
        String[] texts = new String[getCount(max, 1)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = getText();
        }
        return List.of(texts);
    }

    /** Names with a list of texts each; the names must ascend, so that a value has one encoding. */
    public Map<String, List<String>> getNamedTexts(int maxNames, int maxTexts) {
        int names = getCount(maxNames, 2);
        TreeMap<String, List<String>> named = new TreeMap<>();
        for (int i = 0; i < names; i++) {
            String name = getText();
            if (!named.isEmpty() && named.lastKey().compareTo(name) >= 0) {
                throw broken("names in ascending order expected, got " + name + " after " + named.lastKey());
            }
            named.put(name, getTexts(maxTexts));
        }
        return named;
    }

    /** Attributes: named texts, of which none is without a value, so that they have one encoding. */
    public Attributes getAttributes() {
        Map<String, List<String>> named = getNamedTexts(Limits.ATTRIBUTES, Limits.ATTRIBUTE_VALUES);
        if (named.values().stream().anyMatch(List::isEmpty)) {
            throw broken("an attribute that has no value");
        }
        return new Attributes(named);
    }

    /** Checks that nothing is left. */
    public void end() {
        if (at != bytes.length) {
            throw broken((bytes.length - at) + " bytes are left after the end of the value");
        }
    }

    /** An exception that says where in which format reading stopped. */
    public WireException broken(String found) {
        return new WireException(what + ", byte " + at + " of " + bytes.length + ": " + found);
    }

    private void need(int more) {
        if (bytes.length - at < more) {
            throw broken("the value is cut short, " + more + " more bytes expected");
        }
    }
}

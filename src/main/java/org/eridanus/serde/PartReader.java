package org.eridanus.serde;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import org.eridanus.feature.Sha256;

/**
 * Reads what {@link PartWriter} wrote. Nothing is allocated that the bytes do not fill, and where there is a checksum,
 * nothing that was read is to be trusted before {@link #checksum} has passed.
 *
 * <p>Every method throws {@link DamagedException} at what was not written so, its end before its time included.
 *
 * <p>Threading: for one thread.
 */
public final class PartReader implements AutoCloseable {
    private final MessageDigest digest = Sha256.digest();
    private final InputStream raw;
    private final DataInputStream in;

    /** A reader of a stream, which it closes. */
    public PartReader(InputStream stream) {
        raw = new BufferedInputStream(stream);
        in = new DataInputStream(new DigestInputStream(raw, digest));
    }

    /** Whether these bytes come next; takes as many in any case. */
    public boolean starts(byte[] with) throws IOException {
        return Arrays.equals(in.readNBytes(with.length), with);
    }

    /** The next byte, 0 to 255. */
    public int one() throws IOException {
        try {
            return in.readUnsignedByte();
        } catch (EOFException e) {
            throw cutOff();
        }
    }

    /** The next four bytes, a count of this or less. */
    public int count(int most) throws IOException {
        int count;
        try {
            count = in.readInt();
        } catch (EOFException e) {
            throw cutOff();
        }
        if (count < 0 || count > most) {
            throw new DamagedException("a length or count of 0.." + most + " expected, got " + count);
        }
        return count;
    }

    /** The next eight bytes. */
    public long eight() throws IOException {
        try {
            return in.readLong();
        } catch (EOFException e) {
            throw cutOff();
        }
    }

    /** A length, this or less, and as many bytes. */
    public byte[] part(int most) throws IOException {
        return bytes(count(most));
    }

    /** So many bytes. */
    public byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw cutOff();
        }
        return bytes;
    }

    /** Whether nothing follows. */
    public boolean atEnd() throws IOException {
        return raw.read() < 0;
    }

    /** Checks that what was read is what was written, and that nothing follows. */
    public void checksum() throws IOException {
        byte[] computed = digest.digest();
        byte[] written = raw.readNBytes(computed.length);
        if (written.length < computed.length) {
            throw cutOff();
        }
        if (!Arrays.equals(written, computed) || !atEnd()) {
            throw new DamagedException("its checksum is not that of its content");
        }
    }

    private static DamagedException cutOff() {
        return new DamagedException("it is cut off");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package org.eridanus.serde;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.eridanus.feature.Sha256;

/**
 * Writes what {@link PartReader} reads: parts, each with its length in four bytes before it, and at the end, where the format
 * has it, the SHA-256 of everything.
 *
 * <p>Threading: for one thread.
 */
public final class PartWriter implements AutoCloseable {
    private final MessageDigest digest = Sha256.digest();
    private final OutputStream raw;
    private final DataOutputStream out;

    /** A writer of a stream, which it closes. */
    public PartWriter(OutputStream stream) {
        raw = new BufferedOutputStream(stream);
        out = new DataOutputStream(new DigestOutputStream(raw, digest));
    }

    /** Writes bytes as they are. */
    public void bytes(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Writes a byte. */
    public void one(int value) throws IOException {
        out.writeByte(value);
    }

    /** Writes four bytes. */
    public void four(int value) throws IOException {
        out.writeInt(value);
    }

    /** Writes eight bytes. */
    public void eight(long value) throws IOException {
        out.writeLong(value);
    }

    /** Writes a length and as many bytes. */
    public void part(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Writes the SHA-256 of everything, behind which nothing may come. */
    public void checksum() throws IOException {
        out.flush();
        raw.write(digest.digest());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

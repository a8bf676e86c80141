package org.eridanus.serde;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPOutputStream;
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

    /** What writes the parts of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes them. */
        void write(PartWriter out) throws IOException;
    }

    /**
     * Writes a file that only its owner may read; one that exists is replaced when all is written, and stays as it is if that
     * fails.
     */
    public static void file(Path file, Content content) throws IOException {
        replace(file, false, content);
    }

    /** The same, compressed by gzip. */
    public static void compressedFile(Path file, Content content) throws IOException {
        replace(file, true, content);
    }

    private static void replace(Path file, boolean compressed, Content content) throws IOException {
        // A temporary file of the JDK's making is its owner's alone, and stays so: snapshots hold users' histories.
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".part");
        try {
            try (OutputStream plain = Files.newOutputStream(part);
                    PartWriter out = new PartWriter(compressed ? new GZIPOutputStream(plain) : plain)) {
                content.write(out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
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

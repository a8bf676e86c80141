package org.eridanus.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A disk that can be full: a file system in memory, which only root may mount. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4 << 10;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one, or skips the test and says why.
     *
     * @param folder where; created
     * @param size in the words of {@code mount}, such as 16k
     */
    public static SmallDisk mount(Path folder, String size) {
        int code;
        try {
            Files.createDirectories(folder);
            code = command("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assumeThat(code)
                .as("not tested with a full disk: a small one cannot be mounted here, which takes root")
                .isZero();
        return new SmallDisk(folder);
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Takes all room that is left, as any other program might. */
    public void fill() {
        assertThatThrownBy(() -> {
                    try (OutputStream out =
                            Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                        while (true) {
                            out.write(new byte[BLOCK]);
                        }
                    }
                })
                .hasMessageContaining("No space left on device");
    }

    /** Gives back what {@link #fill} has taken. */
    public void makeRoom() {
        try {
            Files.delete(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() {
        try {
            command("umount", "-l", folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program; returns its exit code, −1 where there is no such program. */
    private static int command(String... words) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return -1;
        }
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

package org.eridanus.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Files that come with the program. */
final class Resources {
    private Resources() {}

    /**
     * A whole file.
     *
     * @param path relative to this package or, with a slash before it, to the class path
     * @throws IllegalStateException if there is none: the build is not whole
     */
    static byte[] read(String path) {
        try (InputStream in = Resources.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the program must come with " + path + ", and does not: build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}

package org.eridanus.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that holds a data folder until its standard input ends. */
public final class LockHolder {
    private LockHolder() {}

    /** Takes the folder that is the only argument, says so on standard output, and waits. */
    public static void main(String[] args) throws IOException {
        try (DataFolderLock lock = DataFolderLock.take(Path.of(args[0]))) {
            System.out.println("taken");
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}

package org.eridanus.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * A wall clock of their own for child processes, which a test sets while they run; other clocks, by which nobody tells the
 * time, stay the machine's. A small library does it, which is compiled first: that takes Linux and a C compiler.
 */
public final class ShiftedClock {
    private final Path library;
    private final Path shift;

    private ShiftedClock(Path library, Path shift) {
        this.library = library;
        this.shift = shift;
    }

    /** Makes one that shows the machine's time, or skips the test and says why. */
    public static ShiftedClock make(Path folder) {
        Path source = folder.resolve("shifted-clock.c");
        ShiftedClock clock = new ShiftedClock(folder.resolve("shifted-clock.so"), folder.resolve("shift"));
        try (InputStream in = ShiftedClock.class.getResourceAsStream("/shifted-clock.c")) {
            if (in == null) {
                throw new AssertionError("shifted-clock.c must be on the class path of the tests");
            }
            Files.copy(in, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assumeThat(compiled(source, clock.library))
                .as("not tested with a clock that is set: it takes Linux and a C compiler, cc")
                .isTrue();
        clock.shift(Duration.ZERO);
        return clock;
    }

    private static boolean compiled(Path source, Path library) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return false;
        }
        try {
            return new ProcessBuilder("cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString())
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** What a process is started with to go by it. */
    public Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "SHIFTED_CLOCK", shift.toString());
    }

    /** Sets it to the machine's time and so much more, less where negative, in whole seconds. */
    public void shift(Duration by) {
        ByteBuffer seconds =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, by.toSeconds());
        try (FileChannel file = FileChannel.open(shift, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(seconds, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.eridanus.cli;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C and SIGTERM end a command in an orderly way: the command learns that it should stop, and the JVM waits
 * until it has closed what it opened.
 */
final class Stopping implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OptionalInt exitCode;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stopping");

    /** For a command that a signal cuts short: the JVM ends with the signal's own exit code, 128 and its number. */
    Stopping() {
        this(OptionalInt.empty());
    }

    /**
     * For a command that goes on until a signal ends it.
     *
     * @param exitCode what the JVM ends with when the command has closed everything after a signal
     */
    Stopping(int exitCode) {
        this(OptionalInt.of(exitCode));
    }

    private Stopping(OptionalInt exitCode) {
        this.exitCode = exitCode;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        asked.countDown();
        try {
            if (!stopped.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("eridanus: not stopped within " + PATIENCE.toSeconds() + " s, giving up");
            } else if (exitCode.isPresent()) {
                // A shutdown that has begun can be given another exit code in no other way.
                Runtime.getRuntime().halt(exitCode.getAsInt());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the command should stop. */
    boolean asked() {
        return asked.getCount() == 0;
    }

    /** Throws if the command should stop. */
    void check() {
        if (asked()) {
            throw new StoppedException();
        }
    }

    /** Waits until the command should stop, or so long. */
    boolean await(Duration patience) throws InterruptedException {
        return asked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The command has closed everything. */
    @Override
    public void close() {
        stopped.countDown();
        if (!asked()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM began to shut down just now; the hook finds that there is nothing to wait for.
                asked.countDown();
            }
        }
    }

    /** The command was told to stop before it was done. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped");
        }
    }
}

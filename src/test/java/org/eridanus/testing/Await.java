package org.eridanus.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about: looks again and again until it is there or a deadline has passed. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    /**
     * Waits until a condition holds.
     *
     * @param patience how long at most
     * @param condition looked at every 10 ms, and once more at the deadline
     * @param message what was waited for
     * @throws AssertionError if the condition does not hold in time
     */
    public static void until(Duration patience, BooleanSupplier condition, String message) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + patience.toMillis() + " ms: " + message);
            }
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + message);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Lets time pass, where there is nothing to look at. */
    public static void pass(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in a pause", e);
        }
    }
}

package org.eridanus.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * How often a role's threads are replaced: a fault that comes back too often within a window does not pass by itself.
 *
 * <p>Threading: safe for use by all threads.
 */
final class Replacements {
    /** So many are allowed within {@link #WINDOW}. */
    static final int MOST = 3;

    static final Duration WINDOW = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private final Deque<Long> times = new ArrayDeque<>();

    /** None yet, by a clock in nanoseconds that never goes back. */
    Replacements(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether one more is allowed now; if so it counts. */
    synchronized boolean allow() {
        long now = nanoTime.getAsLong();
        while (!times.isEmpty() && now - times.peekFirst() > WINDOW.toNanos()) {
            times.removeFirst();
        }
        if (times.size() >= MOST) {
            return false;
        }
        times.addLast(now);
        return true;
    }
}

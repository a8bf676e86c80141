package org.eridanus.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells when the wall clock is set back. Kafka Streams and Kafka's clients plan by it: the next commit, tick, list, heartbeat
 * and reconnection wait until it shows again what it was to show, and meanwhile the broker ends transactions and sessions. Only
 * a client that is made anew counts from the new time.
 *
 * <p>Threading: {@link #start} and {@link #close} by one thread; looks by a thread of its own.
 */
final class ClockWatch implements AutoCloseable {
    /** What waits for less goes on by itself: no transaction and, as a rule, no session has ended by then. */
    static final Duration BOUND = Duration.ofSeconds(4);

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier millis;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "clock-watch");
        thread.setDaemon(true);
        return thread;
    });
    private long shown;
    private long readAt;

    /**
     * A watch that is not yet started.
     *
     * @param millis the clock, in ms since the epoch
     * @param nanoTime a clock in nanoseconds that nobody sets
     */
    ClockWatch(LongSupplier millis, LongSupplier nanoTime) {
        this.millis = millis;
        this.nanoTime = nanoTime;
        this.shown = millis.getAsLong();
        this.readAt = nanoTime.getAsLong();
    }

    /** Looks every second from now on, and tells by how much the clock was set back if it was {@link #BOUND} or more. */
    void start(Consumer<Duration> setBack) {
        look();
        looking.scheduleWithFixedDelay(
                () -> look().ifPresent(setBack), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** By how much the clock was set back since the last look, if it was {@link #BOUND} or more. */
    synchronized Optional<Duration> look() {
        // At least so much has passed, wherever this thread was kept waiting between two readings.
        long passed = (nanoTime.getAsLong() - readAt) / NANOS_PER_MILLI;
        long now = millis.getAsLong();
        Duration setBack = Duration.ofMillis(passed - (now - shown));
        shown = now;
        readAt = nanoTime.getAsLong();
        return setBack.compareTo(BOUND) < 0 ? Optional.empty() : Optional.of(setBack);
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}

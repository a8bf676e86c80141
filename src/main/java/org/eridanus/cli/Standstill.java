package org.eridanus.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells for how long nothing has been done though something waits.
 *
 * <p>Threading: for one thread.
 */
final class Standstill {
    private final LongSupplier nanoTime;
    private long done;
    private long since;

    /** One that begins now, with nothing done. */
    Standstill() {
        this(System::nanoTime);
    }

    /** The same on another clock. */
    Standstill(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /**
     * Takes a look.
     *
     * @param doneSoFar how much is done
     * @param waits whether there is more to do
     * @return the time since that number was another one, or nothing waited
     */
    Duration look(long doneSoFar, boolean waits) {
        long now = nanoTime.getAsLong();
        if (doneSoFar != done || !waits) {
            done = doneSoFar;
            since = now;
        }
        return Duration.ofNanos(now - since);
    }
}

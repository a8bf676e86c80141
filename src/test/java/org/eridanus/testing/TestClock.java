package org.eridanus.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that a test moves.
 *
 * <p>Threading: moved by one thread, read by all.
 */
public final class TestClock extends Clock {
    private volatile Instant now;

    /** A clock that stands at {@code start}. */
    public TestClock(Instant start) {
        this.now = start;
    }

    /** Moves the clock, back where {@code duration} is negative. */
    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock knows UTC alone, asked for " + zone);
    }
}

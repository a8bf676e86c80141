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
    private final Clock base;
    private volatile Duration moved = Duration.ZERO;

    /** A clock that stands at {@code start}. */
    public TestClock(Instant start) {
        this(Clock.fixed(start, ZoneOffset.UTC));
    }

    /** A clock that runs, or stands, as {@code base}. */
    public TestClock(Clock base) {
        this.base = base;
    }

    /** Moves the clock, back where {@code duration} is negative. */
    public void advance(Duration duration) {
        moved = moved.plus(duration);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(moved);
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

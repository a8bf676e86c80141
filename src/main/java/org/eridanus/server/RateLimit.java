package org.eridanus.server;

import io.javalin.http.TooManyRequestsResponse;
import java.util.function.LongSupplier;

/**
 * Lets so many calls a second through, and after a pause as many at once (a token bucket).
 *
 * <p>Threading: safe for use by all threads.
 */
final class RateLimit {
    private static final double NANOS = 1e9;

    private final String what;
    private final int perSecond;
    private final LongSupplier nanoTime;
    private double tokens;
    private long filledAt;

    /**
     * A limit.
     *
     * @param what what is limited, for the message
     */
    RateLimit(String what, int perSecond) {
        this(what, perSecond, System::nanoTime);
    }

    RateLimit(String what, int perSecond, LongSupplier nanoTime) {
        this.what = what;
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.tokens = perSecond;
        this.filledAt = nanoTime.getAsLong();
    }

    /** Lets a call through, or refuses it with status 429. */
    void pass() {
        if (!take()) {
            throw new TooManyRequestsResponse(
                    what + " are answered at most " + perSecond + " times a second; ask again in a second");
        }
    }

    private synchronized boolean take() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(perSecond, tokens + (now - filledAt) / NANOS * perSecond);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}

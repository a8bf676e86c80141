package org.eridanus.stream;

import java.time.Duration;

/**
 * When the features role writes ticks, and how many users it keeps.
 *
 * @param tickEvery how often to look whether a tick is due
 * @param tickAfter how long the oldest record that no tick followed has to wait for one, at least; with
 *     {@code tickEvery} the longest wait as well
 * @param usersPerTask users whose histories a task keeps; beyond, those seen least recently are evicted; 0 for all
 */
public record FeaturesLimits(Duration tickEvery, Duration tickAfter, int usersPerTask) {
    /** The defaults: every user is kept. */
    public static final FeaturesLimits DEFAULT = new FeaturesLimits(Duration.ofMillis(50), Duration.ofMillis(100), 0);

    public FeaturesLimits {
        if (tickEvery.toMillis() < 1) {
            throw new IllegalArgumentException("features.tick-every must be at least 1 ms, got " + tickEvery);
        }
        if (tickAfter.isNegative()) {
            throw new IllegalArgumentException("features.tick-after must not be negative, got " + tickAfter);
        }
        if (usersPerTask < 0) {
            throw new IllegalArgumentException(
                    "features.max-users must be at least 1, or 0 for no eviction, got " + usersPerTask);
        }
    }

    /** The same with another bound on users. */
    public FeaturesLimits withUsersPerTask(int users) {
        return new FeaturesLimits(tickEvery, tickAfter, users);
    }

    /** Whether histories are evicted. */
    public boolean evictsUsers() {
        return usersPerTask > 0;
    }
}

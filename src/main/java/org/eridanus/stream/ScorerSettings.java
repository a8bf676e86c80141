package org.eridanus.stream;

import java.time.Duration;
import org.eridanus.event.Limits;

/**
 * Settings of the scorer role.
 *
 * @param k items of a list that an event leads to
 * @param hideConsumed whether items are left out that the user has met
 * @param refreshEvery how often waiting refreshes are looked after, per task
 * @param refreshUsers most users whose lists are made in one go
 * @param refreshWork how long one go may last, about; the rest waits for the next
 * @param behind age of the newest event read, beyond which a task is behind: input arrives faster than it is read
 * @param patience how long a refresh waits in a task that is behind, so that more events share a list
 * @param maxWaiting most users that wait in a task; beyond, the one that waits longest is refreshed at once, which slows
 *     reading down
 */
public record ScorerSettings(
        int k,
        boolean hideConsumed,
        Duration refreshEvery,
        int refreshUsers,
        Duration refreshWork,
        Duration behind,
        Duration patience,
        int maxWaiting) {
    /** The defaults. */
    public static final ScorerSettings DEFAULT = new ScorerSettings(
            Limits.DEFAULT_K,
            true,
            Duration.ofMillis(10),
            512,
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofMillis(250),
            10_000);

    public ScorerSettings {
        require(k >= 1 && k <= Limits.K, "k must be 1.." + Limits.K + ", got " + k);
        require(refreshEvery.toMillis() >= 1, "refresh-every must be at least 1 ms, got " + refreshEvery);
        require(refreshUsers >= 1, "refresh-users must be at least 1, got " + refreshUsers);
        require(
                refreshWork.toMillis() >= 1 && refreshWork.toSeconds() < 5,
                "refresh-work must be 1 ms to 5 s, for a transaction must end in 10 s, got " + refreshWork);
        require(!behind.isNegative(), "behind must not be negative, got " + behind);
        require(!patience.isNegative(), "patience must not be negative, got " + patience);
        require(maxWaiting >= 1, "max-waiting must be at least 1, got " + maxWaiting);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException("scorer." + rule);
        }
    }
}

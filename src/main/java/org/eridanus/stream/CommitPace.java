package org.eridanus.stream;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How often a role commits: by {@code kafka.commit-interval} as long as little comes, where many records come
 * {@value #BUSY} times less often, because a transaction costs a dozen requests however few records are in it; the trainer,
 * whose versions alone are waited for, with each of them, and otherwise {@value #TRAINER} times less often. Kafka Streams is
 * told of the longer interval; processors learn the shorter one from its settings and ask for a commit before.
 */
public final class CommitPace {
    /** Where a processor finds the shorter interval among the settings of Kafka Streams, in ms. */
    public static final String EAGER_INTERVAL = "eridanus.eager.commit.interval.ms";

    static final int BUSY = 2;
    static final int TRAINER = 4;
    /** A transaction that is open for ten seconds is aborted. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private CommitPace() {}

    /** The interval where many records come, from the one where few do; never the shorter of the two. */
    static Duration busy(Role role, Duration eager) {
        Duration busy = eager.multipliedBy(role == Role.TRAINER ? TRAINER : BUSY);
        return busy.compareTo(LONGEST) <= 0 ? busy : eager.compareTo(LONGEST) < 0 ? LONGEST : eager;
    }

    /** The interval where few records come; nothing where the settings are not those of a role. */
    public static Optional<Duration> eager(Map<String, Object> settings) {
        return settings.get(EAGER_INTERVAL) instanceof Number interval
                ? Optional.of(Duration.ofMillis(interval.longValue()))
                : Optional.empty();
    }
}

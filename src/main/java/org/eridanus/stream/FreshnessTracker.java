package org.eridanus.stream;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.eridanus.event.Coordinate;
import org.eridanus.model.ModelRow;

/**
 * Measures how long it takes from an interaction to a served model that has learned from it, and tells since when the
 * oldest interaction waits for one. It remembers interactions until a version covers them; while {@value #CAPACITY} of a
 * partition wait, further ones are not measured. A version that was closed while learning was frozen has learned nothing:
 * what it covers is not measured either.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class FreshnessTracker {
    /** Interactions that are remembered of a partition. */
    public static final int CAPACITY = 10_000;

    private final Clock clock;
    private final ScorerMonitor monitor;
    private final Map<Integer, Deque<Waiting>> waiting = new HashMap<>();
    private final Map<Integer, Covered> covered = new HashMap<>();
    private long waitingSince;

    private record Waiting(long offset, long recordTime) {}

    /**
     * What versions have taken in of a partition.
     *
     * @param through the offset of the last interaction
     * @param learnedThrough the offset of the last one before learning was frozen, or {@code through} where it is not
     */
    private record Covered(long through, long learnedThrough) {
        private static final Covered NOTHING = new Covered(-1, -1);

        Covered on(long next, boolean frozen) {
            return new Covered(next, frozen ? learnedThrough : next);
        }
    }

    /** A tracker that reports to a monitor. */
    public FreshnessTracker(Clock clock, ScorerMonitor monitor) {
        this.clock = clock;
        this.monitor = monitor;
    }

    /** The scorer met an interaction, each partition's in the order of their offsets; one met again is passed over. */
    public synchronized void met(Coordinate interaction, long recordTime) {
        long offset = interaction.offset();
        Covered known = covered.getOrDefault(interaction.partition(), Covered.NOTHING);
        if (offset <= known.through()) {
            if (offset <= known.learnedThrough()) {
                report(recordTime);
            }
            return;
        }
        Deque<Waiting> queue = waiting.computeIfAbsent(interaction.partition(), partition -> new ArrayDeque<>());
        Waiting newest = queue.peekLast();
        if (newest != null && newest.offset >= offset) {
            return;
        }
        if (queue.size() == CAPACITY) {
            monitor.unmeasured(1);
            return;
        }
        queue.addLast(new Waiting(offset, recordTime));
        if (queue.size() == 1) {
            tellOldest();
        }
    }

    /** A version is served. */
    public synchronized void served(ModelRow.Marker marker) {
        marker.trainedThrough().forEach((partition, through) -> {
            Covered before = covered.getOrDefault(partition, Covered.NOTHING);
            covered.put(partition, before.on(through, marker.frozen()));
            Deque<Waiting> queue = waiting.get(partition);
            while (queue != null && !queue.isEmpty() && queue.getFirst().offset <= through) {
                Waiting served = queue.removeFirst();
                if (!marker.frozen()) {
                    report(served.recordTime);
                }
            }
        });
        tellOldest();
    }

    private void tellOldest() {
        long oldest = waiting.values().stream()
                .map(Deque::peekFirst)
                .filter(Objects::nonNull)
                .mapToLong(Waiting::recordTime)
                .min()
                .orElse(0);
        if (oldest != waitingSince) {
            waitingSince = oldest;
            monitor.waitingSince(oldest);
        }
    }

    private void report(long recordTime) {
        monitor.freshness(Math.max(0, clock.millis() - recordTime));
    }
}

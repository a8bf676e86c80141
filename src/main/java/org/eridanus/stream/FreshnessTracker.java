package org.eridanus.stream;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.eridanus.event.Coordinate;
import org.eridanus.model.ModelRow;

/**
 * Measures how long it takes from an interaction to a served model that has learned from it. It remembers interactions
 * until a version covers them; of each partition the newest {@value #CAPACITY}, the older ones are not measured.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class FreshnessTracker {
    /** Interactions that are remembered of a partition. */
    public static final int CAPACITY = 10_000;

    private final Clock clock;
    private final ScorerMonitor monitor;
    private final Map<Integer, Deque<Waiting>> waiting = new HashMap<>();
    private final Map<Integer, Long> covered = new HashMap<>();

    private record Waiting(long offset, long recordTime) {}

    /** A tracker that reports to a monitor. */
    public FreshnessTracker(Clock clock, ScorerMonitor monitor) {
        this.clock = clock;
        this.monitor = monitor;
    }

    /** The scorer met an interaction, each partition's in the order of their offsets; one met again is passed over. */
    public synchronized void met(Coordinate interaction, long recordTime) {
        long offset = interaction.offset();
        if (offset <= covered.getOrDefault(interaction.partition(), -1L)) {
            report(recordTime);
            return;
        }
        Deque<Waiting> queue = waiting.computeIfAbsent(interaction.partition(), partition -> new ArrayDeque<>());
        Waiting newest = queue.peekLast();
        if (newest != null && newest.offset >= offset) {
            return;
        }
        if (queue.size() == CAPACITY) {
            queue.removeFirst();
        }
        queue.addLast(new Waiting(offset, recordTime));
    }

    /** A version is served. */
    public synchronized void served(ModelRow.Marker marker) {
        marker.trainedThrough().forEach((partition, through) -> {
            covered.put(partition, through);
            Deque<Waiting> queue = waiting.get(partition);
            while (queue != null && !queue.isEmpty() && queue.getFirst().offset <= through) {
                report(queue.removeFirst().recordTime);
            }
        });
    }

    private void report(long recordTime) {
        monitor.freshness(Math.max(0, clock.millis() - recordTime));
    }
}

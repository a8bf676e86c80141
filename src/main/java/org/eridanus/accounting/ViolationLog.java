package org.eridanus.accounting;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Coordinate;
import org.jspecify.annotations.Nullable;

/** Counts violations and keeps the first of them. */
final class ViolationLog {
    /** How many are kept; the rest is counted. */
    static final int KEPT = 100;

    private final List<Violation> first = new ArrayList<>();
    private final Map<Violation.Kind, Long> counts = new EnumMap<>(Violation.Kind.class);

    ViolationLog() {}

    /** A log that goes on where another one is, without touching it. */
    ViolationLog(ViolationLog other) {
        first.addAll(other.first);
        counts.putAll(other.counts);
    }

    void add(Violation.Kind kind, String topic, @Nullable Coordinate coordinate, String detail) {
        if (first.size() < KEPT) {
            first.add(new Violation(kind, topic, coordinate, detail));
        }
        counts.merge(kind, 1L, Long::sum);
    }

    List<Violation> first() {
        return first;
    }

    /** How many of each kind there are; a kind without any is left out. */
    Map<Violation.Kind, Long> counts() {
        return counts;
    }
}

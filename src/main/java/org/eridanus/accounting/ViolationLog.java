package org.eridanus.accounting;

import java.util.ArrayList;
import java.util.List;
import org.eridanus.event.Coordinate;
import org.jspecify.annotations.Nullable;

/** Counts violations and keeps the first of them. */
final class ViolationLog {
    /** How many are kept; the rest is counted. */
    static final int KEPT = 100;

    private final List<Violation> first = new ArrayList<>();
    private long total;

    ViolationLog() {}

    /** A log that goes on where another one is, without touching it. */
    ViolationLog(ViolationLog other) {
        first.addAll(other.first);
        total = other.total;
    }

    void add(Violation.Kind kind, String topic, @Nullable Coordinate coordinate, String detail) {
        if (first.size() < KEPT) {
            first.add(new Violation(kind, topic, coordinate, detail));
        }
        total++;
    }

    List<Violation> first() {
        return first;
    }

    long total() {
        return total;
    }
}

package org.eridanus.accounting;

import java.util.List;
import java.util.Map;

/**
 * What became of every event, counted by coordinate.
 *
 * @param read records in {@code interactions}
 * @param enriched of them those accepted
 * @param deadLettered of them those refused
 * @param trained events that the last version of the model has learned from, without those that it was only tested on,
 *     as while learning is frozen; an event that is not positive has nothing to learn from, and counts
 * @param evaluated events that were tested on, ranked or not
 * @param covered events that a list of recommendations follows
 * @param coalesced of them those whose refresh became one with a later one
 * @param forgotten events without a list because their user was forgotten
 * @param counts how many things do not add up, by kind; a kind without any is left out
 * @param violations the first of them
 */
public record Balance(
        long read,
        long enriched,
        long deadLettered,
        long trained,
        long evaluated,
        long covered,
        long coalesced,
        long forgotten,
        Map<Violation.Kind, Long> counts,
        List<Violation> violations) {
    public Balance {
        counts = Map.copyOf(counts);
        violations = List.copyOf(violations);
    }

    /** How many things of one kind do not add up. */
    public long count(Violation.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** How many things do not add up. */
    public long violationCount() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether every event was accounted for. */
    public boolean balanced() {
        return counts.isEmpty();
    }
}

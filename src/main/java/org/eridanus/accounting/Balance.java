package org.eridanus.accounting;

import java.util.List;

/**
 * What became of every event, counted by coordinate.
 *
 * @param read records in {@code interactions}
 * @param enriched of them those accepted
 * @param deadLettered of them those refused
 * @param trained events that the last version of the model has learned from
 * @param evaluated events that were tested on, ranked or not
 * @param covered events that a list of recommendations follows
 * @param coalesced of them those whose refresh became one with a later one
 * @param forgotten events without a list because their user was forgotten
 * @param violationCount how many things do not add up
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
        long violationCount,
        List<Violation> violations) {
    public Balance {
        violations = List.copyOf(violations);
    }

    /** Whether every event was accounted for. */
    public boolean balanced() {
        return violationCount == 0;
    }
}

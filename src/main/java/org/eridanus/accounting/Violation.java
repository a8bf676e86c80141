package org.eridanus.accounting;

import java.util.Locale;
import org.eridanus.event.Coordinate;
import org.jspecify.annotations.Nullable;

/**
 * One thing that does not add up.
 *
 * @param kind what is wrong
 * @param topic where it shows
 * @param coordinate the interaction that it is about, null where it is about none in particular
 * @param detail what was found, for people
 */
public record Violation(Kind kind, String topic, @Nullable Coordinate coordinate, String detail) {
    /** What can be wrong. */
    public enum Kind {
        /** A record should be there and is not. */
        MISSING,
        /** A record is there that nothing accounts for. */
        UNEXPECTED,
        /** A record is there twice. */
        DOUBLED,
        /** A record stands behind one that it should precede. */
        OUT_OF_ORDER,
        /** A record counts otherwise than the records it counts. */
        MISCOUNTED,
        /** A record is not what its topic carries. */
        UNREADABLE;

        /** The spelling in reports, e.g. {@code out-of-order}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One line: {@code missing in training-log, 3:1807: ...}. */
    @Override
    public String toString() {
        return kind.label() + " in " + topic + (coordinate == null ? "" : ", " + coordinate) + ": " + detail;
    }
}

package org.eridanus.event;

/**
 * Why bytes from outside were not accepted.
 *
 * @param reason the rule that was broken, a bounded set that serves as metric label and dead-letter header
 * @param detail the value and the remedy, for people
 */
public record Rejection(Reason reason, String detail) {
    /** The rules that input can break. */
    public enum Reason {
        /** The record has no value where one is required. */
        EMPTY,
        /** The record or one of its fields is larger than the limit. */
        TOO_LARGE,
        /** The bytes are not JSON of the documented shape. */
        MALFORMED,
        /** A required field is missing or empty. */
        MISSING_FIELD,
        /** A field has the wrong type or a value outside its range (NaN included). */
        INVALID_FIELD,
        /** The record has no key. */
        MISSING_KEY,
        /** The key and the value name different users or items. */
        KEY_MISMATCH,
        /** The event's time lies more than five minutes after its record's time. */
        IN_THE_FUTURE;

        /** The label used in headers and metrics, e.g. {@code key-mismatch}. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}

package org.eridanus.event;

import java.time.Duration;

/**
 * How large and how long anything from outside may be. One place, so that documentation, validation, wire
 * formats and tests agree. Lengths of text are in Unicode code points.
 */
public final class Limits {
    /** Longest id of a user or an item. */
    public static final int ID = 128;
    /** Longest type of an interaction. */
    public static final int TYPE = 32;
    /** Longest name of an attribute. */
    public static final int ATTRIBUTE_NAME = 64;
    /** Most attributes of one user or item. */
    public static final int ATTRIBUTES = 32;
    /** Longest value of an attribute. */
    public static final int ATTRIBUTE_VALUE = 256;
    /** Most values of one attribute. */
    public static final int ATTRIBUTE_VALUES = 64;
    /** Longest title of an item. */
    public static final int TITLE = 512;
    /** Longest reason of a control command. */
    public static final int REASON = 512;
    /** Largest value of a record, in bytes. */
    public static final int RECORD_BYTES = 65_536;
    /** Most items that a request may exclude. */
    public static final int EXCLUDE = 1_000;
    /** Most items that a request may ask for. */
    public static final int K = 100;
    /** How many items a request asks for that does not say. */
    public static final int DEFAULT_K = 10;
    /** Largest absolute value of a rating. */
    public static final double RATING = 1e6;
    /** How far the time of an event may lie after the time of its record. */
    public static final Duration AHEAD = Duration.ofMinutes(5);
    /** Most item ids that a history holds. */
    public static final int HISTORY = 100;
    /** Most items that a seen-set remembers. */
    public static final int SEEN = 10_000;

    private Limits() {}
}

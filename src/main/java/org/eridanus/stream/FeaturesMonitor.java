package org.eridanus.stream;

/**
 * What the features role has to say of its work. Counts are of work done, which after an abort may be done
 * again: they watch, they do not prove.
 *
 * <p>Threading: called by all stream threads.
 */
public interface FeaturesMonitor extends InputMonitor {
    /** A monitor that counts nothing. */
    FeaturesMonitor NONE = new FeaturesMonitor() {};

    /**
     * An interaction was enriched.
     *
     * @param age now, less its record time, ms
     */
    default void enriched(long age) {}

    /** An interaction of a user without a profile. */
    default void unknownUser() {}

    /** An interaction with an item that was never announced, or is removed. */
    default void unknownItem() {}

    /** An interaction with an item that the user has met before. */
    default void repeat() {}

    /** A seen-set was full and forgot its oldest item. */
    default void seenSetDropped() {}

    /** A user was forgotten. */
    default void userForgotten() {}

    /** A user's history was evicted to keep their number within its bound. */
    default void userEvicted() {}

    /** A tick was written to the training log. */
    default void ticked() {}
}

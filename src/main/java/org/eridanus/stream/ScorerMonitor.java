package org.eridanus.stream;

import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.recommend.Recommendation;

/**
 * What the scorer role has to say of its work. Counts are of work done, which after an abort may be done again: they
 * watch, they do not prove.
 *
 * <p>Threading: called by all stream threads and by the thread that reads the model.
 */
public interface ScorerMonitor extends InputMonitor {
    /** A monitor that counts nothing. */
    ScorerMonitor NONE = new ScorerMonitor() {};

    /** What leads to a list. */
    enum Cause {
        /** An interaction of the user. */
        EVENT,
        /** A request. */
        REQUEST
    }

    /** Why an item was kept out of a list; see {@link org.eridanus.recommend.Filtered}. */
    enum Filter {
        /** The user has met it. */
        CONSUMED,
        /** It is withdrawn from the catalogue, or was never announced. */
        REMOVED,
        /** The request named it. */
        EXCLUDED
    }

    /** Why a row of the model was left out. */
    enum Skip {
        /** It is not what the format says. */
        UNDECODABLE,
        /** It has another shape than the configured network. */
        UNFIT
    }

    /** A version is served. */
    default void versionLoaded(ModelRow.Marker marker) {}

    /** A version was refused, because it is another preset's. */
    default void versionRefused(String reason) {}

    /** Rows of the model were left out. */
    default void rowsSkipped(Skip reason, int rows) {}

    /**
     * An interaction is served by a model that has learned from it.
     *
     * @param millis now, less its record time
     */
    default void freshness(long millis) {}

    /** So many interactions are left out of the measurement of freshness, because too many wait already. */
    default void unmeasured(int interactions) {}

    /**
     * The oldest interaction that the served model has not learned from has changed.
     *
     * @param recordTime its record time, ms since the epoch; 0 where the served model knows all
     */
    default void waitingSince(long recordTime) {}

    /** A list was made. */
    default void scored(long nanos) {}

    /**
     * A list was given out.
     *
     * @param age now, less the record time of the interaction or request that led to it, ms
     */
    default void recommended(Cause cause, Recommendation list, long age) {}

    /** A positive event consumed an item that is announced. */
    default void consumed(String item) {}

    /** A list was not ranked by the model. */
    default void fallback(Fallback reason) {}

    /** Refreshes were merged into a newer one of the same user. */
    default void coalesced(int refreshes) {}

    /** Items were kept out of a list. */
    default void filtered(Filter kind, int items) {}

    /**
     * An item was consumed that could have been in the user's last list.
     *
     * @param rank where it stood there, 1 the best; 0 where it did not
     */
    default void served(int rank) {}

    /** The same, but the model of that list may have learned from the event already, so that it does not count. */
    default void servedExcluded() {}

    /** Seen-sets were full and forgot their oldest items. */
    default void seenDropped(long items) {}

    /** A user was forgotten, and the user's list replaced by a tombstone. */
    default void userForgotten() {}
}

package org.eridanus.baseline;

/**
 * A recommendation method, of whatever kind: it observes interactions in the order of time and scores items. A method
 * that learns online has learned from an event when {@link #observe} returns; one that learns in rounds keeps the event
 * until {@link #fit}. So any method can be judged by any protocol.
 *
 * <p>Threading: not thread-safe; methods share nothing, so each may have a thread.
 */
public interface ItemScorer {
    /**
     * Takes in one interaction. No user's item comes twice.
     *
     * @param user index of the user
     * @param item index of the item
     */
    void observe(int user, int item);

    /** Learns from everything observed so far, where {@link #observe} has not. */
    default void fit() {}

    /**
     * Scores every item for a user, what the user has consumed included.
     *
     * @param user index of the user
     * @param scores out, [items]; every value is overwritten, the higher the better, NaN nowhere
     */
    void score(int user, float[] scores);
}

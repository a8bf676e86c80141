package org.eridanus.stream;

import org.eridanus.evaluation.Evaluation;
import org.eridanus.model.ModelRow;

/**
 * What the trainer role has to say of its work. Counts are of work done, which after an abort may be done again: they
 * watch, they do not prove.
 *
 * <p>Threading: called by the trainer's stream thread.
 */
public interface TrainerMonitor {
    /** A monitor that counts nothing. */
    TrainerMonitor NONE = new TrainerMonitor() {};

    /** An event was tested. */
    default void evaluated(Evaluation evaluation) {}

    /**
     * A mini-batch was learned.
     *
     * @param events fresh events in it
     * @param loss mean loss, natural logarithm
     * @param nanos how long the record took that completed it
     */
    default void learned(int events, double loss, long nanos) {}

    /** A version was closed. */
    default void published(ModelRow.Marker marker) {}

    /** Remembered events were dropped because the window is full. */
    default void dropped(long events) {}

    /** Items were refused because the item table is full. */
    default void refusedItems(long items) {}
}

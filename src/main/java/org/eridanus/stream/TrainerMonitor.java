package org.eridanus.stream;

import org.eridanus.evaluation.Evaluation;
import org.eridanus.model.LearningGuard;
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

    /**
     * An event was tested.
     *
     * @param recordTime record time of its interaction, ms since the epoch
     */
    default void evaluated(Evaluation evaluation, long recordTime) {}

    /**
     * A mini-batch was learned.
     *
     * @param events fresh events in it
     * @param loss mean loss, natural logarithm
     * @param gradientNorm norm of the loss's gradient over the embedding rows
     * @param nanos how long the record took that completed it
     */
    default void learned(int events, double loss, double gradientNorm, long nanos) {}

    /** Accuracy collapsed, and learning was frozen for it. */
    default void collapsed() {}

    /** A version was closed. */
    default void published(ModelRow.Marker marker) {}

    /** A trainer has taken up here where a version left off. */
    default void restored(ModelRow.Marker marker) {}

    /** This instance has no trainer any more: its task was closed, or went to another instance. */
    default void closed() {}

    /** Remembered events were dropped because the window is full. */
    default void dropped(long events) {}

    /** Successors were cut away to keep pair counts within their bound. */
    default void pruned(long successors) {}

    /** Steps, or values, were kept away from the model. */
    default void refusedSteps(LearningGuard.Reason reason, long steps) {}

    /** Items were evicted to keep the item table within its bound. */
    default void evictedItems(long items) {}

    /** Items were refused because the item table is full. */
    default void refusedItems(long items) {}
}

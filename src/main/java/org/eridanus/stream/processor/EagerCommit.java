package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.eridanus.stream.CommitPace;

/**
 * Has a task commit early as long as few records come, see {@link CommitPace}.
 *
 * <p>Threading: the task's stream thread.
 */
final class EagerCommit {
    /** Records in the shorter interval, up to which a task commits by it: at 50 ms, 1,000 records a second. */
    static final int FEW = 50;

    private final ProcessorContext<?, ?> context;
    private int records;

    /** Looks after the task from now on, until it is closed. */
    EagerCommit(ProcessorContext<?, ?> context) {
        this.context = context;
        CommitPace.eager(context.appConfigs())
                .ifPresent(
                        interval -> context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, time -> commitIfFew()));
    }

    /** A record was taken in. */
    void record() {
        records++;
    }

    private void commitIfFew() {
        if (records > 0 && records <= FEW) {
            context.commit();
        }
        records = 0;
    }
}

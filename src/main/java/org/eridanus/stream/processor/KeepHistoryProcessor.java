package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.UserHistory;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Names;

/**
 * Gives an interaction its user's history as it was before, then takes the interaction into that history.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class KeepHistoryProcessor implements Processor<String, JoinedInteraction, String, JoinedInteraction> {
    private final FeaturesMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, JoinedInteraction> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserHistory> histories;

    /** A step. */
    public KeepHistoryProcessor(FeaturesMonitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, JoinedInteraction> context) {
        this.context = context;
        this.histories = context.getStateStore(Names.HISTORY_STORE);
    }

    @Override
    public void process(Record<String, JoinedInteraction> record) {
        JoinedInteraction joined = record.value();
        String item = joined.interaction().item();
        UserHistory stored = histories.get(record.key());
        UserHistory before = stored == null ? UserHistory.EMPTY : stored;
        if (before.hasSeen(item)) {
            monitor.repeat();
        }
        Feedback feedback = joined.verdict().feedback();
        if (feedback != Feedback.IGNORED) {
            UserHistory after = before.after(item, feedback);
            if (after.dropped() > before.dropped()) {
                monitor.seenSetDropped();
            }
            histories.put(record.key(), after);
        }
        context.forward(record.withValue(joined.with(before)));
    }
}

package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.recommend.ServedList;
import org.eridanus.stream.FreshnessTracker;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.ScorerNames;
import org.jspecify.annotations.Nullable;

/**
 * Sees where a consumed item stood in the list that the user's last event led to. It counts only where that list's model
 * had not come as far as this event: in a replay the trainer may be ahead, and a list of its model would know the answer.
 * A tombstone forgets the user's list. Repeats, items that were not announced and events that are not positive are not asked about, as in the evaluation.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class TrackServedProcessor
        implements Processor<String, @Nullable EnrichedInteraction, String, @Nullable EnrichedInteraction> {
    private final FreshnessTracker freshness;
    private final ScorerMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, @Nullable EnrichedInteraction> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, ServedList> lists;

    /** A step. */
    public TrackServedProcessor(FreshnessTracker freshness, ScorerMonitor monitor) {
        this.freshness = freshness;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable EnrichedInteraction> context) {
        this.context = context;
        this.lists = context.getStateStore(ScorerNames.SERVED_LIST_STORE);
    }

    @Override
    public void process(Record<String, @Nullable EnrichedInteraction> record) {
        EnrichedInteraction event = record.value();
        if (event == null) {
            lists.delete(record.key());
            context.forward(record);
            return;
        }
        freshness.met(event.coordinate(), event.recordTime());
        if (event.feedback() == Feedback.POSITIVE && event.itemAnnounced() && !event.repeat()) {
            monitor.consumed(event.item());
            ServedList last = lists.get(event.user());
            if (last != null && last.precedes(event.coordinate())) {
                monitor.served(last.rankOf(event.item()));
            } else if (last != null) {
                monitor.servedExcluded();
            }
        }
        context.forward(record);
    }
}

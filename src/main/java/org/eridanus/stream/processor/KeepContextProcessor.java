package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.recommend.UserContext;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.ScorerNames;
import org.jspecify.annotations.Nullable;

/**
 * Takes an event into what is known of its user.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class KeepContextProcessor
        implements Processor<String, @Nullable EnrichedInteraction, String, @Nullable EnrichedInteraction> {
    private final ScorerMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, @Nullable EnrichedInteraction> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserContext> contexts;

    /** A step that tells a monitor what is dropped. */
    public KeepContextProcessor(ScorerMonitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable EnrichedInteraction> context) {
        this.context = context;
        this.contexts = context.getStateStore(ScorerNames.USER_CONTEXT_STORE);
    }

    @Override
    public void process(Record<String, @Nullable EnrichedInteraction> record) {
        EnrichedInteraction event = record.value();
        if (event == null) {
            contexts.delete(record.key());
            context.forward(record);
            return;
        }
        UserContext stored = contexts.get(event.user());
        UserContext before = stored == null ? UserContext.UNKNOWN : stored;
        UserContext after = before.after(event);
        long dropped = after.history().dropped() - before.history().dropped();
        if (dropped > 0) {
            monitor.seenDropped(dropped);
        }
        contexts.put(event.user(), after);
        context.forward(record);
    }
}

package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.recommend.UserContext;
import org.eridanus.stream.OpenContexts;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.ScorerNames;
import org.jspecify.annotations.Nullable;

/**
 * Takes an event into what is known of its user, which others may read while its task is at work.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class KeepContextProcessor
        implements Processor<String, @Nullable EnrichedInteraction, String, @Nullable EnrichedInteraction> {
    private final OpenContexts open;
    private final ScorerMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, @Nullable EnrichedInteraction> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserContext> contexts;

    /** A step that opens its store to readers, and tells a monitor what is dropped. */
    public KeepContextProcessor(OpenContexts open, ScorerMonitor monitor) {
        this.open = open;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable EnrichedInteraction> context) {
        this.context = context;
        this.contexts = context.getStateStore(ScorerNames.USER_CONTEXT_STORE);
        open.open(context.taskId().partition(), contexts);
    }

    @Override
    public void close() {
        open.close(context.taskId().partition(), contexts);
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

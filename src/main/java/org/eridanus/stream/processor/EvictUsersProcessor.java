package org.eridanus.stream.processor;

import java.util.Iterator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Names;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the number of users with a history within a bound: beyond it, those seen least recently lose theirs, and in the
 * same transaction the training log and, by a tombstone among the user's enriched interactions and so in their order, the
 * scorer are told. Who goes depends on the order of the partition's interactions alone.
 *
 * <p>Profiles stay: they are what producers announced, and theirs to remove.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class EvictUsersProcessor implements Processor<String, JoinedInteraction, String, @Nullable Object> {
    private final int most;
    private final FeaturesMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, @Nullable Object> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserHistory> histories;

    @SuppressWarnings("NullAway.Init")
    private UserRecency recency;

    private boolean started;

    /**
     * A step.
     *
     * @param most users whose histories are kept, at least 1
     */
    public EvictUsersProcessor(int most, FeaturesMonitor monitor) {
        this.most = most;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable Object> context) {
        this.context = context;
        this.histories = context.getStateStore(Names.HISTORY_STORE);
        this.recency = new UserRecency(context.getStateStore(Names.RECENCY_STORE), most);
        this.started = false;
    }

    @Override
    public void process(Record<String, JoinedInteraction> record) {
        if (record.value().verdict().feedback() == Feedback.IGNORED) {
            return;
        }
        start();
        recency.seen(record.key());
        for (String user : recency.evict()) {
            histories.delete(user);
            monitor.userEvicted();
            context.forward(
                    new Record<String, @Nullable Object>(user, null, record.timestamp()),
                    Names.ENRICHED_INTERACTIONS_SINK);
            context.forward(
                    new Record<String, @Nullable Object>(
                            user, new TrainingRecord.UserEvicted(user), record.timestamp()),
                    Names.LOG_INTERACTIONS);
        }
    }

    /** Histories may be older than the bound: their users count from now on, in the order of their ids. */
    private void start() {
        if (started) {
            return;
        }
        started = true;
        try (KeyValueIterator<String, UserHistory> known = histories.all()) {
            recency.startWith(new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return known.hasNext();
                }

                @Override
                public String next() {
                    return known.next().key;
                }
            });
        }
    }
}

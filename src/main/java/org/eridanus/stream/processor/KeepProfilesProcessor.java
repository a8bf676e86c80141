package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Names;
import org.jspecify.annotations.Nullable;

/**
 * Keeps users' profiles. A tombstone forgets the user: profile, history and seen-set go, and in the same transaction
 * the training log and, by a tombstone among the user's enriched interactions and so in their order, the scorer are
 * told. The training log's record is also the audit record: who was forgotten, and when, for as long as the log is kept.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class KeepProfilesProcessor implements Processor<String, @Nullable UserProfile, String, @Nullable Object> {
    private final int most;
    private final FeaturesMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, @Nullable Object> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserProfile> profiles;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserHistory> histories;

    private @Nullable UserRecency recency;

    /** A step where no user is evicted. */
    public KeepProfilesProcessor(FeaturesMonitor monitor) {
        this(0, monitor);
    }

    /**
     * A step.
     *
     * @param most users whose histories are kept, 0 for all
     */
    public KeepProfilesProcessor(int most, FeaturesMonitor monitor) {
        this.most = most;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable Object> context) {
        this.context = context;
        this.profiles = context.getStateStore(Names.PROFILE_STORE);
        this.histories = context.getStateStore(Names.HISTORY_STORE);
        this.recency = most == 0 ? null : new UserRecency(context.getStateStore(Names.RECENCY_STORE), most);
    }

    @Override
    public void process(Record<String, @Nullable UserProfile> record) {
        UserProfile profile = record.value();
        if (profile != null) {
            profiles.put(record.key(), profile);
        } else {
            profiles.delete(record.key());
            histories.delete(record.key());
            if (recency != null) {
                recency.forget(record.key());
            }
            monitor.userForgotten();
            context.forward(record.withValue((Object) null), Names.ENRICHED_INTERACTIONS_SINK);
            context.forward(record.withValue(new TrainingRecord.UserForgotten(record.key())), Names.LOG_INTERACTIONS);
        }
    }
}

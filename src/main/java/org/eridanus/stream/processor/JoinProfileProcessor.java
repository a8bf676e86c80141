package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.event.Interaction;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Names;

/**
 * Gives an interaction its coordinate, its place in the feedback table and its user's profile as it is now.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class JoinProfileProcessor implements Processor<String, Interaction, String, JoinedInteraction> {
    private final FeedbackTable feedback;
    private final FeaturesMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, JoinedInteraction> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, UserProfile> profiles;

    /** A step that goes by this feedback table. */
    public JoinProfileProcessor(FeedbackTable feedback, FeaturesMonitor monitor) {
        this.feedback = feedback;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, JoinedInteraction> context) {
        this.context = context;
        this.profiles = context.getStateStore(Names.PROFILE_STORE);
    }

    @Override
    public void process(Record<String, Interaction> record) {
        Interaction interaction = record.value();
        UserProfile profile = profiles.get(interaction.user());
        if (profile == null) {
            monitor.unknownUser();
        }
        JoinedInteraction joined = JoinedInteraction.of(
                Coordinates.of(context), interaction, record.timestamp(), feedback.of(interaction));
        context.forward(record.withValue(joined.with(profile)));
    }
}

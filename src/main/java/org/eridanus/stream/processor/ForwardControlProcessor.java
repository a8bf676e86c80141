package org.eridanus.stream.processor;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.event.ControlCommand;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.stream.FeaturesSettings;
import org.eridanus.stream.Names;
import org.jspecify.annotations.Nullable;

/**
 * Tells the training log of the operator's commands, and once of each schema: when it starts under another
 * preset or hash than the one it told of last.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class ForwardControlProcessor
        implements Processor<String, ControlCommand, @Nullable String, TrainingRecord> {
    private static final String CONFIGURED = "configured";

    private final FeaturesSettings settings;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<@Nullable String, TrainingRecord> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, String> configuration;

    @SuppressWarnings("NullAway.Init")
    private Cancellable start;

    /** A step that tells of these settings. */
    public ForwardControlProcessor(FeaturesSettings settings) {
        this.settings = settings;
    }

    @Override
    public void init(ProcessorContext<@Nullable String, TrainingRecord> context) {
        this.context = context;
        this.configuration = context.getStateStore(Names.CONFIGURATION_STORE);
        // Nothing can be forwarded before all nodes are initialised: as soon as the task runs, then.
        this.start = context.schedule(Duration.ofMillis(1), PunctuationType.WALL_CLOCK_TIME, time -> {
            tellConfiguration(time);
            start.cancel();
        });
    }

    @Override
    public void process(Record<String, ControlCommand> record) {
        ControlCommand command = record.value();
        TrainingRecord training = switch (command.action()) {
            case FREEZE -> new TrainingRecord.Freeze(command.reason());
            case RESUME -> new TrainingRecord.Resume(command.reason());
        };
        context.forward(new Record<@Nullable String, TrainingRecord>(null, training, record.timestamp()));
    }

    private void tellConfiguration(long time) {
        String now = settings.preset() + " " + settings.schema().hash();
        if (!now.equals(configuration.get(CONFIGURED))) {
            configuration.put(CONFIGURED, now);
            context.forward(new Record<@Nullable String, TrainingRecord>(
                    null,
                    new TrainingRecord.Configured(
                            settings.preset(), settings.schema().hash()),
                    time));
        }
    }
}

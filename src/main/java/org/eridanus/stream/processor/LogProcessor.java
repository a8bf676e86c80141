package org.eridanus.stream.processor;

import java.time.Clock;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.FeaturesSettings;
import org.jspecify.annotations.Nullable;

/**
 * Writes training records to the log, and after them a tick: nothing in the log may stay without one, for the
 * trainer, to whom no time passes but by ticks, would not publish what it learned from it.
 *
 * <p>A tick is written when the oldest record that none has followed is {@code tickAfter} old, and once more for
 * the records that were younger than that: the trainer takes a tick to close a version only where its oldest
 * record is that old, and by count it may have closed one just before. When a task starts, what was written before may lack its tick, so that one is due in any case.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class LogProcessor
        implements Processor<@Nullable String, TrainingRecord, @Nullable String, TrainingRecord> {
    private static final long NONE = Long.MIN_VALUE;

    private final FeaturesSettings settings;
    private final Clock clock;
    private final FeaturesMonitor monitor;
    private long oldestWithoutTick = NONE;
    private long newest;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<@Nullable String, TrainingRecord> context;

    /** A step with the clock that stamps events. */
    public LogProcessor(FeaturesSettings settings, Clock clock, FeaturesMonitor monitor) {
        this.settings = settings;
        this.clock = clock;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<@Nullable String, TrainingRecord> context) {
        this.context = context;
        this.oldestWithoutTick = clock.millis();
        this.newest = oldestWithoutTick;
        context.schedule(settings.limits().tickEvery(), PunctuationType.WALL_CLOCK_TIME, time -> tickIfDue());
    }

    @Override
    public void process(Record<@Nullable String, TrainingRecord> record) {
        newest = clock.millis();
        if (oldestWithoutTick == NONE) {
            oldestWithoutTick = newest;
        }
        context.forward(record);
    }

    private void tickIfDue() {
        if (oldestWithoutTick == NONE) {
            return;
        }
        long now = clock.millis();
        if (now < oldestWithoutTick) {
            // The clock was set back: count from here, or the tick would wait until it has caught up.
            oldestWithoutTick = now;
            newest = now;
        }
        if (now - oldestWithoutTick >= settings.limits().tickAfter().toMillis()) {
            // A record younger than this may have missed it: the version before may have been closed by count.
            oldestWithoutTick = now - newest < settings.limits().tickAfter().toMillis() ? newest : NONE;
            monitor.ticked();
            context.forward(new Record<@Nullable String, TrainingRecord>(null, new TrainingRecord.Tick(now), now));
        }
    }
}

package org.eridanus.stream.processor;

import java.time.Clock;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.Enricher;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Names;

/**
 * Reads the values of all categories and forms the combinations that the schema names; writes the enriched
 * interaction for the scorer and, in the same transaction, for the training log. Both keep the time of the
 * interaction's record: event time may be decades old, and retention would take the record for just as old.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class FormCombinationsProcessor implements Processor<String, JoinedInteraction, String, Object> {
    private final Enricher enricher;
    private final Clock clock;
    private final FeaturesMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, Object> context;

    /** A step for one schema, with the clock that writes the ticks. */
    public FormCombinationsProcessor(FeatureSchema schema, Clock clock, FeaturesMonitor monitor) {
        this.enricher = new Enricher(schema);
        this.clock = clock;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
    }

    @Override
    public void process(Record<String, JoinedInteraction> record) {
        EnrichedInteraction enriched = enricher.enrich(record.value());
        context.forward(record.withValue(enriched), Names.ENRICHED_INTERACTIONS_SINK);
        long now = clock.millis();
        context.forward(record.withValue(new TrainingRecord.Event(enriched, now)), Names.LOG_INTERACTIONS);
        monitor.enriched(Math.max(0, now - enriched.recordTime()));
    }
}

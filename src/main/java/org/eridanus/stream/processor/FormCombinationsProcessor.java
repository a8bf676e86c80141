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

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, Object> context;

    /** A step for one schema, with the clock that writes the ticks. */
    public FormCombinationsProcessor(FeatureSchema schema, Clock clock) {
        this.enricher = new Enricher(schema);
        this.clock = clock;
    }

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
    }

    @Override
    public void process(Record<String, JoinedInteraction> record) {
        EnrichedInteraction enriched = enricher.enrich(record.value());
        context.forward(record.withValue(enriched), Names.ENRICHED_INTERACTIONS_SINK);
        context.forward(record.withValue(new TrainingRecord.Event(enriched, clock.millis())), Names.LOG_INTERACTIONS);
    }
}

package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Names;

/**
 * Gives an interaction its item as the catalogue has it now.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class JoinItemProcessor implements Processor<String, JoinedInteraction, String, JoinedInteraction> {
    private final FeaturesMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, JoinedInteraction> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, CatalogueItem> catalogue;

    /** A step. */
    public JoinItemProcessor(FeaturesMonitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<String, JoinedInteraction> context) {
        this.context = context;
        this.catalogue = context.getStateStore(Names.CATALOGUE_STORE);
    }

    @Override
    public void process(Record<String, JoinedInteraction> record) {
        CatalogueItem announced = catalogue.get(record.value().interaction().item());
        if (announced == null) {
            monitor.unknownItem();
            context.forward(record);
        } else {
            context.forward(record.withValue(record.value().with(announced.item())));
        }
    }
}

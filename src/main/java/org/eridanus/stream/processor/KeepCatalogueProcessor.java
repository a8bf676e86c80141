package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.stream.Names;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalogue, whole, in every instance.
 *
 * <p>Threading: used by the global thread alone, and without state of its own, for Kafka Streams restores the
 * store through another instance than the one that keeps it later.
 */
public final class KeepCatalogueProcessor implements Processor<String, @Nullable CatalogueItem, Void, Void> {
    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<String, CatalogueItem> catalogue;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.catalogue = context.getStateStore(Names.CATALOGUE_STORE);
    }

    @Override
    public void process(Record<String, @Nullable CatalogueItem> record) {
        CatalogueItem announced = record.value();
        if (announced == null) {
            catalogue.delete(record.key());
        } else {
            catalogue.put(record.key(), announced);
        }
    }
}

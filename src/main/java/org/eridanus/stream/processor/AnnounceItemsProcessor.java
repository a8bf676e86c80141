package org.eridanus.stream.processor;

import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.eridanus.event.Item;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.stream.Names;
import org.jspecify.annotations.Nullable;

/**
 * Tells catalogue and training log of items that are announced, changed or, by a tombstone, removed.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
public final class AnnounceItemsProcessor implements Processor<String, @Nullable Item, String, @Nullable Object> {
    private final FeatureSchema schema;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, @Nullable Object> context;

    /** A step for one schema. */
    public AnnounceItemsProcessor(FeatureSchema schema) {
        this.schema = schema;
    }

    @Override
    public void init(ProcessorContext<String, @Nullable Object> context) {
        this.context = context;
    }

    @Override
    public void process(Record<String, @Nullable Item> record) {
        Item item = record.value();
        if (item == null) {
            context.forward(record.withValue((Object) null), Names.CATALOGUE_SINK);
            context.forward(record.withValue(new TrainingRecord.ItemRemoved(record.key())), Names.LOG_ITEMS);
        } else {
            Map<String, List<String>> categories = schema.valuesOfItem(item);
            context.forward(record.withValue(new CatalogueItem(item, categories)), Names.CATALOGUE_SINK);
            context.forward(record.withValue(new TrainingRecord.ItemAnnounced(item, categories)), Names.LOG_ITEMS);
        }
    }
}

package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.eridanus.event.Coordinate;

/** Where the record that is being processed stands in its topic. */
final class Coordinates {
    private Coordinates() {}

    static RecordMetadata metadata(ProcessorContext<?, ?> context) {
        return context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("task " + context.taskId()
                        + ": a record from a topic has a topic, a partition and an offset, but this one has none"));
    }

    static Coordinate of(ProcessorContext<?, ?> context) {
        RecordMetadata metadata = metadata(context);
        return new Coordinate(metadata.partition(), metadata.offset());
    }
}

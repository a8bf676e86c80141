package org.eridanus.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's own timestamp: when it was produced. Topics that people write to take it from the broker's
 * clock. A record without one, which a misconfigured topic could hold, takes the latest time seen in its
 * partition instead of stopping the application; its event time then shows it to be odd.
 */
public final class RecordTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTime);
    }
}

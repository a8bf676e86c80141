package org.eridanus.stream.processor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.eridanus.event.Rejection;

/**
 * Refused records as they go to {@code dead-letters}: the original key, value, time and headers, and in further
 * headers, as UTF-8 text, why it was refused and where it came from.
 */
public final class DeadLetters {
    /** Header with the label of the broken rule, see {@link Rejection.Reason#label()}. */
    public static final String REASON = "reason";
    /** Header with the value and the remedy, for people. */
    public static final String DETAIL = "detail";
    /** Header with the topic it came from. */
    public static final String TOPIC = "topic";
    /** Header with the partition it came from. */
    public static final String PARTITION = "partition";
    /** Header with the offset it had there. */
    public static final String OFFSET = "offset";
    /** Header with the record's time, ms since the epoch. */
    public static final String TIME = "time";

    private static final List<String> OURS = List.of(REASON, DETAIL, TOPIC, PARTITION, OFFSET, TIME);

    private DeadLetters() {}

    static Record<byte[], byte[]> of(Record<byte[], byte[]> record, Rejection rejection, RecordMetadata source) {
        Headers headers = new RecordHeaders(record.headers().toArray());
        OURS.forEach(headers::remove);
        add(headers, REASON, rejection.reason().label());
        add(headers, DETAIL, rejection.detail());
        add(headers, TOPIC, source.topic());
        add(headers, PARTITION, Integer.toString(source.partition()));
        add(headers, OFFSET, Long.toString(source.offset()));
        add(headers, TIME, Long.toString(record.timestamp()));
        return record.withHeaders(headers);
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}

package org.eridanus.stream;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/**
 * Stops at a record whose bytes are not what the topic holds. Records that people write are read as bytes and rejected
 * by validation, so that only Eridanus's own topics come here; to go on would lose an event without a count.
 */
public final class FailOnUnreadableRecord implements DeserializationExceptionHandler {
    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        throw RecordException.of("read", context, exception);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // Nothing to configure.
    }
}

package org.eridanus.stream;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/** Stops at a record that a processor cannot process, and says which one; to go on would lose it without a count. */
public final class FailOnUnprocessedRecord implements ProcessingExceptionHandler {
    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        throw RecordException.of("process", context, exception);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // Nothing to configure.
    }
}

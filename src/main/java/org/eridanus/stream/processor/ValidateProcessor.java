package org.eridanus.stream.processor;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.eridanus.event.Rejection;
import org.eridanus.event.Validated;
import org.eridanus.stream.InputMonitor;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one source topic into accepted values for the next step, and everything else into dead
 * letters. Headers end here: what people attach to a record is kept in a dead letter, and goes nowhere else.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 *
 * @param <T> what is read
 */
public final class ValidateProcessor<T> implements Processor<byte[], byte[], Object, Object> {
    /**
     * An accepted record.
     *
     * @param key id of the user or item
     * @param value null for a tombstone
     */
    public record Accepted<T>(String key, @Nullable T value) {}

    /**
     * Reads one record; never throws, whatever the bytes are.
     *
     * @param <T> what is read
     */
    @FunctionalInterface
    public interface Reader<T> {
        /** The accepted record, or why there is none. */
        Validated<Accepted<T>> read(byte @Nullable [] key, byte @Nullable [] value, long recordTime);
    }

    private final String topic;
    private final Reader<T> reader;
    private final String next;
    private final String deadLetters;
    private final InputMonitor monitor;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<Object, Object> context;

    /**
     * A step.
     *
     * @param topic the topic by its own name, whatever the cluster calls it; for the monitor
     * @param reader reads a record
     * @param next name of the node that takes what is accepted
     * @param deadLetters name of the node that takes the rest
     */
    public ValidateProcessor(String topic, Reader<T> reader, String next, String deadLetters, InputMonitor monitor) {
        this.topic = topic;
        this.reader = reader;
        this.next = next;
        this.deadLetters = deadLetters;
        this.monitor = monitor;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata source = Coordinates.metadata(context);
        Validated<Accepted<T>> read = reader.read(record.key(), record.value(), record.timestamp());
        if (read instanceof Validated.Valid<Accepted<T>> valid) {
            monitor.accepted(topic);
            Accepted<T> accepted = valid.value();
            context.forward(
                    new Record<Object, @Nullable Object>(accepted.key(), accepted.value(), record.timestamp()), next);
        } else if (read instanceof Validated.Rejected<Accepted<T>> rejected) {
            Rejection rejection = rejected.rejection();
            monitor.rejected(topic, rejection.reason());
            context.forward(DeadLetters.of(record, rejection, source), deadLetters);
        }
    }
}

package org.eridanus.accounting;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eridanus.topic.TopicNames;

/**
 * Feeds a {@link StreamingAudit} with the topics from their start, read-committed, on a thread of its own. Where retention
 * removes what it has not read yet, reading fails: an account with a hole is none.
 *
 * <p>Threading: {@link #progress} is for any thread, the audit for nobody else until {@link #finish} has returned.
 */
public final class AuditReader implements AutoCloseable {
    private static final int FETCH_BYTES = 4 << 20;

    private final StreamingAudit audit = new StreamingAudit(TopicNames.PLAIN);
    private final CommittedReader reader;
    private volatile StreamingAudit.Progress progress = StreamingAudit.Progress.NONE;

    /** A reader that reads at once; the topics have to be there, and nothing in them be removed yet. */
    public AuditReader(String bootstrapServers) {
        reader = new CommittedReader(
                bootstrapServers,
                "audit",
                TopicNames.PLAIN,
                Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES),
                new CommittedReader.Sink() {
                    @Override
                    public void take(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
                        audit.take(record, receivedAt);
                    }

                    @Override
                    public void taken() {
                        progress = audit.progress();
                    }
                });
        reader.start();
    }

    /**
     * How far it has come; may be a few milliseconds old.
     *
     * @throws IllegalStateException if reading has failed, with the cause
     */
    public StreamingAudit.Progress progress() {
        reader.check();
        return progress;
    }

    /**
     * Reads on to where the topics end now, stops, and gives the account. May be called once.
     *
     * @throws IllegalStateException if reading fails, or does not get there in time
     */
    public StreamingAudit.Account finish(Duration patience) {
        reader.finish(patience);
        return audit.account();
    }

    /** Stops reading, wherever it is. */
    @Override
    public void close() {
        reader.close();
    }
}

package org.eridanus.accounting;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eridanus.topic.TopicNames;

/**
 * Feeds a {@link StreamingAudit} with the topics from their start, read-committed, on a thread of its own. Where retention
 * removes what it has not read yet, reading fails: an account with a hole is none.
 *
 * <p>Threading: {@link #progress} is for any thread, the audit for nobody else until {@link #finish} has returned.
 */
public final class AuditReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int FETCH_BYTES = 4 << 20;

    private final StreamingAudit audit = new StreamingAudit(TopicNames.PLAIN);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile StreamingAudit.Progress progress = StreamingAudit.Progress.NONE;
    private volatile boolean finishing;
    private volatile boolean closing;

    /** A reader that reads at once; the topics have to be there, and nothing in them be removed yet. */
    public AuditReader(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "audit",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        // Where the next offset was removed, reading must not go on elsewhere.
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread = new Thread(this::run, "audit");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * How far it has come; may be a few milliseconds old.
     *
     * @throws IllegalStateException if reading has failed, with the cause
     */
    public StreamingAudit.Progress progress() {
        if (done.isCompletedExceptionally()) {
            join(Duration.ZERO);
        }
        return progress;
    }

    /**
     * Reads on to where the topics end now, stops, and gives the account. May be called once.
     *
     * @throws IllegalStateException if reading fails, or does not get there in time
     */
    public StreamingAudit.Account finish(Duration patience) {
        finishing = true;
        join(patience);
        return audit.account();
    }

    private void join(Duration patience) {
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were audited", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics could not be audited: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the topics must be audited to their end within " + patience.toSeconds() + " s, and were not", e);
        }
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> partitions = LedgerFeed.TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
            while (!finishing && !closing) {
                poll();
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!closing
                    && !ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                poll();
            }
            done.complete(null);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        long receivedAt = System.currentTimeMillis();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            audit.take(record, receivedAt);
        }
        if (!records.isEmpty()) {
            progress = audit.progress();
        }
    }

    @Override
    public void close() {
        closing = true;
    }
}

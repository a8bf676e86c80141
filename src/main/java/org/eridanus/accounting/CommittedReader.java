package org.eridanus.accounting;

import java.time.Duration;
import java.util.HashMap;
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
 * Reads the topics of an account from their start, read-committed, on a thread of its own. It joins no group and commits
 * nothing.
 *
 * <p>Threading: made, started, finished and closed by any thread; what it reads is handed on by its own.
 */
final class CommittedReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final String name;
    private final TopicNames names;
    private final Sink sink;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean finishing;
    private volatile boolean closing;

    /** What is done with the records. */
    interface Sink {
        /** Takes a record that was received at a time, ms since the epoch. */
        void take(ConsumerRecord<byte[], byte[]> record, long receivedAt);

        /** Several were taken; a good moment to say how far it has come. */
        void taken();
    }

    /**
     * A reader that has not started.
     *
     * @param name of its thread and client, and what errors call what it does
     * @param names how topics are called
     * @param settings of the consumer; they go before ours
     */
    CommittedReader(String bootstrapServers, String name, TopicNames names, Map<String, Object> settings, Sink sink) {
        this.name = name;
        this.names = names;
        this.sink = sink;
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Where the next offset was removed, reading does not go on elsewhere unless it is told to.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
        config.putAll(settings);
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts reading; the topics have to be there. */
    void start() {
        thread.start();
    }

    /**
     * Throws if reading has failed.
     *
     * @throws IllegalStateException with the cause
     */
    void check() {
        if (done.isCompletedExceptionally()) {
            join(Duration.ZERO);
        }
    }

    /**
     * Reads on to where the topics end now, and stops.
     *
     * @throws IllegalStateException if reading fails, or does not get there in time
     */
    void finish(Duration patience) {
        finishing = true;
        join(patience);
    }

    private void join(Duration patience) {
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were read for the " + name, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the topics could not be read for the " + name + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the topics must be read to their end for the " + name + " within " + patience.toSeconds()
                            + " s, and were not",
                    e);
        }
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> partitions = LedgerFeed.TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(names.of(topic)).stream())
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
            sink.take(record, receivedAt);
        }
        if (!records.isEmpty()) {
            sink.taken();
        }
    }

    /** Stops reading, wherever it is. */
    @Override
    public void close() {
        closing = true;
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
        }
    }
}

package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a {@link Ledger} with everything in the topics from their start, read-committed, on a thread of its own. It
 * joins no group and commits nothing. Of models, and of tests, it looks at those of the first generation.
 *
 * <p>Threading: {@link #progress} and {@link #latestList} are for any thread, the ledger for nobody else until {@link #finish} has returned.
 */
public final class AccountingReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final TopicNames names;
    private final LedgerFeed feed;
    private final Map<String, byte[]> latestLists = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile Progress progress = Progress.NONE;
    private volatile boolean finishing;
    private volatile boolean closing;

    /**
     * A reader that has not started.
     *
     * @param bootstrapServers where to connect
     * @param watched users whose latest list is kept
     */
    public AccountingReader(String bootstrapServers, Iterable<String> watched) {
        this(bootstrapServers, TopicNames.PLAIN, watched);
    }

    /**
     * The same where topics are called in another way.
     *
     * @param names how topics are called
     */
    public AccountingReader(String bootstrapServers, TopicNames names, Iterable<String> watched) {
        this.names = names;
        this.feed = new LedgerFeed(names);
        watched.forEach(user -> latestLists.put(user, new byte[0]));
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "accounting",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        50),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        thread = new Thread(this::run, "accounting");
        thread.setDaemon(true);
    }

    /** Starts reading. */
    public void start() {
        thread.start();
    }

    /**
     * How far it has come; may be a few milliseconds old.
     *
     * @throws IllegalStateException if reading has failed, with the cause
     */
    public Progress progress() {
        if (done.isCompletedExceptionally()) {
            join(Duration.ZERO);
        }
        return progress;
    }

    /**
     * Reads on to where the topics end now, stops, and hands over the ledger. May be called once.
     *
     * @throws IllegalStateException if reading fails, or does not get there in time
     */
    public Ledger finish(Duration patience) {
        finishing = true;
        join(patience);
        return feed.ledger();
    }

    /** The latest list of a watched user as it stands in the topic. */
    public Optional<byte[]> latestList(String user) {
        return Optional.ofNullable(latestLists.get(user)).filter(list -> list.length > 0);
    }

    private void join(Duration patience) {
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the accounting was read", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the accounting could not be read: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the accounting must be read to its end within " + patience.toSeconds() + " s, and was not", e);
        }
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> partitions = LedgerFeed.TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(names.of(topic)).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
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
            feed.take(record, receivedAt);
            keepList(record);
        }
        if (!records.isEmpty()) {
            progress = feed.progress();
        }
    }

    private void keepList(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null && record.topic().equals(names.of(Topics.RECOMMENDATIONS))) {
            byte @Nullable [] list = record.value();
            latestLists.computeIfPresent(
                    new String(record.key(), UTF_8), (watched, before) -> list == null ? new byte[0] : list);
        }
    }

    /** Stops reading, wherever it is. */
    @Override
    public void close() {
        closing = true;
        if (!thread.isAlive()) {
            consumer.close();
        }
    }
}

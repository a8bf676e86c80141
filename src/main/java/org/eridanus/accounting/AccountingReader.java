package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
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
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eridanus.event.Coordinate;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.serde.WireException;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a {@link Ledger} with everything in the topics from their start, read-committed, on a thread of its own. It
 * joins no group and commits nothing.
 *
 * <p>Threading: {@link #progress} and {@link #latestList} are for any thread, the ledger for nobody else until {@link #finish} has returned.
 */
public final class AccountingReader implements AutoCloseable {
    private static final List<String> TOPICS = List.of(
            Topics.INTERACTIONS,
            Topics.ENRICHED_INTERACTIONS,
            Topics.DEAD_LETTERS,
            Topics.TRAINING_LOG,
            Topics.MODEL,
            Topics.EVALUATIONS,
            Topics.RECOMMENDATIONS);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final byte[] MARKER = ModelRow.Marker.KEY.getBytes(UTF_8);

    private final TopicNames names;
    private final ModelRowFormat rows = new ModelRowFormat(false);
    private final Ledger ledger = new Ledger();
    private final Map<String, byte[]> latestLists = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile Progress progress = Progress.NONE;
    private volatile boolean finishing;
    private volatile boolean closing;
    private long announced;
    private long firstListAt;

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
        return ledger;
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
            List<TopicPartition> partitions = TOPICS.stream()
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
            try {
                take(record, receivedAt);
            } catch (SerializationException e) {
                ledger.unreadable(record.topic(), record.partition(), record.offset(), String.valueOf(e.getMessage()));
            }
        }
        if (!records.isEmpty()) {
            progress = Progress.of(ledger, announced, firstListAt);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
        byte[] value = record.value();
        switch (names.plain(record.topic())) {
            case Topics.INTERACTIONS -> ledger.interaction(new Coordinate(record.partition(), record.offset()));
            case Topics.ENRICHED_INTERACTIONS ->
                ledger.enriched(
                        record.partition(), EnrichedInteractionFormat.head(required(value)), record.timestamp());
            case Topics.DEAD_LETTERS -> takeDeadLetter(record);
            case Topics.TRAINING_LOG -> takeTraining(required(value));
            case Topics.MODEL -> {
                if (Arrays.equals(record.key(), MARKER)
                        && rows.decode(required(value)) instanceof ModelRow.Marker marker) {
                    ledger.marker(marker);
                }
            }
            case Topics.EVALUATIONS -> ledger.evaluated(record.partition(), FactReader.evaluation(required(value)));
            case Topics.RECOMMENDATIONS -> takeList(record.key(), value, receivedAt);
            default -> throw new IllegalStateException("a topic that was not asked for: " + record.topic());
        }
    }

    private void takeDeadLetter(ConsumerRecord<byte[], byte[]> record) {
        try {
            ledger.deadLetter(
                    record.partition(),
                    names.plain(header(record, DeadLetters.TOPIC)),
                    new Coordinate(
                            Integer.parseInt(header(record, DeadLetters.PARTITION)),
                            Long.parseLong(header(record, DeadLetters.OFFSET))),
                    header(record, DeadLetters.REASON));
        } catch (IllegalArgumentException e) {
            throw new WireException("a dead letter's headers must name its coordinate: " + e.getMessage());
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new WireException("a dead letter must have a header " + name);
        }
        return new String(header.value(), UTF_8);
    }

    private void takeTraining(byte[] value) {
        TrainingRecordFormat.Head head = TrainingRecordFormat.head(value);
        announced += head.announcement() ? 1 : 0;
        head.event().ifPresentOrElse(event -> ledger.logged(event.coordinate()), ledger::loggedOther);
    }

    private void takeList(byte @Nullable [] key, byte @Nullable [] value, long receivedAt) {
        String user = new String(required(key), UTF_8);
        if (value == null) {
            ledger.forgotten(user);
            latestLists.computeIfPresent(user, (watched, list) -> new byte[0]);
        } else {
            firstListAt = firstListAt == 0 ? receivedAt : firstListAt;
            ledger.recommended(FactReader.list(value), receivedAt);
            latestLists.computeIfPresent(user, (watched, list) -> value);
        }
    }

    private static byte[] required(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new WireException("a key and a value are required");
        }
        return bytes;
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

package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    private final TopicNames names;
    private final LedgerFeed feed;
    private final Map<String, byte[]> latestLists = new ConcurrentHashMap<>();
    private final CommittedReader reader;
    private volatile Progress progress = Progress.NONE;

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
        reader = new CommittedReader(
                bootstrapServers,
                "accounting",
                names,
                // What retention has removed is not in the account.
                Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new CommittedReader.Sink() {
                    @Override
                    public void take(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
                        feed.take(record, receivedAt);
                        keepList(record);
                    }

                    @Override
                    public void taken() {
                        progress = feed.progress();
                    }
                });
    }

    /** Starts reading. */
    public void start() {
        reader.start();
    }

    /**
     * How far it has come; may be a few milliseconds old.
     *
     * @throws IllegalStateException if reading has failed, with the cause
     */
    public Progress progress() {
        reader.check();
        return progress;
    }

    /**
     * Reads on to where the topics end now, stops, and hands over the ledger. May be called once.
     *
     * @throws IllegalStateException if reading fails, or does not get there in time
     */
    public Ledger finish(Duration patience) {
        reader.finish(patience);
        return feed.ledger();
    }

    /** The latest list of a watched user as it stands in the topic. */
    public Optional<byte[]> latestList(String user) {
        return Optional.ofNullable(latestLists.get(user)).filter(list -> list.length > 0);
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
        reader.close();
    }
}

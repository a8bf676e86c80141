package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.model.Generation;
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
 * Keeps a {@link Ledger} of the records of the {@linkplain #TOPICS topics}, each partition from its start and in order,
 * the partitions in any interleaving.
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class LedgerFeed {
    /** The topics that an account is made of, by their plain names. */
    public static final List<String> TOPICS = List.of(
            Topics.INTERACTIONS,
            Topics.ENRICHED_INTERACTIONS,
            Topics.DEAD_LETTERS,
            Topics.TRAINING_LOG,
            Topics.MODEL,
            Topics.EVALUATIONS,
            Topics.RECOMMENDATIONS);

    private static final byte[] MARKER = ModelRow.Marker.KEY.getBytes(UTF_8);

    private final TopicNames names;
    private final ModelRowFormat rows = new ModelRowFormat(false);
    private final Ledger ledger = new Ledger();
    private long announced;
    private long firstListAt;

    /**
     * A feed that has had no record.
     *
     * @param names how topics are called
     */
    public LedgerFeed(TopicNames names) {
        this.names = names;
    }

    /** The ledger so far. */
    public Ledger ledger() {
        return ledger;
    }

    /** How far the pipeline had come by these records. */
    public Progress progress() {
        return Progress.of(ledger, announced, firstListAt);
    }

    /**
     * Takes the next record of a partition. One that is not what its topic carries is a violation.
     *
     * @param receivedAt when it could be read, ms since the epoch
     */
    public void take(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
        try {
            enter(record, receivedAt);
        } catch (SerializationException e) {
            ledger.unreadable(record.topic(), record.partition(), record.offset(), String.valueOf(e.getMessage()));
        }
    }

    private void enter(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
        byte[] value = record.value();
        switch (names.plain(record.topic())) {
            case Topics.INTERACTIONS -> ledger.interaction(new Coordinate(record.partition(), record.offset()));
            case Topics.ENRICHED_INTERACTIONS -> {
                if (value == null) {
                    ledger.cleared(new String(required(record.key()), UTF_8));
                } else {
                    ledger.enriched(record.partition(), EnrichedInteractionFormat.head(value), record.timestamp());
                }
            }
            case Topics.DEAD_LETTERS -> enterDeadLetter(record);
            case Topics.TRAINING_LOG -> enterTraining(required(value));
            case Topics.MODEL -> {
                if (Arrays.equals(record.key(), MARKER)
                        && rows.decode(required(value)) instanceof ModelRow.Marker marker) {
                    ledger.marker(marker);
                }
            }
            case Topics.EVALUATIONS -> {
                FactReader.Tested tested = FactReader.tested(required(value));
                if (tested.generation().equals(Generation.FIRST)) {
                    ledger.evaluated(record.partition(), tested.evaluation());
                }
            }
            case Topics.RECOMMENDATIONS -> enterList(record.key(), value, receivedAt);
            default -> throw new IllegalStateException("a topic that was not asked for: " + record.topic());
        }
    }

    private void enterDeadLetter(ConsumerRecord<byte[], byte[]> record) {
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

    private void enterTraining(byte[] value) {
        TrainingRecordFormat.Head head = TrainingRecordFormat.head(value);
        announced += head.announcement() ? 1 : 0;
        head.event()
                .ifPresentOrElse(
                        event -> ledger.logged(event.coordinate(), event.feedback() == Feedback.POSITIVE),
                        ledger::loggedOther);
    }

    private void enterList(byte @Nullable [] key, byte @Nullable [] value, long receivedAt) {
        if (value == null) {
            ledger.forgotten(new String(required(key), UTF_8));
        } else {
            firstListAt = firstListAt == 0 ? receivedAt : firstListAt;
            ledger.recommended(FactReader.list(value), receivedAt);
        }
    }

    private static byte[] required(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new WireException("a key and a value are required");
        }
        return bytes;
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.config.Configuration;
import org.eridanus.event.Rejection;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * The topic {@code dead-letters}: what it holds, what of it was produced again, and producing the rest again.
 *
 * <p>Each reason has a consumer group of its own, whose offset stands behind the last dead letter of that reason that was
 * produced again. Records and offsets are written in one transaction, so that each dead letter is produced again once,
 * however often and wherever a run is cut short; of two runs at the same time the later fences the earlier.
 *
 * <p>Threading: for one thread.
 */
final class DeadLetterTopic {
    /** Header of a record that was produced again: where it stood in its topic when it was refused first. */
    static final String ORIGIN = "dead-letter-origin";
    /** Header of a record that was produced again: how often it was. */
    static final String ATTEMPTS = "dead-letter-attempts";

    private static final Set<String> OWN_HEADERS = Set.of(
            DeadLetters.REASON,
            DeadLetters.DETAIL,
            DeadLetters.TOPIC,
            DeadLetters.PARTITION,
            DeadLetters.OFFSET,
            DeadLetters.TIME,
            ORIGIN,
            ATTEMPTS);
    private static final int RECORDS_A_TRANSACTION = 500;
    private static final int PATIENCE_SECONDS = 30;
    /** Records of the topic's largest size, 2 MiB, have to pass. */
    private static final int REQUEST_BYTES = 4 << 20;

    private final Configuration configuration;
    private final String topic;
    private final Set<Rejection.Reason> reasons;
    private final Map<Rejection.Reason, Map<TopicPartition, Long>> replayed = new EnumMap<>(Rejection.Reason.class);

    /** The topic of a cluster, and of it these reasons. */
    DeadLetterTopic(Configuration configuration, Set<Rejection.Reason> reasons) {
        this.configuration = configuration;
        this.topic = configuration.topics().names().of(Topics.DEAD_LETTERS);
        this.reasons = Set.copyOf(reasons);
    }

    /**
     * One dead letter.
     *
     * @param record as it stands in the topic
     * @param reason the rule that it broke, empty where the header names none that this version knows
     * @param origin {@code topic-partition@offset} of the refused record
     * @param replayed whether it was produced again
     */
    record Letter(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record,
            Optional<Rejection.Reason> reason,
            String origin,
            boolean replayed) {
        /** A header as text, empty where there is none. */
        String header(String name) {
            return text(record.headers(), name);
        }
    }

    /** What producing again came to. */
    static final class Outcome {
        final Map<Rejection.Reason, Long> produced = new EnumMap<>(Rejection.Reason.class);
        /** Dead letters whose topic is none that people write to, which stay where they are. */
        long foreign;

        long total() {
            return produced.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Hands over every dead letter of the reasons, in the order of its partition. */
    void read(Consumer<Letter> letters, Runnable check) {
        reasons.forEach(reason -> replayed.put(reason, offsets(reason)));
        try (TopicReader reader = new TopicReader(configuration, Topics.DEAD_LETTERS)) {
            reader.readToEnd(record -> letter(record).ifPresent(letters), check);
        }
    }

    private Optional<Letter> letter(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        String label = text(record.headers(), DeadLetters.REASON);
        Optional<Rejection.Reason> reason = DeadLettersCommand.reason(label);
        if (!reason.map(reasons::contains).orElse(reasons.size() == Rejection.Reason.values().length)) {
            return Optional.empty();
        }
        String origin = text(record.headers(), DeadLetters.TOPIC) + "-"
                + text(record.headers(), DeadLetters.PARTITION) + "@"
                + text(record.headers(), DeadLetters.OFFSET);
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean done = reason.map(each ->
                        record.offset() < replayed.getOrDefault(each, Map.of()).getOrDefault(partition, 0L))
                .orElse(false);
        return Optional.of(new Letter(record, reason, origin, done));
    }

    /**
     * Produces every dead letter of the reasons again that was not yet, to the topic it came from.
     *
     * @param check called now and then; throws if there is no point in going on
     */
    Outcome replay(Runnable check) {
        Outcome outcome = new Outcome();
        for (Rejection.Reason reason : reasons) {
            replay(reason, outcome, check);
        }
        return outcome;
    }

    private void replay(Rejection.Reason reason, Outcome outcome, Runnable check) {
        Map<String, Object> settings = new HashMap<>(configuration.streams().producerConfig());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group(reason));
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            // Fences a run that is still going on, and ends its transaction, so that the offsets are those that count.
            producer.initTransactions();
            DeadLetterTopic ofReason = new DeadLetterTopic(configuration, Set.of(reason));
            Batch batch = new Batch(producer, new ConsumerGroupMetadata(group(reason)), outcome, reason);
            ofReason.read(batch::add, check);
            batch.commit();
        } catch (ProducerFencedException e) {
            throw new CommandException(
                    "another run produces dead letters of reason " + reason.label()
                            + " again, and took over; let it end, and start this one anew",
                    e);
        }
    }

    /** What goes into one transaction. */
    private final class Batch {
        private final KafkaProducer<byte @Nullable [], byte @Nullable []> producer;
        private final ConsumerGroupMetadata group;
        private final Outcome outcome;
        private final Rejection.Reason reason;
        private final List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        private long foreign;

        Batch(
                KafkaProducer<byte @Nullable [], byte @Nullable []> producer,
                ConsumerGroupMetadata group,
                Outcome outcome,
                Rejection.Reason reason) {
            this.producer = producer;
            this.group = group;
            this.outcome = outcome;
            this.reason = reason;
        }

        void add(Letter letter) {
            if (letter.replayed()) {
                return;
            }
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record = letter.record();
            String target = letter.header(DeadLetters.TOPIC);
            if (Topics.INPUT.contains(configuration.topics().names().plain(target))) {
                records.add(again(letter, target));
            } else {
                foreign++;
            }
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
            if (records.size() >= RECORDS_A_TRANSACTION) {
                commit();
            }
        }

        void commit() {
            if (offsets.isEmpty()) {
                return;
            }
            producer.beginTransaction();
            records.forEach(producer::send);
            producer.sendOffsetsToTransaction(offsets, group);
            producer.commitTransaction();
            outcome.produced.merge(reason, (long) records.size(), Long::sum);
            outcome.foreign += foreign;
            records.clear();
            offsets.clear();
            foreign = 0;
        }
    }

    /** The record as it came, to the topic it came to; its own headers say where it stood first, and how often it was tried. */
    private static ProducerRecord<byte @Nullable [], byte @Nullable []> again(Letter letter, String target) {
        ConsumerRecord<byte @Nullable [], byte @Nullable []> record = letter.record();
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!OWN_HEADERS.contains(header.key())) {
                headers.add(header);
            }
        }
        String first = letter.header(ORIGIN);
        headers.add(ORIGIN, (first.isEmpty() ? letter.origin() : first).getBytes(UTF_8));
        headers.add(ATTEMPTS, Integer.toString(attempts(letter) + 1).getBytes(UTF_8));
        return new ProducerRecord<>(target, null, record.key(), record.value(), headers);
    }

    /** How often a dead letter was produced again before it came back. */
    static int attempts(Letter letter) {
        String attempts = letter.header(ATTEMPTS);
        return attempts.matches("[0-9]{1,6}") ? Integer.parseInt(attempts) : 0;
    }

    private String group(Rejection.Reason reason) {
        return configuration.streams().prefix() + "eridanus-dead-letters-" + reason.label();
    }

    private Map<TopicPartition, Long> offsets(Rejection.Reason reason) {
        try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            admin.listConsumerGroupOffsets(group(reason))
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .forEach((partition, offset) -> {
                        if (offset != null && partition.topic().equals(topic)) {
                            offsets.put(partition, offset.offset());
                        }
                    });
            return offsets;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking for the offsets of " + group(reason), e);
        } catch (ExecutionException e) {
            throw new KafkaException("the cluster must tell the offsets of " + group(reason) + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new KafkaException("the cluster did not answer within " + PATIENCE_SECONDS + " s", e);
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}

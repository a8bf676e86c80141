package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
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
 * <p>Each reason has a consumer group of its own, behind whose offset no dead letter of that reason waits. Records and offsets
 * are written in one transaction, so that each dead letter is produced again once, however often and wherever a run is cut
 * short; of two runs at the same time the later fences the earlier. A run reads the topic once, from the first offset at which
 * a letter of its reasons may wait. A letter that was produced again {@value #MOST_ATTEMPTS} times and refused each time is
 * given up: it stays where it is, so that a run by a timer ends even where nothing was mended.
 *
 * <p>Threading: for one thread.
 */
final class DeadLetterTopic {
    /** Header of a record that was produced again: where it stood in its topic when it was refused first. */
    static final String ORIGIN = "dead-letter-origin";
    /** Header of a record that was produced again: how often it was. */
    static final String ATTEMPTS = "dead-letter-attempts";
    /** How often a record is produced again, however often it is refused. */
    static final int MOST_ATTEMPTS = 5;

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
    private static final long BYTES_A_TRANSACTION = 8 << 20;
    private static final String GROUPS = "eridanus-dead-letters";
    /** Records of the topic's largest size, 2 MiB, have to pass. */
    private static final int REQUEST_BYTES = 4 << 20;

    private final Configuration configuration;
    private final String topic;
    private final Set<Rejection.Reason> reasons;
    private final Map<Rejection.Reason, Map<TopicPartition, Long>> done = new EnumMap<>(Rejection.Reason.class);

    /** The topic of a cluster, and of it these reasons. */
    DeadLetterTopic(Configuration configuration, Set<Rejection.Reason> reasons) {
        this.configuration = configuration;
        this.topic = configuration.topics().names().of(Topics.DEAD_LETTERS);
        this.reasons = Set.copyOf(reasons);
    }

    /** What producing a dead letter again comes to. */
    enum Fate {
        /** It goes to the topic it came from. */
        PRODUCED,
        /** It stays, for the topic that its headers name is none that people write to. */
        FOREIGN,
        /** It stays, for it was refused as often as it may be. */
        GIVEN_UP
    }

    /**
     * One dead letter.
     *
     * @param record as it stands in the topic
     * @param reason the rule that it broke, empty where the header names none that this version knows
     * @param origin {@code topic-partition@offset} of the refused record
     * @param fate what producing it again comes to
     * @param done whether a run has seen to it
     */
    record Letter(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record,
            Optional<Rejection.Reason> reason,
            String origin,
            Fate fate,
            boolean done) {
        /** A header as text, empty where there is none. */
        String header(String name) {
            return text(record.headers(), name);
        }

        /** How often it was produced again before it came back. */
        int attempts() {
            return DeadLetterTopic.attempts(record.headers());
        }

        /** Whether it was produced again. */
        boolean replayed() {
            return done && fate == Fate.PRODUCED;
        }
    }

    /** How many dead letters of each reason came to what. */
    static final class Outcome {
        private final Map<Fate, Map<Rejection.Reason, Long>> counts = new EnumMap<>(Fate.class);

        void count(Fate fate, Rejection.Reason reason) {
            counts.computeIfAbsent(fate, each -> new EnumMap<>(Rejection.Reason.class))
                    .merge(reason, 1L, Long::sum);
        }

        void add(Outcome other) {
            other.counts.forEach((fate, reasons) -> reasons.forEach(
                    (reason, count) -> counts.computeIfAbsent(fate, each -> new EnumMap<>(Rejection.Reason.class))
                            .merge(reason, count, Long::sum)));
        }

        /** Those of a fate, by reason. */
        Map<Rejection.Reason, Long> of(Fate fate) {
            return counts.getOrDefault(fate, Map.of());
        }

        long total(Fate fate) {
            return of(fate).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Hands over every dead letter of the reasons, in the order of its partition. */
    void read(Consumer<Letter> letters, Runnable check) {
        askWhatIsDone();
        try (TopicReader reader = new TopicReader(configuration, Topics.DEAD_LETTERS)) {
            reader.readToEnd(record -> letter(record).ifPresent(letters), check);
        }
    }

    /** What {@link #replay} would come to now. */
    Outcome foresee(Runnable check) {
        Outcome outcome = new Outcome();
        readWaiting(letter -> outcome.count(letter.fate(), letter.reason().orElseThrow()), check);
        return outcome;
    }

    /**
     * Hands over those that wait, and returns the offsets before which none of the reasons waits then.
     *
     * <p>Those of a reason that this version does not know do not wait.
     */
    private Map<TopicPartition, Long> readWaiting(Consumer<Letter> letters, Runnable check) {
        askWhatIsDone();
        try (TopicReader reader = new TopicReader(configuration, Topics.DEAD_LETTERS)) {
            for (TopicPartition partition : reader.partitions()) {
                long first = reasons.stream()
                        .mapToLong(reason -> done(reason, partition))
                        .min()
                        .orElse(0);
                if (first > 0) {
                    reader.seek(partition, first);
                }
            }
            reader.readToEnd(
                    record -> letter(record)
                            .filter(letter -> letter.reason().isPresent() && !letter.done())
                            .ifPresent(letters),
                    check);
            return reader.positions();
        }
    }

    /** What the headers of a record say, which anyone may have written; empty if it is of another reason. */
    Optional<Letter> letter(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        String label = text(record.headers(), DeadLetters.REASON);
        Optional<Rejection.Reason> reason = DeadLettersCommand.reason(label);
        if (!reason.map(reasons::contains).orElse(reasons.size() == Rejection.Reason.values().length)) {
            return Optional.empty();
        }
        String source = text(record.headers(), DeadLetters.TOPIC);
        String origin = source + "-" + text(record.headers(), DeadLetters.PARTITION) + "@"
                + text(record.headers(), DeadLetters.OFFSET);
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean done =
                reason.map(each -> record.offset() < done(each, partition)).orElse(false);
        Fate fate = !Topics.INPUT.contains(configuration.topics().names().plain(source))
                ? Fate.FOREIGN
                : attempts(record.headers()) >= MOST_ATTEMPTS ? Fate.GIVEN_UP : Fate.PRODUCED;
        return Optional.of(new Letter(record, reason, origin, fate, done));
    }

    private long done(Rejection.Reason reason, TopicPartition partition) {
        return done.getOrDefault(reason, Map.of()).getOrDefault(partition, 0L);
    }

    /**
     * Produces every dead letter of the reasons again that waits, to the topic it came from.
     *
     * @param check called now and then; throws if there is no point in going on
     */
    Outcome replay(Runnable check) {
        Map<String, Object> settings = new HashMap<>(configuration.streams().producerConfig());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        String transactionalId = configuration.streams().prefix() + GROUPS;
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
        try (KafkaProducer<byte @Nullable [], byte @Nullable []> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            Batch batch = new Batch(producer);
            try {
                // Fences a run that is still going on, and ends its transaction, so that the offsets are those that
                // count.
                producer.initTransactions();
                Map<TopicPartition, Long> end = readWaiting(batch::add, check);
                return batch.finish(end);
            } catch (KafkaException e) {
                if (!isFenced(e)) {
                    throw e;
                }
                throw new CommandException(
                        "one run at a time may produce dead letters again, and another one took over from this one,"
                                + " transactional id " + transactionalId + ", after "
                                + batch.outcome.total(Fate.PRODUCED)
                                + " were produced again; the other goes on with the rest: let it end, and start a"
                                + " timer's runs further apart",
                        e);
            }
        }
    }

    /** Whether a newer producer took over; which exception says so depends on what the older one was at. */
    private static boolean isFenced(KafkaException e) {
        return Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException);
    }

    /** What goes into one transaction. */
    private final class Batch {
        private final KafkaProducer<byte @Nullable [], byte @Nullable []> producer;
        private final Outcome outcome = new Outcome();
        private final List<ProducerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        private final Map<Rejection.Reason, Map<TopicPartition, OffsetAndMetadata>> offsets =
                new EnumMap<>(Rejection.Reason.class);
        private Outcome pending = new Outcome();
        private long bytes;

        Batch(KafkaProducer<byte @Nullable [], byte @Nullable []> producer) {
            this.producer = producer;
        }

        void add(Letter letter) {
            Rejection.Reason reason = letter.reason().orElseThrow();
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record = letter.record();
            pending.count(letter.fate(), reason);
            if (letter.fate() == Fate.PRODUCED) {
                records.add(again(letter, letter.header(DeadLetters.TOPIC)));
                bytes += record.serializedKeySize() + record.serializedValueSize();
            }
            pass(reason, new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            if (records.size() >= RECORDS_A_TRANSACTION || bytes >= BYTES_A_TRANSACTION) {
                commit();
            }
        }

        /** Every reason's offset goes to where reading has ended, so that the next run begins there. */
        Outcome finish(Map<TopicPartition, Long> end) {
            for (Rejection.Reason reason : reasons) {
                end.forEach((partition, offset) -> {
                    if (offset > done(reason, partition)) {
                        pass(reason, partition, offset);
                    }
                });
            }
            commit();
            return outcome;
        }

        private void pass(Rejection.Reason reason, TopicPartition partition, long offset) {
            offsets.computeIfAbsent(reason, each -> new HashMap<>()).put(partition, new OffsetAndMetadata(offset));
        }

        private void commit() {
            if (offsets.isEmpty()) {
                return;
            }
            producer.beginTransaction();
            records.forEach(producer::send);
            offsets.forEach((reason, passed) ->
                    producer.sendOffsetsToTransaction(passed, new ConsumerGroupMetadata(group(reason))));
            producer.commitTransaction();
            outcome.add(pending);
            pending = new Outcome();
            records.clear();
            offsets.clear();
            bytes = 0;
        }
    }

    /** The record as it came, to the topic it came to; its own headers say where it stood first, and how often it was tried. */
    static ProducerRecord<byte @Nullable [], byte @Nullable []> again(Letter letter, String target) {
        ConsumerRecord<byte @Nullable [], byte @Nullable []> record = letter.record();
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!OWN_HEADERS.contains(header.key())) {
                headers.add(header);
            }
        }
        String first = letter.header(ORIGIN);
        headers.add(ORIGIN, (first.isEmpty() ? letter.origin() : first).getBytes(UTF_8));
        headers.add(ATTEMPTS, Integer.toString(letter.attempts() + 1).getBytes(UTF_8));
        return new ProducerRecord<>(target, null, record.key(), record.value(), headers);
    }

    private static int attempts(Headers headers) {
        String attempts = text(headers, ATTEMPTS);
        return attempts.matches("[0-9]{1,6}") ? Integer.parseInt(attempts) : 0;
    }

    private String group(Rejection.Reason reason) {
        return configuration.streams().prefix() + GROUPS + "-" + reason.label();
    }

    private void askWhatIsDone() {
        Map<String, Rejection.Reason> groups =
                reasons.stream().collect(Collectors.toMap(this::group, Function.identity()));
        Map<String, ListConsumerGroupOffsetsSpec> asked = groups.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), each -> new ListConsumerGroupOffsetsSpec()));
        try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
            ClusterAnswer.of(
                            admin.listConsumerGroupOffsets(asked).all(),
                            ClusterAnswer.PATIENCE,
                            "the cluster must tell how far dead letters were produced again")
                    .forEach((group, offsets) -> {
                        Map<TopicPartition, Long> passed = new HashMap<>();
                        offsets.forEach((partition, offset) -> {
                            if (offset != null && partition.topic().equals(topic)) {
                                passed.put(partition, offset.offset());
                            }
                        });
                        done.put(groups.get(group), passed);
                    });
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}

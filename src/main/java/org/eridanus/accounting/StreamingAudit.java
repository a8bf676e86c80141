package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.StableHash;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.EventHead;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.serde.WireException;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Accounts for every event in memory that does not grow with the events: for runs of which a {@link Ledger} would keep
 * bits of every one. Fed like that one, each topic from its start and each partition in order.
 *
 * <p>Of each topic it keeps how many events passed, a sum over mixed coordinates, and the last offset of each pair of a
 * partition and a source partition. Offsets that do not go up are violations at once. At the end, numbers and sums tell
 * whether the same events passed two topics: that another set of events has the same number and the same sum of 64 bits
 * happens once in 2^64. What it cannot do is name the event that is missing.
 *
 * <p>Versions of the model are audited as by the ledger, in memory that depends on how far log and model are apart. Lists
 * are accounted for by the ledger's rules for one user in {@value #SAMPLED}, by {@link StableHash}, or in as many as is
 * asked for.
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class StreamingAudit {
    /** One user in so many is followed to the lists. */
    public static final int SAMPLED = 64;

    private static final byte[] MARKER = ModelRow.Marker.KEY.getBytes(UTF_8);

    /** Where an event passes. */
    private enum Place {
        READ,
        ENRICHED,
        REFUSED,
        LOGGED,
        EVALUATED
    }

    /** What passed one topic. */
    private static final class Passed {
        long count;
        long sum;
        final Map<Long, Long> last = new HashMap<>();
    }

    private final TopicNames names;
    private final int sampled;
    private final ModelRowFormat rows = new ModelRowFormat(false);
    private final ViolationLog violations = new ViolationLog();
    private final Map<Place, Passed> places = new EnumMap<>(Place.class);
    private final MarkerAudit markers = new MarkerAudit(Topics.MODEL, Topics.TRAINING_LOG, violations);
    private final Coverage coverage = new Coverage(Topics.ENRICHED_INTERACTIONS, Topics.RECOMMENDATIONS, violations);
    private long announced;
    private long evicted;
    private long lists;
    private long hits;
    private long ranked;

    /**
     * How far the pipeline has come.
     *
     * @param read interactions
     * @param refused those that went to the dead letters
     * @param enriched those that were enriched
     * @param evaluated those that were tested
     * @param taken those that the last version has taken in, learned from or not
     * @param listsWaited for events of sampled users without a list yet
     * @param announced announcements of items in the training log
     * @param hitRate HR@10 over all ranked events, NaN before the first
     */
    public record Progress(
            long read,
            long refused,
            long enriched,
            long evaluated,
            long taken,
            long listsWaited,
            long announced,
            double hitRate) {
        /** Before anything was read. */
        public static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0, 0, Double.NaN);

        /** Interactions that have gone all the way to their test, or to the dead letters. */
        public long done() {
            return refused + evaluated;
        }

        /** Whether nothing is under way. */
        public boolean settled() {
            return done() == read && taken == enriched && listsWaited == 0;
        }
    }

    /**
     * What became of every event.
     *
     * @param read interactions
     * @param enriched those that were enriched
     * @param refused those that went to the dead letters
     * @param trained those that were learned from, without those that were only tested
     * @param evaluated those that were tested
     * @param sampled events of sampled users that a list covers, or whose users were forgotten before
     * @param lists lists written
     * @param evictedUsers evictions of users in the training log
     * @param violations the first of what is wrong, a sentence each; empty where nothing is
     */
    public record Account(
            long read,
            long enriched,
            long refused,
            long trained,
            long evaluated,
            long sampled,
            long lists,
            long evictedUsers,
            List<String> violations) {
        public Account {
            violations = List.copyOf(violations);
        }

        /** Whether every event is accounted for. */
        public boolean balanced() {
            return violations.isEmpty();
        }
    }

    /**
     * An audit of nothing yet, which follows one user in {@value #SAMPLED} to the lists.
     *
     * @param names how topics are called
     */
    public StreamingAudit(TopicNames names) {
        this(names, SAMPLED);
    }

    /**
     * An audit of nothing yet.
     *
     * @param names how topics are called
     * @param sampled one user in so many is followed to the lists, at least 1, which is every user
     */
    public StreamingAudit(TopicNames names, int sampled) {
        if (sampled < 1) {
            throw new IllegalArgumentException("one user in at least 1 can be followed, got " + sampled);
        }
        this.names = names;
        this.sampled = sampled;
        for (Place place : Place.values()) {
            places.put(place, new Passed());
        }
    }

    /**
     * Takes the next record of a partition of one of {@link LedgerFeed#TOPICS}.
     *
     * @param receivedAt when it could be read, ms since the epoch
     */
    public void take(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
        try {
            enter(record, receivedAt);
        } catch (SerializationException | IllegalArgumentException e) {
            violations.add(
                    Violation.Kind.UNREADABLE,
                    record.topic(),
                    new Coordinate(record.partition(), record.offset()),
                    String.valueOf(e.getMessage()));
        }
    }

    private void enter(ConsumerRecord<byte[], byte[]> record, long receivedAt) {
        byte[] value = record.value();
        switch (names.plain(record.topic())) {
            case Topics.INTERACTIONS -> pass(Place.READ, record, new Coordinate(record.partition(), record.offset()));
            case Topics.ENRICHED_INTERACTIONS -> {
                if (value == null) {
                    String user = new String(required(record.key()), UTF_8);
                    if (isSampled(user)) {
                        coverage.cleared(user);
                    }
                } else {
                    EventHead head = EnrichedInteractionFormat.head(value);
                    pass(Place.ENRICHED, record, head.coordinate());
                    if (isSampled(head.user())) {
                        coverage.enriched(head, record.timestamp());
                    }
                }
            }
            case Topics.DEAD_LETTERS -> refused(record);
            case Topics.TRAINING_LOG -> logged(record, required(value));
            case Topics.MODEL -> {
                if (Arrays.equals(record.key(), MARKER)
                        && rows.decode(required(value)) instanceof ModelRow.Marker marker) {
                    markers.marker(marker);
                }
            }
            case Topics.EVALUATIONS -> {
                FactReader.Tested tested = FactReader.tested(required(value));
                if (tested.generation().equals(Generation.FIRST)) {
                    pass(Place.EVALUATED, record, tested.evaluation().coordinate());
                    if (tested.evaluation().ranked()) {
                        ranked++;
                        hits += tested.evaluation().model() <= 10 ? 1 : 0;
                    }
                }
            }
            case Topics.RECOMMENDATIONS -> {
                String user = new String(required(record.key()), UTF_8);
                lists += value == null ? 0 : 1;
                if (!isSampled(user)) {
                    return;
                }
                if (value == null) {
                    coverage.forgotten(user);
                } else {
                    coverage.recommended(FactReader.list(value), receivedAt);
                }
            }
            default -> throw new IllegalStateException("a topic that was not asked for: " + record.topic());
        }
    }

    private void refused(ConsumerRecord<byte[], byte[]> record) {
        if (header(record, DeadLetters.TOPIC).equals(names.of(Topics.INTERACTIONS))) {
            pass(
                    Place.REFUSED,
                    record,
                    new Coordinate(
                            Integer.parseInt(header(record, DeadLetters.PARTITION)),
                            Long.parseLong(header(record, DeadLetters.OFFSET))));
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(required(record.headers().lastHeader(name).value()), UTF_8);
    }

    private void logged(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        TrainingRecordFormat.Head head = TrainingRecordFormat.head(value);
        announced += head.announcement() ? 1 : 0;
        evicted += head.eviction() ? 1 : 0;
        if (head.event().isPresent()) {
            EventHead event = head.event().get();
            pass(Place.LOGGED, record, event.coordinate());
            markers.logged(event.coordinate(), event.feedback() == Feedback.POSITIVE);
        } else {
            markers.loggedOther();
        }
    }

    private void pass(Place place, ConsumerRecord<byte[], byte[]> record, Coordinate event) {
        Passed passed = passed(place);
        passed.count++;
        passed.sum += StableHash.of(event.partition() + ":" + event.offset());
        Long lane = (long) record.partition() << 32 | event.partition();
        Long before = passed.last.put(lane, event.offset());
        if (before != null && event.offset() <= before) {
            violations.add(
                    event.offset() == before ? Violation.Kind.DOUBLED : Violation.Kind.OUT_OF_ORDER,
                    record.topic(),
                    event,
                    "stands in partition " + record.partition() + " behind " + event.partition() + ":" + before);
        }
    }

    private Passed passed(Place place) {
        Passed passed = places.get(place);
        if (passed == null) {
            throw new IllegalStateException("nothing is counted at " + place);
        }
        return passed;
    }

    /** Whether a user is followed to the lists. */
    boolean isSampled(String user) {
        return Math.floorMod(StableHash.of(user), sampled) == 0;
    }

    private static byte[] required(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new WireException("a key and a value are required");
        }
        return bytes;
    }

    /** How far the pipeline has come by what was read. */
    public Progress progress() {
        return new Progress(
                passed(Place.READ).count,
                passed(Place.REFUSED).count,
                passed(Place.ENRICHED).count,
                passed(Place.EVALUATED).count,
                markers.taken(),
                coverage.waiting(),
                announced,
                ranked == 0 ? Double.NaN : (double) hits / ranked);
    }

    /** What became of every event, as if nothing more came. */
    public Account account() {
        ViolationLog all = new ViolationLog(violations);
        markers.close(all);
        Coverage.Counts counts = coverage.close(all);
        List<String> wrong =
                new ArrayList<>(all.first().stream().map(Violation::toString).toList());
        Passed read = passed(Place.READ);
        Passed enriched = passed(Place.ENRICHED);
        Passed refused = passed(Place.REFUSED);
        compare(
                wrong,
                "read",
                read.count,
                read.sum,
                "enriched or refused",
                enriched.count + refused.count,
                enriched.sum + refused.sum);
        for (Place place : List.of(Place.LOGGED, Place.EVALUATED)) {
            Passed passed = passed(place);
            compare(wrong, "enriched", enriched.count, enriched.sum, label(place), passed.count, passed.sum);
        }
        if (markers.trained() != enriched.count) {
            wrong.add(enriched.count + " events were enriched, the last version has learned from " + markers.trained());
        }
        return new Account(
                read.count,
                enriched.count,
                refused.count,
                markers.trained(),
                passed(Place.EVALUATED).count,
                counts.settled(),
                lists,
                evicted,
                wrong);
    }

    private static String label(Place place) {
        return place == Place.LOGGED ? "in the training log" : "evaluated";
    }

    private static void compare(
            List<String> wrong, String one, long count, long sum, String other, long otherCount, long otherSum) {
        if (count != otherCount) {
            wrong.add(count + " events were " + one + ", " + otherCount + " " + other);
        } else if (sum != otherSum) {
            wrong.add("the " + count + " events that were " + one + " are not those " + other);
        }
    }
}

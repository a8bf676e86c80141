package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Filtered;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.serde.EnrichedInteractionFormat;
import org.eridanus.serde.EvaluationJson;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.RecommendationJson;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.stream.processor.DeadLetters;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * A small history that adds up, byte by byte as the topics hold it: lanes of records (a topic's partition each), in which
 * single records can be dropped, doubled or put out of order.
 */
final class TopicHistory {
    private static final int PARTITIONS = 2;
    private static final int USERS = 5;
    private static final int INTERACTIONS = 60;
    private static final long PRODUCED_AT = 1_000_000;

    /**
     * One record.
     *
     * @param about what its order is kept by: the source partition, or the user for lists
     * @param needed whether its loss shows; see {@link Ledger} for what does not
     * @param record as its topic holds it
     */
    record Fact(String about, boolean needed, ConsumerRecord<byte[], byte[]> record) {}

    private final Map<String, List<Fact>> lanes = new LinkedHashMap<>();

    private TopicHistory() {}

    /** A history from this seed, of users whom a {@link StreamingAudit} follows to their lists. */
    static TopicHistory generate(long seed) {
        return generate(seed, true);
    }

    /**
     * A history from this seed.
     *
     * @param sampled whether a {@link StreamingAudit} follows its users to their lists
     */
    static TopicHistory generate(long seed, boolean sampled) {
        StreamingAudit audit = new StreamingAudit(TopicNames.PLAIN);
        List<String> users = IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "u" + number)
                .filter(user -> audit.isSampled(user) == sampled)
                .limit(USERS)
                .toList();
        TopicHistory history = new TopicHistory();
        new Generator(history, users, new Random(seed)).run();
        return history;
    }

    /** The lanes of one topic, which may be changed. */
    List<List<Fact>> lanes(String topic) {
        return lanes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(topic + "/"))
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * Drops, doubles, and swaps with the next that its order is kept to, each record of a topic whose loss, repetition or
     * place shows.
     *
     * @param check gets what was done and where, for a message, and the history with that one change
     */
    static void mutate(long seed, String topic, BiConsumer<String, TopicHistory> check) {
        int[] done = new int[3];
        List<List<Fact>> lanes = generate(seed).lanes(topic);
        for (int l = 0; l < lanes.size(); l++) {
            for (int i = 0; i < lanes.get(l).size(); i++) {
                Fact fact = lanes.get(l).get(i);
                String where = " record " + i + " of lane " + l + " of " + topic;
                if (fact.needed()) {
                    TopicHistory without = generate(seed);
                    without.lanes(topic).get(l).remove(i);
                    check.accept("lost" + where, without);
                    done[0]++;
                }
                if (fact.about().equals("other")) {
                    continue;
                }
                TopicHistory doubled = generate(seed);
                doubled.lanes(topic).get(l).add(i, fact);
                check.accept("doubled" + where, doubled);
                done[1]++;
                TopicHistory swapped = generate(seed);
                if (swapWithNext(swapped.lanes(topic).get(l), i)) {
                    check.accept("swapped" + where, swapped);
                    done[2]++;
                }
            }
        }
        assertThat(done).as("lost, doubled, swapped").doesNotContain(0);
    }

    /** What a ledger makes of everything, see {@link #replay(long, Consumer)}. */
    Ledger replay(long seed) {
        LedgerFeed feed = new LedgerFeed(TopicNames.PLAIN);
        replay(seed, record -> feed.take(record, PRODUCED_AT + 40));
        return feed.ledger();
    }

    /** Hands over everything, lane by lane in order, the lanes interleaved at random. */
    void replay(long seed, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        Random random = new Random(seed);
        List<Deque<Fact>> rest = new ArrayList<>();
        lanes.values().forEach(lane -> rest.add(new ArrayDeque<>(lane)));
        rest.removeIf(Deque::isEmpty);
        while (!rest.isEmpty()) {
            Deque<Fact> lane = rest.get(random.nextInt(rest.size()));
            sink.accept(lane.remove().record());
            if (lane.isEmpty()) {
                rest.remove(lane);
            }
        }
    }

    private List<Fact> lane(String topic, int partition) {
        return lanes.computeIfAbsent(topic + "/" + partition, each -> new ArrayList<>());
    }

    /** Appends a record that stands behind those that its partition has. */
    private void add(String topic, int partition, String about, boolean needed, String key, byte @Nullable [] value) {
        List<Fact> lane = lane(topic, partition);
        lane.add(new Fact(about, needed, record(topic, new Coordinate(partition, lane.size()), key, value)));
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, Coordinate at, String key, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                topic,
                at.partition(),
                at.offset(),
                PRODUCED_AT,
                TimestampType.CREATE_TIME,
                key.length(),
                value == null ? 0 : value.length,
                key.getBytes(UTF_8),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static final class Generator {
        private static final EnrichedInteractionFormat ENRICHED = new EnrichedInteractionFormat();
        private static final TrainingRecordFormat TRAINING = new TrainingRecordFormat();
        private static final ModelRowFormat ROWS = new ModelRowFormat(false);

        private final TopicHistory history;
        private final List<String> users;
        private final Random random;
        private final long[] nextOffset = new long[PARTITIONS];
        private final Map<Integer, Long> trainedThrough = new TreeMap<>();
        private final Map<String, List<Coordinate>> uncovered = new HashMap<>();
        private final Set<String> forgotten = new HashSet<>();
        private long records;
        private long events;
        private long version;
        private long recordsAtVersion;

        Generator(TopicHistory history, List<String> users, Random random) {
            this.history = history;
            this.users = users;
            this.random = random;
        }

        void run() {
            for (int i = 0; i < 3; i++) {
                logOther();
            }
            for (int i = 0; i < INTERACTIONS; i++) {
                interaction(i);
            }
            uncovered.keySet().forEach(this::coverAll);
            logOther();
            publish(true);
            needOnlyLastLists();
        }

        private void interaction(int i) {
            int number = random.nextInt(USERS);
            String user = users.get(number);
            int partition = number % PARTITIONS;
            // Offsets have gaps where transactions ended.
            nextOffset[partition] += 1 + random.nextInt(3);
            Coordinate coordinate = new Coordinate(partition, nextOffset[partition]);
            String lane = "p" + partition;
            history.lane(Topics.INTERACTIONS, partition)
                    .add(new Fact(lane, true, record(Topics.INTERACTIONS, coordinate, user, new byte[0])));
            if (random.nextInt(6) == 0) {
                refused(coordinate, user, lane);
            } else {
                accepted(coordinate, user, "i" + i, lane);
            }
            if (random.nextInt(4) == 0) {
                logOther();
            }
            if (random.nextInt(8) == 0 && forgotten.add(user)) {
                forget(user, partition);
            }
            if (records - recordsAtVersion >= 8) {
                publish(false);
            }
        }

        private void refused(Coordinate coordinate, String user, String lane) {
            List<Fact> letters = history.lane(Topics.DEAD_LETTERS, coordinate.partition());
            ConsumerRecord<byte[], byte[]> letter = record(
                    Topics.DEAD_LETTERS,
                    new Coordinate(coordinate.partition(), letters.size()),
                    user,
                    "garbage".getBytes(UTF_8));
            Map.of(
                            DeadLetters.REASON,
                            "malformed",
                            DeadLetters.TOPIC,
                            Topics.INTERACTIONS,
                            DeadLetters.PARTITION,
                            String.valueOf(coordinate.partition()),
                            DeadLetters.OFFSET,
                            String.valueOf(coordinate.offset()))
                    .forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
            letters.add(new Fact(lane, true, letter));
        }

        private void accepted(Coordinate coordinate, String user, String item, String lane) {
            int partition = coordinate.partition();
            EnrichedInteraction event = new EnrichedInteraction(
                    coordinate,
                    new Interaction(user, item, "view", null, PRODUCED_AT),
                    PRODUCED_AT,
                    Feedback.POSITIVE,
                    1f,
                    true,
                    false,
                    Map.of(),
                    List.of(),
                    0,
                    List.of(),
                    "0",
                    Attributes.NONE);
            history.add(Topics.ENRICHED_INTERACTIONS, partition, lane, true, user, ENRICHED.encode(event));
            history.add(
                    Topics.TRAINING_LOG,
                    0,
                    lane,
                    true,
                    user,
                    TRAINING.encode(new TrainingRecord.Event(event, PRODUCED_AT)));
            records++;
            Evaluation evaluation =
                    new Evaluation(user, item, coordinate, events, Evaluation.Outcome.RANKED, 100, 3, 5, 20, 50);
            history.add(
                    Topics.EVALUATIONS,
                    partition,
                    lane,
                    true,
                    user,
                    EvaluationJson.write(evaluation, Generation.FIRST));
            events++;
            trainedThrough.put(partition, coordinate.offset());
            uncovered.computeIfAbsent(user, each -> new ArrayList<>()).add(coordinate);
            if (random.nextInt(3) > 0) {
                coverAll(user);
            }
        }

        private void coverAll(String user) {
            List<Coordinate> waiting = uncovered.getOrDefault(user, new ArrayList<>());
            if (waiting.isEmpty()) {
                return;
            }
            Coordinate cause = waiting.get(waiting.size() - 1);
            waiting.clear();
            Recommendation list = new Recommendation(
                    Generation.FIRST,
                    version,
                    new TreeMap<>(trainedThrough),
                    List.of(new RecommendedItem("i1", 1f, List.of())),
                    null,
                    Filtered.NONE);
            history.add(
                    Topics.RECOMMENDATIONS,
                    cause.partition(),
                    user,
                    true,
                    user,
                    RecommendationJson.write(new IssuedRecommendation(user, PRODUCED_AT, cause, false, list)));
        }

        private void forget(String user, int partition) {
            uncovered.remove(user);
            for (String topic : List.of(Topics.ENRICHED_INTERACTIONS, Topics.RECOMMENDATIONS)) {
                history.add(topic, partition, tombstone(user), true, user, null);
            }
            logOther();
        }

        private static String tombstone(String user) {
            return "the tombstone of " + user;
        }

        private void logOther() {
            history.add(
                    Topics.TRAINING_LOG, 0, "other", false, "", TRAINING.encode(new TrainingRecord.Tick(PRODUCED_AT)));
            records++;
        }

        private void publish(boolean last) {
            recordsAtVersion = records;
            version++;
            ModelRow.Marker marker = new ModelRow.Marker(
                    version,
                    records,
                    events,
                    0,
                    events,
                    1,
                    version,
                    new TreeMap<>(trainedThrough),
                    PRODUCED_AT,
                    30,
                    2,
                    false,
                    "online",
                    "abc",
                    "java");
            history.add(Topics.MODEL, 0, "marker", last, ModelRow.Marker.KEY, ROWS.encode(marker));
        }

        /** A list that a later one of the same user follows can go, for that covers what it covered, and one before a tombstone. */
        private void needOnlyLastLists() {
            for (List<Fact> lane : history.lanes(Topics.RECOMMENDATIONS)) {
                Map<String, Integer> last = new HashMap<>();
                for (int i = 0; i < lane.size(); i++) {
                    last.put(new String(lane.get(i).record().key(), UTF_8), i);
                }
                for (int i = 0; i < lane.size(); i++) {
                    Fact fact = lane.get(i);
                    boolean needed = fact.record().value() == null || last.get(fact.about()) == i;
                    lane.set(i, new Fact(fact.about(), needed, fact.record()));
                }
            }
        }
    }

    /** Swaps a record with the next one of its lane that is about the same. Returns whether there is one. */
    private static boolean swapWithNext(List<Fact> lane, int at) {
        for (int i = at + 1; i < lane.size(); i++) {
            if (lane.get(i).about().equals(lane.get(at).about())) {
                Collections.swap(lane, at, i);
                return true;
            }
        }
        return false;
    }
}

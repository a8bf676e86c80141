package org.eridanus.accounting;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EventHead;
import org.eridanus.topic.Topics;

/**
 * A small history that adds up, as the topics would hold it: lanes of records (a topic's partition each), in which
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
     * @param topic where it stands
     * @param about what its order is kept by: the source partition, or the user for lists
     * @param needed whether its loss shows; see {@link Ledger} for what does not
     * @param feed how the ledger learns of it
     */
    record Fact(String topic, String about, boolean needed, Consumer<Ledger> feed) {}

    private final Map<String, List<Fact>> lanes = new LinkedHashMap<>();

    private TopicHistory() {}

    /** A history from this seed. */
    static TopicHistory generate(long seed) {
        TopicHistory history = new TopicHistory();
        new Generator(history, new Random(seed)).run();
        return history;
    }

    /** The lanes of one topic, which may be changed. */
    List<List<Fact>> lanes(String topic) {
        return lanes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(topic + "/"))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Feeds everything, lane by lane in order, the lanes interleaved at random. */
    Ledger replay(long seed) {
        Random random = new Random(seed);
        Ledger ledger = new Ledger();
        List<Deque<Fact>> rest = new ArrayList<>();
        lanes.values().forEach(lane -> rest.add(new ArrayDeque<>(lane)));
        rest.removeIf(Deque::isEmpty);
        while (!rest.isEmpty()) {
            Deque<Fact> lane = rest.get(random.nextInt(rest.size()));
            lane.remove().feed().accept(ledger);
            if (lane.isEmpty()) {
                rest.remove(lane);
            }
        }
        return ledger;
    }

    private void add(String topic, int partition, String about, boolean needed, Consumer<Ledger> feed) {
        lanes.computeIfAbsent(topic + "/" + partition, each -> new ArrayList<>())
                .add(new Fact(topic, about, needed, feed));
    }

    private static final class Generator {
        private final TopicHistory history;
        private final Random random;
        private final long[] nextOffset = new long[PARTITIONS];
        private final Map<Integer, Long> trainedThrough = new TreeMap<>();
        private final Map<String, List<EventHead>> uncovered = new HashMap<>();
        private long records;
        private long events;
        private long version;
        private long recordsAtVersion;

        Generator(TopicHistory history, Random random) {
            this.history = history;
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
            int user = random.nextInt(USERS);
            int partition = user % PARTITIONS;
            // Offsets have gaps where transactions ended.
            nextOffset[partition] += 1 + random.nextInt(3);
            Coordinate coordinate = new Coordinate(partition, nextOffset[partition]);
            String lane = "p" + partition;
            history.add(Topics.INTERACTIONS, partition, lane, true, ledger -> ledger.interaction(coordinate));
            if (random.nextInt(6) == 0) {
                history.add(
                        Topics.DEAD_LETTERS,
                        partition,
                        lane,
                        true,
                        ledger -> ledger.deadLetter(partition, Topics.INTERACTIONS, coordinate, "malformed"));
            } else {
                accepted(new EventHead(coordinate, "u" + user, "i" + i, Feedback.POSITIVE, true, false), lane);
            }
            if (random.nextInt(4) == 0) {
                logOther();
            }
            if (records - recordsAtVersion >= 8) {
                publish(false);
            }
        }

        private void accepted(EventHead event, String lane) {
            Coordinate coordinate = event.coordinate();
            int partition = coordinate.partition();
            history.add(
                    Topics.ENRICHED_INTERACTIONS,
                    partition,
                    lane,
                    true,
                    ledger -> ledger.enriched(partition, event, PRODUCED_AT));
            history.add(Topics.TRAINING_LOG, 0, lane, true, ledger -> ledger.logged(coordinate));
            records++;
            Evaluation evaluation = new Evaluation(
                    event.user(), event.item(), coordinate, events, Evaluation.Outcome.RANKED, 100, 3, 5, 20, 50);
            history.add(Topics.EVALUATIONS, partition, lane, true, ledger -> ledger.evaluated(partition, evaluation));
            events++;
            trainedThrough.put(partition, coordinate.offset());
            uncovered.computeIfAbsent(event.user(), each -> new ArrayList<>()).add(event);
            if (random.nextInt(3) > 0) {
                coverAll(event.user());
            }
        }

        private void coverAll(String user) {
            List<EventHead> waiting = uncovered.getOrDefault(user, new ArrayList<>());
            if (waiting.isEmpty()) {
                return;
            }
            Coordinate cause = waiting.get(waiting.size() - 1).coordinate();
            waiting.clear();
            UserList list = new UserList(
                    user, cause, false, PartitionOffsets.of(trainedThrough), HashedItems.of(List.of("i1")));
            history.add(
                    Topics.RECOMMENDATIONS,
                    cause.partition(),
                    user,
                    true,
                    ledger -> ledger.recommended(list, PRODUCED_AT + 40));
        }

        private void logOther() {
            history.add(Topics.TRAINING_LOG, 0, "other", false, Ledger::loggedOther);
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
                    version,
                    new TreeMap<>(trainedThrough),
                    PRODUCED_AT,
                    30,
                    2,
                    false,
                    "online",
                    "abc",
                    "java");
            history.add(Topics.MODEL, 0, "marker", last, ledger -> ledger.marker(marker));
        }

        /** A list that a later one of the same user follows can go: the later one covers what it covered. */
        private void needOnlyLastLists() {
            for (List<Fact> lane : history.lanes(Topics.RECOMMENDATIONS)) {
                Map<String, Integer> last = new HashMap<>();
                for (int i = 0; i < lane.size(); i++) {
                    last.put(lane.get(i).about(), i);
                }
                for (int i = 0; i < lane.size(); i++) {
                    Fact fact = lane.get(i);
                    lane.set(i, new Fact(fact.topic(), fact.about(), last.get(fact.about()) == i, fact.feed()));
                }
            }
        }
    }

    /** Swaps a record with the next one of its lane that is about the same. Returns whether there is one. */
    static boolean swapWithNext(List<Fact> lane, int at) {
        for (int i = at + 1; i < lane.size(); i++) {
            if (lane.get(i).about().equals(lane.get(at).about())) {
                Collections.swap(lane, at, i);
                return true;
            }
        }
        return false;
    }
}

package org.eridanus.accounting;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.EventHead;
import org.eridanus.topic.Topics;

/**
 * Proves by coordinate that every interaction was accounted for. Fed with the records of the topics, each topic from its
 * start and each partition in order, whatever the interleaving of topics, it holds that
 *
 * <ul>
 *   <li>every interaction was enriched or dead-lettered, once, in order;
 *   <li>every enriched event is in the training log, once, in order, and nothing else is;
 *   <li>every version of the model was made of the records its marker counts, and the last one of every event, so that
 *       each was trained on once, and not only tested because learning was frozen;
 *   <li>every enriched event was evaluated, once, in order, under event numbers without a gap;
 *   <li>every enriched event is covered by a list of its user, whose causes go up, or followed by the tombstone of a user who
 *       was forgotten or evicted, which both topics have.
 * </ul>
 *
 * <p>Order means: within each partition of a topic, the events of one source partition by their offsets, which is all
 * the order that partitions promise. Offsets may have gaps. What cannot be seen: a version missing between two others,
 * which compaction removes as well, and a list missing before a later one of the same user, which coalescing leaves out
 * as well.
 *
 * <p>Memory: six bits an event, two to four bytes for its ranks (six while they grow), and about 500 bytes a user. It refuses
 * more than {@link #MOST_EVENTS}; a {@link StreamingAudit} accounts for any number.
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class Ledger {
    /** Events this long after the first find the JVM's code compiled and its caches filled. */
    public static final Duration WARM_UP = Duration.ofSeconds(10);

    /** Interactions that it takes at most: 275 to 475 MB. */
    public static final int MOST_EVENTS = 100_000_000;

    private final int most;
    private final ViolationLog violations = new ViolationLog();
    private final Passage read = new Passage(Topics.INTERACTIONS, violations);
    private final Passage enriched = new Passage(Topics.ENRICHED_INTERACTIONS, violations);
    private final Passage refused = new Passage(Topics.DEAD_LETTERS, violations);
    private final Passage logged = new Passage(Topics.TRAINING_LOG, violations);
    private final Passage evaluated = new Passage(Topics.EVALUATIONS, violations);
    private final OffsetSet numbers = new OffsetSet();
    private final Map<Integer, Long> lastNumber = new TreeMap<>();
    private final MarkerAudit markers = new MarkerAudit(Topics.MODEL, Topics.TRAINING_LOG, violations);
    private final Coverage coverage = new Coverage(Topics.ENRICHED_INTERACTIONS, Topics.RECOMMENDATIONS, violations);
    private final PrequentialTally prequential = new PrequentialTally();
    private final Map<String, Long> refusals = new TreeMap<>();
    private long deadLetters;
    private long lists;

    /** A ledger of nothing yet. */
    public Ledger() {
        this(MOST_EVENTS);
    }

    /**
     * A ledger of nothing yet.
     *
     * @param most interactions that it takes at most
     */
    Ledger(int most) {
        this.most = most;
    }

    /**
     * A record of {@code interactions}.
     *
     * @throws IllegalStateException if there are more than it takes
     */
    public void interaction(Coordinate coordinate) {
        if (read.count() >= most) {
            throw new IllegalStateException("an account that names each event must have at most " + most
                    + " of them, and there are more; replay fewer, or let prove soak account for them by sums");
        }
        read.add(coordinate.partition(), coordinate);
    }

    /**
     * A record of {@code enriched-interactions}.
     *
     * @param at partition in which it stands
     * @param event what it is about
     * @param recordTime when the interaction was produced, ms since the epoch
     */
    public void enriched(int at, EventHead event, long recordTime) {
        if (enriched.add(at, event.coordinate())) {
            coverage.enriched(event, recordTime);
        }
    }

    /**
     * A record of {@code dead-letters}.
     *
     * @param at partition in which it stands
     * @param topic where the refused record was produced
     * @param source where it stands there
     * @param reason label of the broken rule
     */
    public void deadLetter(int at, String topic, Coordinate source, String reason) {
        deadLetters++;
        refusals.merge(reason, 1L, Long::sum);
        if (topic.equals(Topics.INTERACTIONS)) {
            refused.add(at, source);
        }
    }

    /**
     * A record of {@code training-log} that is an event.
     *
     * @param positive whether there is something to learn from it
     */
    public void logged(Coordinate event, boolean positive) {
        logged.add(0, event);
        markers.logged(event, positive);
    }

    /** A record of {@code training-log} that is something else. */
    public void loggedOther() {
        markers.loggedOther();
    }

    /** A marker of {@code model}. */
    public void marker(ModelRow.Marker marker) {
        markers.marker(marker);
    }

    /**
     * A record of {@code evaluations}.
     *
     * @param at partition in which it stands
     */
    public void evaluated(int at, Evaluation evaluation) {
        if (!evaluated.add(at, evaluation.coordinate())) {
            return;
        }
        long number = evaluation.event();
        long before = lastNumber.getOrDefault(at, -1L);
        if (!numbers.add(number)) {
            violations.add(
                    Violation.Kind.DOUBLED,
                    Topics.EVALUATIONS,
                    evaluation.coordinate(),
                    "event number " + number + " belongs to another interaction");
        } else if (number < before) {
            violations.add(
                    Violation.Kind.OUT_OF_ORDER,
                    Topics.EVALUATIONS,
                    evaluation.coordinate(),
                    "event number " + number + " stands in partition " + at + " behind " + before);
        } else {
            lastNumber.put(at, number);
            prequential.add(evaluation);
        }
    }

    /**
     * A list in {@code recommendations}.
     *
     * @param receivedAt when it could be read, ms since the epoch
     */
    public void recommended(UserList list, long receivedAt) {
        lists++;
        coverage.recommended(list, receivedAt);
    }

    /** A tombstone in {@code enriched-interactions}: the user's history was deleted. */
    public void cleared(String user) {
        coverage.cleared(user);
    }

    /** A tombstone in {@code recommendations}, which follows the one in {@code enriched-interactions}. */
    public void forgotten(String user) {
        coverage.forgotten(user);
    }

    /** A record that is not what its topic carries. */
    public void unreadable(String topic, int partition, long offset, String detail) {
        violations.add(
                Violation.Kind.UNREADABLE,
                topic,
                null,
                "partition " + partition + ", offset " + offset + ": " + detail);
    }

    /** Whether, as far as was read, nothing is under way: each event has arrived everywhere. */
    public boolean settled() {
        return enriched.count() + refused.count() == read.count()
                && logged.count() == enriched.count()
                && evaluated.count() == enriched.count()
                && markers.waiting() == 0
                && coverage.waiting() == 0;
    }

    /** What became of every event, as if nothing more came. Changes nothing. */
    public Balance balance() {
        ViolationLog all = new ViolationLog(violations);
        Passage.reportMissing(
                all, read, Topics.ENRICHED_INTERACTIONS + " and " + Topics.DEAD_LETTERS, enriched, refused);
        enriched.reportUnexpected(all, read);
        refused.reportUnexpected(all, read);
        enriched.reportIn(all, refused);
        Passage.reportMissing(all, enriched, Topics.TRAINING_LOG, logged);
        logged.reportUnexpected(all, enriched);
        Passage.reportMissing(all, enriched, Topics.EVALUATIONS, evaluated);
        evaluated.reportUnexpected(all, enriched);
        numbers.forEachGap(number ->
                all.add(Violation.Kind.MISSING, Topics.EVALUATIONS, null, "no evaluation has event number " + number));
        markers.close(all);
        Coverage.Counts counts = coverage.close(all);
        return new Balance(
                read.count(),
                enriched.count(),
                refused.count(),
                markers.trained(),
                evaluated.count(),
                counts.covered(),
                counts.coalesced(),
                counts.forgotten(),
                all.counts(),
                all.first());
    }

    /** Interactions read. */
    public long read() {
        return read.count();
    }

    /** Interactions enriched. */
    public long enriched() {
        return enriched.count();
    }

    /** Events evaluated. */
    public long evaluated() {
        return evaluated.count();
    }

    /** Events with a list, or without need of one. */
    public long covered() {
        return coverage.counts().settled();
    }

    /** Interactions refused. */
    public long deadLettered() {
        return refused.count();
    }

    /** Events that the last version has learned from; those that were only tested do not count. */
    public long trained() {
        return markers.trained();
    }

    /** Dead letters of all topics. */
    public long deadLetters() {
        return deadLetters;
    }

    /** Dead letters of all topics by the label of the broken rule. */
    public Map<String, Long> refusals() {
        return Collections.unmodifiableMap(refusals);
    }

    /** Lists, answers to requests included. */
    public long lists() {
        return lists;
    }

    /** Lists that answered requests. */
    public long requested() {
        return coverage.requested();
    }

    /** How well events were foreseen before they were learned from. */
    public PrequentialTally prequential() {
        return prequential;
    }

    /** How well the lists that users had been given foresaw their next events. */
    public ServedAccuracy served() {
        return coverage.served();
    }

    /** From an interaction's record time to when a list that covers it could be read. */
    public MillisHistogram latency() {
        return coverage.latency().all();
    }

    /** The same of the events that were produced {@link #WARM_UP} after the first one, or later. */
    public MillisHistogram warmLatency() {
        return coverage.latency().warm();
    }

    /** The last version of the model, 0 before the first. */
    public long modelVersion() {
        return markers.version();
    }

    /** Embedding rows written to {@code model}. */
    public long rows() {
        return markers.rows();
    }

    /** Pair-count rows written to {@code model}. */
    public long pairRows() {
        return markers.pairRows();
    }
}

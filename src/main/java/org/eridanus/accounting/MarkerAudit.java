package org.eridanus.accounting;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eridanus.event.Coordinate;
import org.eridanus.model.ModelRow;
import org.jspecify.annotations.Nullable;

/**
 * Whether each version of the model was made of exactly the training records that its marker counts: folds the training
 * log up to the marker's count, and compares.
 *
 * <p>Log and model come from two topics, and so either may be ahead: log records wait for the marker that counts them,
 * markers for the records they count.
 *
 * <p>A version counts the events that it has taken in, and apart from them the positive ones that it has learned from. What is
 * between the latter and the positive ones of the log was tested and no more: learning was frozen, or the table of items
 * was full.
 */
final class MarkerAudit {
    private final String topic;
    private final String logTopic;
    private final ViolationLog violations;
    private final ArrayDeque<Optional<Logged>> log = new ArrayDeque<>();
    private final ArrayDeque<ModelRow.Marker> waiting = new ArrayDeque<>();
    private final SortedMap<Integer, Long> trainedThrough = new TreeMap<>();
    private long folded;
    private long foldedEvents;
    private long foldedPositives;
    private long loggedEvents;
    private long testedOnly;
    private long trained;
    private long rows;
    private long pairRows;
    private ModelRow.@Nullable Marker last;

    MarkerAudit(String topic, String logTopic, ViolationLog violations) {
        this.topic = topic;
        this.logTopic = logTopic;
        this.violations = violations;
    }

    private record Logged(Coordinate event, boolean positive) {}

    /**
     * The log's next record is an event.
     *
     * @param positive whether there is something to learn from it
     */
    void logged(Coordinate event, boolean positive) {
        log.add(Optional.of(new Logged(event, positive)));
        loggedEvents++;
        fold();
    }

    /** The log's next record is something else. */
    void loggedOther() {
        log.add(Optional.empty());
        fold();
    }

    void marker(ModelRow.Marker marker) {
        ModelRow.Marker before = last;
        if (before != null && marker.version() <= before.version()) {
            violations.add(
                    marker.version() == before.version() ? Violation.Kind.DOUBLED : Violation.Kind.OUT_OF_ORDER,
                    topic,
                    null,
                    "version " + marker.version() + " follows version " + before.version());
            return;
        }
        last = marker;
        rows += marker.rows();
        pairRows += marker.pairRows();
        waiting.add(marker);
        fold();
    }

    private void fold() {
        for (ModelRow.Marker next = waiting.peek(); next != null; next = waiting.peek()) {
            if (folded + log.size() < next.records()) {
                return;
            }
            waiting.remove();
            if (next.records() < folded) {
                violations.add(
                        Violation.Kind.OUT_OF_ORDER,
                        topic,
                        null,
                        "version " + next.version() + " counts " + next.records() + " records of " + logTopic
                                + ", an earlier one " + folded);
                continue;
            }
            while (folded < next.records()) {
                take(log.remove());
            }
            compare(next);
        }
    }

    private void take(Optional<Logged> record) {
        folded++;
        record.ifPresent(logged -> {
            foldedEvents++;
            foldedPositives += logged.positive() ? 1 : 0;
            trainedThrough.put(logged.event().partition(), logged.event().offset());
        });
    }

    private void compare(ModelRow.Marker marker) {
        if (marker.events() != foldedEvents || !marker.trainedThrough().equals(trainedThrough)) {
            violations.add(
                    Violation.Kind.MISCOUNTED,
                    topic,
                    null,
                    "version " + marker.version() + " counts " + marker.events() + " events through "
                            + marker.trainedThrough() + " in the first " + folded + " records of " + logTopic
                            + ", which have " + foldedEvents + " through " + trainedThrough);
        }
        if (marker.positives() > foldedPositives) {
            violations.add(
                    Violation.Kind.MISCOUNTED,
                    topic,
                    null,
                    "version " + marker.version() + " has learned from " + marker.positives()
                            + " positive events, and the first " + folded + " records of " + logTopic + " have "
                            + foldedPositives);
        }
        testedOnly = Math.max(0, foldedPositives - marker.positives());
        trained = marker.events() - testedOnly;
    }

    /** Events that the last version has learned from, as far as there was something to learn from them. */
    long trained() {
        return trained;
    }

    /** The last version, 0 before the first. */
    long version() {
        return last == null ? 0 : last.version();
    }

    /** Embedding rows written by all versions together. */
    long rows() {
        return rows;
    }

    /** Pair-count rows written by all versions together. */
    long pairRows() {
        return pairRows;
    }

    /** Events that the last version has taken in, learned from or not. */
    long taken() {
        return last == null ? 0 : last.events();
    }

    /** Events of the log that no version has taken in yet. */
    long waiting() {
        return loggedEvents - taken();
    }

    /** Reports what is left as if nothing more came, without changing anything here. */
    void close(ViolationLog into) {
        for (ModelRow.Marker marker : waiting) {
            into.add(
                    Violation.Kind.MISCOUNTED,
                    topic,
                    null,
                    "version " + marker.version() + " counts " + marker.records() + " records of " + logTopic
                            + ", which has " + (folded + log.size()));
        }
        if (testedOnly > 0) {
            into.add(
                    Violation.Kind.MISCOUNTED,
                    topic,
                    null,
                    testedOnly
                            + " positive events were tested and not learned from: learning was frozen, or there was no room"
                            + " for their items");
        }
        // What no version has taken in are the last records of the log.
        ModelRow.Marker marker = last;
        long newer = Math.max(0, folded + log.size() - (marker == null ? 0 : marker.records()));
        String why = marker != null && marker.frozen()
                ? "not learned from: training is frozen at version " + marker.version()
                : "not learned from by any version";
        Iterator<Optional<Logged>> backwards = log.descendingIterator();
        while (newer-- > 0 && backwards.hasNext()) {
            backwards.next().ifPresent(logged -> into.add(Violation.Kind.MISSING, topic, logged.event(), why));
        }
    }
}

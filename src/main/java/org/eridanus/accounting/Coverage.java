package org.eridanus.accounting;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.serde.EventHead;
import org.jspecify.annotations.Nullable;

/**
 * Whether every enriched event led to a list, and whether that list, before the next event, foresaw it.
 *
 * <p>A user's events and lists each come in order, but from two topics, and so either may be ahead: events wait for the
 * list that covers them, lists for the event that caused them. A list covers its cause and what waits before it, because
 * refreshes of one user that wait together become one. Where a user is forgotten both topics have a tombstone, and the
 * later one waits for the earlier: what stands before the one among the events needs no list.
 */
final class Coverage {
    private final String enrichedTopic;
    private final String listTopic;
    private final ViolationLog violations;
    private final Map<String, User> users = new HashMap<>();
    private final LatencyTally latency = new LatencyTally();
    private Counts counts = new Counts(0, 0, 0);
    private long events;
    private long tombstones;
    private long requested;
    private long hits;
    private long compared;
    private long unserved;
    private long leaked;
    private long ineligible;

    Coverage(String enrichedTopic, String listTopic, ViolationLog violations) {
        this.enrichedTopic = enrichedTopic;
        this.listTopic = listTopic;
        this.violations = violations;
    }

    /**
     * What became of the events.
     *
     * @param covered events with a list that follows them
     * @param lists lists that cover events, by each the last before it was made
     * @param forgotten events of users who were forgotten before a list came
     */
    record Counts(long covered, long lists, long forgotten) {
        long coalesced() {
            return covered - lists;
        }

        long settled() {
            return covered + forgotten;
        }
    }

    /** What waits for a list: an event, or the tombstone behind those that need none. */
    private sealed interface Waiting {}

    private record Event(Coordinate coordinate, String item, boolean eligible, long recordTime) implements Waiting {}

    /** What came before its cause: a list, or the tombstone of a user whose tombstone among the events is to come. */
    private sealed interface Arrived {}

    private record Listed(UserList list, long receivedAt) implements Arrived {}

    /** A tombstone, in either topic. */
    private record Tombstone() implements Waiting, Arrived {
        static final Tombstone IT = new Tombstone();
    }

    private static final class User {
        final ArrayDeque<Waiting> events = new ArrayDeque<>(2);
        final ArrayDeque<Arrived> lists = new ArrayDeque<>(1);
        PartitionOffsets covered = PartitionOffsets.NONE;

        @Nullable
        PartitionOffsets trainedThrough;

        @Nullable
        HashedItems items;
    }

    void enriched(EventHead event, long recordTime) {
        User user = user(event.user());
        boolean eligible = event.feedback() == Feedback.POSITIVE && event.itemAnnounced() && !event.repeat();
        user.events.add(new Event(event.coordinate(), event.item(), eligible, recordTime));
        events++;
        match(user);
    }

    void recommended(UserList list, long receivedAt) {
        User user = user(list.user());
        requested += list.request() ? 1 : 0;
        user.lists.add(new Listed(list, receivedAt));
        match(user);
    }

    /** The tombstone of a user among the events: what stands before it needs no list, once lists have theirs as well. */
    void cleared(String id) {
        User user = user(id);
        user.events.add(Tombstone.IT);
        tombstones++;
        match(user);
    }

    /** The tombstone of a user among the lists. */
    void forgotten(String id) {
        User user = user(id);
        user.lists.add(Tombstone.IT);
        match(user);
    }

    private User user(String id) {
        return users.computeIfAbsent(id, each -> new User());
    }

    private void match(User user) {
        for (Arrived next = user.lists.peek(); next != null; next = user.lists.peek()) {
            if (next instanceof Listed listed) {
                if (!match(user, listed)) {
                    return;
                }
                user.items = listed.list.items();
                user.trainedThrough = listed.list.trainedThrough();
            } else {
                if (!user.events.contains(Tombstone.IT)) {
                    return;
                }
                forget(user);
            }
            user.lists.remove();
        }
    }

    /** Whether a list is settled: it has covered events, or needs none to cover. */
    private boolean match(User user, Listed listed) {
        UserList list = listed.list;
        if (list.request()) {
            return true;
        }
        if (isCovered(user, list)) {
            reportCovered(violations, list);
            return true;
        }
        if (indexOf(user.events, list.cause()) < 0) {
            return false;
        }
        cover(user, listed);
        return true;
    }

    private void forget(User user) {
        long forgotten = counts.forgotten;
        while (user.events.remove() instanceof Event) {
            forgotten++;
        }
        tombstones--;
        counts = new Counts(counts.covered, counts.lists, forgotten);
        user.items = null;
        user.trainedThrough = null;
    }

    private static boolean isCovered(User user, UserList list) {
        return list.cause().offset() <= user.covered.get(list.cause().partition());
    }

    private void reportCovered(ViolationLog into, UserList list) {
        into.add(
                Violation.Kind.DOUBLED,
                listTopic,
                list.cause(),
                "a list for " + list.user() + " whose cause had been covered before");
    }

    private void cover(User user, Listed listed) {
        Coordinate cause = listed.list.cause();
        long covered = counts.covered;
        Coordinate last;
        do {
            Event event = (Event) user.events.remove();
            last = event.coordinate;
            latency.add(event.recordTime, listed.receivedAt - event.recordTime);
            compare(user, event);
            user.covered =
                    user.covered.with(last.partition(), Math.max(user.covered.get(last.partition()), last.offset()));
            covered++;
        } while (!last.equals(cause));
        counts = new Counts(covered, counts.lists + 1, counts.forgotten);
    }

    private void compare(User user, Event event) {
        HashedItems items = user.items;
        PartitionOffsets trainedThrough = user.trainedThrough;
        if (!event.eligible) {
            ineligible++;
        } else if (items == null || trainedThrough == null) {
            unserved++;
        } else if (trainedThrough.get(event.coordinate.partition()) >= event.coordinate.offset()) {
            leaked++;
        } else {
            compared++;
            hits += items.contains(event.item) ? 1 : 0;
        }
    }

    Counts counts() {
        return counts;
    }

    /** Events that wait for a list, and tombstones that wait for the one among the lists. */
    long waiting() {
        return events - counts.settled() + tombstones;
    }

    /** Lists that answered requests. */
    long requested() {
        return requested;
    }

    ServedAccuracy served() {
        return new ServedAccuracy(
                compared == 0 ? Double.NaN : (double) hits / compared, compared, unserved, leaked, ineligible);
    }

    LatencyTally latency() {
        return latency;
    }

    /**
     * Settles what is left as if nothing more came, without changing anything here.
     *
     * @param into takes what is wrong with it
     * @return the counts then
     */
    Counts close(ViolationLog into) {
        long covered = counts.covered;
        long lists = counts.lists;
        long forgotten = counts.forgotten;
        for (Map.Entry<String, User> entry : users.entrySet()) {
            User user = entry.getValue();
            List<Waiting> events = new ArrayList<>(user.events);
            for (Arrived arrived : user.lists) {
                if (arrived instanceof Listed listed) {
                    UserList list = listed.list;
                    int at = list.request() ? -1 : indexOf(events, list.cause());
                    if (at >= 0) {
                        covered += at + 1L;
                        lists++;
                        events.subList(0, at + 1).clear();
                    } else if (!list.request()) {
                        reportUnmatched(into, user, list);
                    }
                } else {
                    int at = events.indexOf(Tombstone.IT);
                    if (at >= 0) {
                        forgotten += at;
                        events.subList(0, at + 1).clear();
                    } else {
                        into.add(
                                Violation.Kind.UNEXPECTED,
                                listTopic,
                                null,
                                "a tombstone of " + entry.getKey() + " that " + enrichedTopic + " does not have");
                    }
                }
            }
            for (Waiting waiting : events) {
                into.add(
                        Violation.Kind.MISSING,
                        listTopic,
                        waiting instanceof Event event ? event.coordinate : null,
                        waiting instanceof Event
                                ? "no list for " + entry.getKey() + " covers this event"
                                : "no tombstone of " + entry.getKey() + ", which " + enrichedTopic + " has");
            }
        }
        return new Counts(covered, lists, forgotten);
    }

    private void reportUnmatched(ViolationLog into, User user, UserList list) {
        if (isCovered(user, list)) {
            reportCovered(into, list);
            return;
        }
        into.add(
                Violation.Kind.UNEXPECTED,
                listTopic,
                list.cause(),
                "a list for " + list.user() + " whose cause is not among the user's events in " + enrichedTopic
                        + ", or covered before");
    }

    /** Where a list's cause is among what waits, if no tombstone stands before it; −1 for nowhere. */
    private static int indexOf(Iterable<? extends Waiting> waiting, Coordinate cause) {
        int at = 0;
        for (Waiting next : waiting) {
            if (!(next instanceof Event event)) {
                return -1;
            }
            if (event.coordinate.equals(cause)) {
                return at;
            }
            at++;
        }
        return -1;
    }
}

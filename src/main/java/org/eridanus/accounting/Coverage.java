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
 * refreshes of one user that wait together become one.
 */
final class Coverage {
    private final String enrichedTopic;
    private final String listTopic;
    private final ViolationLog violations;
    private final Map<String, User> users = new HashMap<>();
    private final LatencyTally latency = new LatencyTally();
    private Counts counts = new Counts(0, 0, 0);
    private long events;
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

    private record Waiting(Coordinate coordinate, String item, boolean eligible, long recordTime) {}

    private record Arrived(UserList list, long receivedAt) {}

    private static final class User {
        final ArrayDeque<Waiting> events = new ArrayDeque<>(2);
        final ArrayDeque<Arrived> lists = new ArrayDeque<>(1);
        PartitionOffsets covered = PartitionOffsets.NONE;

        @Nullable
        PartitionOffsets trainedThrough;

        @Nullable
        HashedItems items;

        /** Events that a tombstone settled, and that may have had a list all the same: of one before they came. */
        PartitionOffsets forgotten = PartitionOffsets.NONE;

        boolean everForgotten;
    }

    void enriched(EventHead event, long recordTime) {
        User user = user(event.user());
        boolean eligible = event.feedback() == Feedback.POSITIVE && event.itemAnnounced() && !event.repeat();
        user.events.add(new Waiting(event.coordinate(), event.item(), eligible, recordTime));
        events++;
        match(user);
    }

    void recommended(UserList list, long receivedAt) {
        User user = user(list.user());
        requested += list.request() ? 1 : 0;
        user.lists.add(new Arrived(list, receivedAt));
        match(user);
    }

    /** A user was forgotten: what is still waiting needs no list. */
    void forgotten(String id) {
        User user = user(id);
        counts = new Counts(counts.covered, counts.lists, counts.forgotten + user.events.size());
        for (Waiting event : user.events) {
            user.forgotten = user.forgotten.with(event.coordinate.partition(), event.coordinate.offset());
        }
        user.events.clear();
        user.items = null;
        user.trainedThrough = null;
        user.everForgotten = true;
    }

    private User user(String id) {
        return users.computeIfAbsent(id, each -> new User());
    }

    private void match(User user) {
        for (Arrived next = user.lists.peek(); next != null; next = user.lists.peek()) {
            if (!next.list.request()) {
                if (isCovered(user, next.list)) {
                    reportCovered(violations, next.list);
                } else if (contains(user.events, next.list.cause())) {
                    cover(user, next);
                } else if (!isForgotten(user, next.list)) {
                    return;
                }
            }
            user.lists.remove();
            user.items = next.list.items();
            user.trainedThrough = next.list.trainedThrough();
        }
    }

    private static boolean isCovered(User user, UserList list) {
        return list.cause().offset() <= user.covered.get(list.cause().partition());
    }

    /**
     * Whether a list's cause was settled by a tombstone: events of a user who came back may be read before the tombstone
     * that stands before their list.
     */
    private static boolean isForgotten(User user, UserList list) {
        return list.cause().offset() <= user.forgotten.get(list.cause().partition());
    }

    private void reportCovered(ViolationLog into, UserList list) {
        into.add(
                Violation.Kind.DOUBLED,
                listTopic,
                list.cause(),
                "a list for " + list.user() + " whose cause had been covered before");
    }

    private static boolean contains(Iterable<Waiting> events, Coordinate cause) {
        for (Waiting event : events) {
            if (event.coordinate.equals(cause)) {
                return true;
            }
        }
        return false;
    }

    private void cover(User user, Arrived arrived) {
        Coordinate cause = arrived.list.cause();
        long covered = counts.covered;
        Coordinate last;
        do {
            Waiting event = user.events.remove();
            last = event.coordinate;
            latency.add(event.recordTime, arrived.receivedAt - event.recordTime);
            compare(user, event);
            user.covered =
                    user.covered.with(last.partition(), Math.max(user.covered.get(last.partition()), last.offset()));
            covered++;
        } while (!last.equals(cause));
        counts = new Counts(covered, counts.lists + 1, counts.forgotten);
    }

    private void compare(User user, Waiting event) {
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

    /** Events that wait for a list. */
    long waiting() {
        return events - counts.settled();
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
                UserList list = arrived.list;
                if (list.request()) {
                    continue;
                }
                int at = indexOf(events, list.cause());
                if (at >= 0) {
                    covered += at + 1L;
                    lists++;
                    events.subList(0, at + 1).clear();
                } else if (isCovered(user, list)) {
                    reportCovered(into, list);
                } else if (!isForgotten(user, list)) {
                    into.add(
                            Violation.Kind.UNEXPECTED,
                            listTopic,
                            list.cause(),
                            "a list for " + list.user() + " whose cause is not among the user's events in "
                                    + enrichedTopic + ", or covered before");
                }
            }
            if (user.everForgotten) {
                forgotten += events.size();
            } else {
                events.forEach(event -> into.add(
                        Violation.Kind.MISSING,
                        listTopic,
                        event.coordinate,
                        "no list for " + entry.getKey() + " covers this event"));
            }
        }
        return new Counts(covered, lists, forgotten);
    }

    private static int indexOf(List<Waiting> events, Coordinate cause) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).coordinate.equals(cause)) {
                return i;
            }
        }
        return -1;
    }
}

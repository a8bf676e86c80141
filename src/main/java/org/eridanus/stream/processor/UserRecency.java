package org.eridanus.stream.processor;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Who was seen least recently among the users of a task: users in the order in which they were seen, in a store, so that
 * the order survives restarts and moves with the task.
 *
 * <p>The order is that of numbers that count up. A user who is seen gets the next one, unless the user's is among the
 * newest quarter of as many numbers as users may be kept: so an active user costs a look-up, not four writes, and whoever
 * is evicted was not seen for at least three quarters of as many numbers.
 *
 * <p>The store holds, by key, {@code n/} and the number: the user; {@code u/} and the user: the number; {@code next}: the
 * next number; {@code users}: how many there are. Numbers are hexadecimal, of equal length, so that keys are in their order.
 *
 * <p>Threading: one instance per task, used by its thread alone.
 */
final class UserRecency {
    /** Most users that are evicted at once; only where the bound was lowered are there more than one. */
    static final int AT_ONCE = 16;

    private static final String NEXT = "next";
    private static final String USERS = "users";
    private static final String BY_NUMBER = "n/";
    private static final String BY_USER = "u/";

    private final KeyValueStore<String, String> store;
    private final int most;
    /** No user has a lower number; keeps the search away from what was deleted. */
    private long lowest;

    /**
     * The order that a store holds.
     *
     * @param most users that may be kept, at least 1
     */
    UserRecency(KeyValueStore<String, String> store, int most) {
        this.store = store;
        this.most = most;
    }

    /** Begins, where the store is empty, with users of whom something is kept already, in the order given. */
    void startWith(Iterator<String> users) {
        if (store.get(NEXT) == null) {
            store.put(NEXT, number(0));
            users.forEachRemaining(this::seen);
        }
    }

    /** Notes that a user was seen. */
    void seen(String user) {
        long next = count(NEXT);
        String before = store.get(BY_USER + user);
        if (before == null) {
            store.put(USERS, number(count(USERS) + 1));
        } else if (next - Long.parseLong(before, 16) <= most / 4) {
            return;
        } else {
            store.delete(BY_NUMBER + before);
        }
        String now = number(next);
        store.put(BY_USER + user, now);
        store.put(BY_NUMBER + now, user);
        store.put(NEXT, number(next + 1));
    }

    /** Forgets a user. */
    void forget(String user) {
        String number = store.delete(BY_USER + user);
        if (number != null) {
            store.delete(BY_NUMBER + number);
            store.put(USERS, number(count(USERS) - 1));
        }
    }

    /** Forgets the users beyond the bound, those first that were seen least recently; returns them. */
    List<String> evict() {
        long beyond = Math.min(AT_ONCE, count(USERS) - most);
        if (beyond <= 0) {
            return List.of();
        }
        List<String> evicted = new ArrayList<>();
        try (KeyValueIterator<String, String> oldest =
                store.range(BY_NUMBER + number(lowest), BY_NUMBER + number(count(NEXT)))) {
            while (evicted.size() < beyond && oldest.hasNext()) {
                KeyValue<String, String> next = oldest.next();
                evicted.add(next.value);
                lowest = Long.parseLong(next.key.substring(BY_NUMBER.length()), 16);
            }
        }
        evicted.forEach(this::forget);
        return evicted;
    }

    private long count(String key) {
        @Nullable String count = store.get(key);
        return count == null ? 0 : Long.parseLong(count, 16);
    }

    private static String number(long number) {
        return HexFormat.of().toHexDigits(number);
    }
}

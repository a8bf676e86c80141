package org.eridanus.baseline;

import java.util.Arrays;

/**
 * What each user has consumed, in order of time.
 *
 * <p>Threading: not thread-safe.
 */
final class Histories {
    private final int[][] items;
    private final int[] sizes;

    /** Empty histories of users 0 to {@code users} − 1. */
    Histories(int users) {
        items = new int[users][0];
        sizes = new int[users];
    }

    int users() {
        return sizes.length;
    }

    void add(int user, int item) {
        if (sizes[user] == items[user].length) {
            items[user] = Arrays.copyOf(items[user], Math.max(8, sizes[user] * 2));
        }
        items[user][sizes[user]++] = item;
    }

    int size(int user) {
        return sizes[user];
    }

    /** The items of a user, oldest first; the first {@link #size} are valid. Live. */
    int[] items(int user) {
        return items[user];
    }

    /** The p-th newest item, p = 0 the newest. */
    int newest(int user, int p) {
        return items[user][sizes[user] - 1 - p];
    }

    int total() {
        return Arrays.stream(sizes).sum();
    }

    /** Who consumed each item: [items][its users, ascending]. */
    int[][] usersByItem(int itemCount) {
        int[] counts = new int[itemCount];
        for (int user = 0; user < sizes.length; user++) {
            for (int p = 0; p < sizes[user]; p++) {
                counts[items[user][p]]++;
            }
        }
        int[][] users = new int[itemCount][];
        for (int item = 0; item < itemCount; item++) {
            users[item] = new int[counts[item]];
        }
        Arrays.fill(counts, 0);
        for (int user = 0; user < sizes.length; user++) {
            for (int p = 0; p < sizes[user]; p++) {
                int item = items[user][p];
                users[item][counts[item]++] = user;
            }
        }
        return users;
    }
}

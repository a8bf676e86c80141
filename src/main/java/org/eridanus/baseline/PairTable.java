package org.eridanus.baseline;

import java.util.Arrays;

/**
 * Counts of ordered pairs of items, a hash table for each first one: memory goes with the pairs that occur, and not with
 * the square of the catalogue.
 *
 * <p>Threading: not thread-safe.
 */
final class PairTable {
    private static final int EMPTY = -1;

    private final int[][] keys;
    private final int[][] counts;
    private final int[] sizes;

    /** All counts are 0. */
    PairTable(int items) {
        keys = new int[items][0];
        counts = new int[items][0];
        sizes = new int[items];
    }

    void increment(int from, int to) {
        if (2 * sizes[from] >= keys[from].length) {
            grow(from);
        }
        int at = slot(keys[from], to);
        if (keys[from][at] == EMPTY) {
            keys[from][at] = to;
            sizes[from]++;
        }
        counts[from][at]++;
    }

    /** The count of a pair. */
    int count(int from, int to) {
        if (sizes[from] == 0) {
            return 0;
        }
        int at = slot(keys[from], to);
        return keys[from][at] == EMPTY ? 0 : counts[from][at];
    }

    /** Adds {@code factor} times the counts of all pairs with this first item to the second one's score. */
    void addTo(float[] scores, int from, float factor) {
        int[] to = keys[from];
        int[] count = counts[from];
        for (int at = 0; at < to.length; at++) {
            if (to[at] != EMPTY) {
                scores[to[at]] += factor * count[at];
            }
        }
    }

    private void grow(int from) {
        int[] oldKeys = keys[from];
        int[] oldCounts = counts[from];
        keys[from] = new int[Math.max(16, 2 * oldKeys.length)];
        counts[from] = new int[keys[from].length];
        Arrays.fill(keys[from], EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = slot(keys[from], oldKeys[i]);
                keys[from][at] = oldKeys[i];
                counts[from][at] = oldCounts[i];
            }
        }
    }

    /** Where a key is or would be; the table's length is a power of 2, and it is never full. */
    private static int slot(int[] table, int key) {
        int mask = table.length - 1;
        int at = (key * 0x9E3779B9 >>> 7) & mask;
        while (table[at] != EMPTY && table[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }
}

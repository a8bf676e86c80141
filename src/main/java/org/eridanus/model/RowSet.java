package org.eridanus.model;

import java.util.Arrays;

/**
 * A set of row indices in order of insertion, cleared in time that depends on its size alone. A bit tells whether it holds a
 * row, so that asking for random rows of a table of millions stays in the processor's caches.
 */
final class RowSet {
    private long[] contained = new long[1];
    private int[] rows = new int[64];
    private int count;

    void add(int row) {
        int word = row >> 6;
        if (word >= contained.length) {
            contained = Arrays.copyOf(contained, Math.max(word + 1, contained.length * 2));
        }
        long bit = 1L << row;
        if ((contained[word] & bit) == 0L) {
            contained[word] |= bit;
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, count * 2);
            }
            rows[count++] = row;
        }
    }

    int count() {
        return count;
    }

    int get(int i) {
        return rows[i];
    }

    /**
     * Writes the rows, ascending where there are about as many as the set can hold, else in order of insertion: what goes
     * through them reads and writes near where it was, and the cost depends on how many there are.
     *
     * @return how many
     */
    int inOrder(int[] out) {
        if (contained.length > count) {
            System.arraycopy(rows, 0, out, 0, count);
            return count;
        }
        int n = 0;
        for (int w = 0; w < contained.length; w++) {
            for (long word = contained[w]; word != 0L; word &= word - 1) {
                out[n++] = (w << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return n;
    }

    /** The rows in ascending order. */
    int[] sorted() {
        int[] sorted = Arrays.copyOf(rows, count);
        Arrays.sort(sorted);
        return sorted;
    }

    void clear() {
        for (int i = 0; i < count; i++) {
            contained[rows[i] >> 6] = 0L;
        }
        count = 0;
    }
}

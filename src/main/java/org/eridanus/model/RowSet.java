package org.eridanus.model;

import java.util.Arrays;

/** A set of row indices in order of insertion, cleared in time that depends on its size alone. */
final class RowSet {
    private boolean[] contained = new boolean[64];
    private int[] rows = new int[64];
    private int count;

    void add(int row) {
        if (row >= contained.length) {
            contained = Arrays.copyOf(contained, Math.max(row + 1, contained.length * 2));
        }
        if (!contained[row]) {
            contained[row] = true;
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

    /** The rows in ascending order. */
    int[] sorted() {
        int[] sorted = Arrays.copyOf(rows, count);
        Arrays.sort(sorted);
        return sorted;
    }

    void clear() {
        for (int i = 0; i < count; i++) {
            contained[rows[i]] = false;
        }
        count = 0;
    }
}

package org.eridanus.model;

import java.util.Arrays;

/**
 * The user's side of an example, as of the moment before the event: what a query is computed from. Owns its arrays;
 * whoever makes one hands them over.
 */
public final class Context {
    /** No active values. */
    static final int[] NO_VALUES = new int[0];

    /** Times of events of which nothing is known. */
    private static final long[] NO_TIMES = new long[0];

    final int[] history;
    final int length;
    private final long[] times;
    final int[][] values;

    /** A context of which no times are known: all of its history is of one moment. */
    public Context(int[] history, int length, int[][] values) {
        this(history, NO_TIMES, length, values);
    }

    /**
     * A context; see {@link DeepAssociationNetwork#rows} and {@link DeepAssociationNetwork#admitRows}.
     *
     * @param history item indices, newest first, kept
     * @param times when each of them was consumed, ms since 1970, kept; empty where that is not known
     * @param length how many of them are valid
     * @param values the active rows of each category in {@link DeepAssociationNetwork#categories()}, kept
     */
    public Context(int[] history, long[] times, int length, int[][] values) {
        this.history = history;
        this.times = times;
        this.length = length;
        this.values = values;
    }

    /** How long before the newest item of the history the p-th was consumed, ms; 0 also where it came later. */
    long age(int p) {
        return times.length == 0 ? 0 : Math.max(0, times[0] - times[p]);
    }

    /** How many history items there are. */
    public int length() {
        return length;
    }

    /** The active rows of each category. Live. */
    public int[][] values() {
        return values;
    }

    @Override
    public String toString() {
        return "Context" + Arrays.toString(Arrays.copyOf(history, length)) + Arrays.deepToString(values);
    }
}

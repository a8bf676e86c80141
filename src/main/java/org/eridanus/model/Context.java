package org.eridanus.model;

import java.util.Arrays;

/**
 * The user's side of an example, as of the moment before the event: what a query is computed from. Owns its arrays;
 * whoever makes one hands them over.
 */
public final class Context {
    /** No active values. */
    static final int[] NO_VALUES = new int[0];

    final int[] history;
    final int length;
    final int[][] values;

    /**
     * A context; see {@link DeepAssociationNetwork#rows} and {@link DeepAssociationNetwork#admitRows}.
     *
     * @param history item indices, newest first, kept
     * @param length how many of them are valid
     * @param values the active rows of each category in {@link DeepAssociationNetwork#categories()}, kept
     */
    public Context(int[] history, int length, int[][] values) {
        this.history = history;
        this.length = length;
        this.values = values;
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

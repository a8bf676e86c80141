package org.eridanus.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The embedding rows of one entity kind ({@code item}, {@code user}, {@code occupation} …): one record an entity,
 * holding its vectors in every table of that kind one after the other, and its bias last.
 *
 * <p>Rows are admitted on first use with a value that depends on (seed, table, id) alone, so the table has no fixed
 * vocabulary. A row gets the lowest index that no row has: indices count up in order of admission, and that of a removed
 * row is used again, so that the next index is a function of the rows in use and a table restored from them goes on as
 * the one that wrote them. Each row is an array of its own, which is what lets the compiler vectorise the loops over it.
 *
 * <p>Threading: not thread-safe; the owner locks.
 */
public final class EmbeddingTable {
    private static final long PURPOSE_INIT = 0x696E6974L;

    private static final int FLOATS_OF_A_LINE = 16;

    private static final float[] NO_STATE = new float[0];

    private final String name;
    private final int width;
    private final boolean biased;
    private final float initialDeviation;
    private final float initialState;
    private final int stateCopies;
    private final int limit;
    private final long seed;
    private final Map<String, Integer> indices = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final BitSet used = new BitSet();
    /** No index below is free. */
    private int lowestFree;

    /** The rows' values by index, live; another array once the table has grown. */
    float[][] rows = new float[64][];

    /** The optimiser's values by index, as {@link #rows}; none where the table is not trainable. */
    float[][] states;

    private final List<String> removed = new ArrayList<>();
    private final RowSet changed = new RowSet();
    private final RowSet stale = new RowSet();

    /**
     * An empty table.
     *
     * @param name entity kind
     * @param width vector values a row, all tables of the kind together, a multiple of 4
     * @param biased whether a row ends with a bias, which starts at 0
     * @param settings initial values, optimiser and limits
     * @param trainable whether rows carry the optimiser's state
     */
    EmbeddingTable(String name, int width, boolean biased, ModelSettings settings, boolean trainable) {
        this.name = name;
        this.width = width;
        this.biased = biased;
        this.initialDeviation = settings.initialDeviation();
        this.stateCopies = trainable ? settings.optimiser().stateCopies() : 0;
        this.initialState = settings.optimiser().initialState();
        this.limit = settings.maxRows();
        this.seed = settings.seed();
        this.states = new float[stateCopies > 0 ? 64 : 0][];
    }

    /** Entity kind. */
    public String name() {
        return name;
    }

    /** One more than the highest index a row ever had. */
    public int size() {
        return ids.size();
    }

    /** Vector values a row, without the bias. */
    public int width() {
        return width;
    }

    /** Rows in use. */
    public int rows() {
        return indices.size();
    }

    /** Bytes of the rows in use and their optimiser's state, without array headers. */
    long bytes() {
        return (long) Float.BYTES * rowLength() * rows() * (1 + stateCopies);
    }

    /** Values of a stored row: the vectors and, where the kind has one, the bias. */
    public int rowLength() {
        return biased ? width + 1 : width;
    }

    /** The id at {@code index}. */
    public String id(int index) {
        return ids.get(index);
    }

    /** The index of {@code id}, or −1 where it was never admitted. */
    public int indexOf(String id) {
        return indices.getOrDefault(id, -1);
    }

    /**
     * The index of {@code id}, admitting it on first use.
     *
     * @return the index, or −1 where the table is full
     */
    public int admit(String id) {
        Integer known = indices.get(id);
        if (known != null) {
            return known;
        }
        if (indices.size() >= limit) {
            return -1;
        }
        float[] row = initial(id);
        float[] fresh = new float[stateCopies * rowLength()];
        Arrays.fill(fresh, initialState);
        int index = used.nextClearBit(lowestFree);
        lowestFree = index + 1;
        put(index, id, row, fresh);
        touch(index);
        return index;
    }

    /** What a row starts at. */
    float[] initial(String id) {
        float[] row = new float[rowLength()];
        SeededRandom random = SeededRandom.of(seed, PURPOSE_INIT ^ SeededRandom.hash(name), SeededRandom.hash(id));
        for (int d = 0; d < width; d++) {
            row[d] = (float) (initialDeviation * random.nextGaussian());
        }
        return row;
    }

    /**
     * Puts a row that was read from a store or a topic.
     *
     * @param index where it belongs; rows may arrive in any order, gaps are filled later
     * @param values {@link #rowLength()} values, kept where there is an optimiser's state, else copied: rows of a served
     *     model are replaced many times a second, and what is replaced would have to be carried on by collections
     * @param optimiserState the optimiser's values, kept, empty where the table is not trainable
     */
    void put(int index, String id, float[] values, float[] optimiserState) {
        if (stateCopies == 0 && index < ids.size() && ids.get(index).equals(id)) {
            System.arraycopy(values, 0, rows[index], 0, values.length);
            return;
        }
        ensureCapacity(index + 1);
        while (ids.size() <= index) {
            ids.add("");
        }
        ids.set(index, id);
        indices.put(id, index);
        used.set(index);
        if (stateCopies > 0) {
            rows[index] = values;
            states[index] = optimiserState;
        } else {
            rows[index] = values.clone();
        }
    }

    /** The row's values, live: the vectors, then the bias. */
    float[] row(int index) {
        return rows[index];
    }

    /** The optimiser's values of a row, live: {@code stateCopies × rowLength}. */
    float[] state(int index) {
        return stateCopies == 0 ? NO_STATE : states[index];
    }

    /** Removes an entity's row; its index is free again. */
    void remove(String id) {
        Integer index = indices.remove(id);
        if (index != null) {
            ids.set(index, "");
            used.clear(index);
            lowestFree = Math.min(lowestFree, index);
            rows[index] = new float[0];
            removed.add(id);
        }
    }

    /** Whether a row is in use. */
    public boolean holds(int index) {
        return !ids.get(index).isEmpty();
    }

    /** Ids removed since the last call. */
    List<String> takeRemoved() {
        List<String> taken = List.copyOf(removed);
        removed.clear();
        return taken;
    }

    /** Marks a row as changed. */
    void touch(int index) {
        changed.add(index);
        if (biased) {
            stale.add(index);
        }
    }

    /**
     * Reads a row and its state, so that they are in the processor's caches when they are worked on: called for all rows of
     * a mini-batch in turn, their waits for memory overlap, which those amid arithmetic do not. In two passes, the first
     * finding each row's arrays and their pages: that is little to do a row, so many rows wait together.
     *
     * @param head whether only the first values are read, else one of each cache line
     * @return a mix of what was read, for the caller to keep, so that the compiler cannot leave the reading out
     */
    int fetch(int index, boolean head) {
        return mix(rows[index], head) ^ (stateCopies == 0 ? 0 : mix(states[index], head));
    }

    private static int mix(float[] values, boolean head) {
        int mix = 0;
        int end = head ? Math.min(1, values.length) : values.length;
        for (int d = 0; d < end; d += FLOATS_OF_A_LINE) {
            mix ^= Float.floatToRawIntBits(values[d]);
        }
        return mix;
    }

    /** Rows changed since the last version. */
    RowSet changed() {
        return changed;
    }

    /** Rows changed since their copy by dimension was refreshed; only items, which have a bias, have such a copy. */
    RowSet stale() {
        return stale;
    }

    private void ensureCapacity(int wanted) {
        if (wanted > rows.length) {
            int capacity = Math.max(wanted, rows.length + (rows.length >> 1));
            rows = Arrays.copyOf(rows, capacity);
            if (stateCopies > 0) {
                states = Arrays.copyOf(states, capacity);
            }
        }
    }
}

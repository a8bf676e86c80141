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
 * the one that wrote them. Each record is an array of its own, which is what lets the compiler vectorise the loops over it:
 * the row's values and, where the table is trainable, the optimiser's after them, because a step needs both, and a second
 * array would be another wait for memory in a table that no cache holds.
 *
 * <p>Threading: not thread-safe; the owner locks.
 */
public final class EmbeddingTable {
    private static final long PURPOSE_INIT = 0x696E6974L;

    private static final int FLOATS_OF_A_LINE = 16;

    /**
     * Bytes of heap that a row takes beside its values: the array's header 16, the id's object and characters 56, its entry
     * and index in the map 48, and its share of the map's slots and of the lists by index, which grow by halves, 30.
     */
    private static final int BYTES_BESIDE = 150;

    private static final float[] REMOVED = new float[0];

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

    /**
     * Records by index, live; another array once the table has grown. In each {@link #rowLength} values of the row, then as
     * many of the optimiser's, from {@link #rowLength} on, as it keeps for each of them, none where the table is not trainable.
     */
    float[][] records = new float[64][];

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

    /** Bytes of heap that a row of one vector takes while it is trained, about; its id has up to 32 characters. */
    public static long heapBytesOfRow(ModelSettings settings) {
        return (long) Float.BYTES
                        * settings.dimension()
                        * (1 + settings.optimiser().stateCopies())
                + BYTES_BESIDE;
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
        float[] record = new float[recordLength()];
        start(id, record);
        Arrays.fill(record, rowLength(), record.length, initialState);
        int index = used.nextClearBit(lowestFree);
        lowestFree = index + 1;
        set(index, id, record);
        touch(index);
        return index;
    }

    /** What a row starts at, its values alone. */
    float[] initial(String id) {
        float[] row = new float[rowLength()];
        start(id, row);
        return row;
    }

    private void start(String id, float[] row) {
        SeededRandom random = SeededRandom.of(seed, PURPOSE_INIT ^ SeededRandom.hash(name), SeededRandom.hash(id));
        for (int d = 0; d < width; d++) {
            row[d] = (float) (initialDeviation * random.nextGaussian());
        }
    }

    /**
     * Puts a row that was read from a store or a topic. A record that is there already is written over: rows of a served
     * model are replaced many times a second, and what is replaced would have to be carried on by collections.
     *
     * @param index where it belongs; rows may arrive in any order, gaps are filled later
     * @param values {@link #rowLength()} values, copied
     * @param optimiserState the optimiser's values, copied; left where the table is not trainable
     */
    void put(int index, String id, float[] values, float[] optimiserState) {
        boolean known = index < ids.size() && ids.get(index).equals(id);
        float[] record = known ? records[index] : new float[recordLength()];
        System.arraycopy(values, 0, record, 0, rowLength());
        System.arraycopy(optimiserState, 0, record, rowLength(), record.length - rowLength());
        if (!known) {
            set(index, id, record);
        }
    }

    private void set(int index, String id, float[] record) {
        ensureCapacity(index + 1);
        while (ids.size() <= index) {
            ids.add("");
        }
        ids.set(index, id);
        indices.put(id, index);
        used.set(index);
        records[index] = record;
    }

    private int recordLength() {
        return (1 + stateCopies) * rowLength();
    }

    /** A row and its optimiser's values, live: the vectors, the bias, then the {@linkplain #state state}. */
    float[] record(int index) {
        return records[index];
    }

    /** A copy of the row's values: the vectors, then the bias. */
    float[] values(int index) {
        return Arrays.copyOf(records[index], rowLength());
    }

    /** A copy of the optimiser's values of a row: {@code stateCopies × rowLength}. */
    float[] state(int index) {
        return Arrays.copyOfRange(records[index], rowLength(), records[index].length);
    }

    /** Removes an entity's row; its index is free again. */
    void remove(String id) {
        Integer index = indices.remove(id);
        if (index != null) {
            ids.set(index, "");
            used.clear(index);
            lowestFree = Math.min(lowestFree, index);
            records[index] = REMOVED;
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
     * Reads a record, so that it is in the processor's caches when it is worked on: called for all rows of a mini-batch in
     * turn, their waits for memory overlap, which those amid arithmetic do not. In two passes, the first finding each record
     * and its page: that is little to do a row, so many rows wait together.
     *
     * @param head whether only the first values are read, else one of each cache line
     * @return a mix of what was read, for the caller to keep, so that the compiler cannot leave the reading out
     */
    int fetch(int index, boolean head) {
        float[] record = records[index];
        int mix = 0;
        int end = head ? Math.min(1, record.length) : record.length;
        for (int d = 0; d < end; d += FLOATS_OF_A_LINE) {
            mix ^= Float.floatToRawIntBits(record[d]);
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
        if (wanted > records.length) {
            records = Arrays.copyOf(records, Math.max(wanted, records.length + (records.length >> 1)));
        }
    }
}

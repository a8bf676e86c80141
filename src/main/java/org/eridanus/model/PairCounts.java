package org.eridanus.model;

import java.util.Arrays;

/**
 * How often one item followed another in users' histories, or came before it: the memorising form of a pair combination, and
 * the evidence of the sequential-rules control line.
 *
 * <p>On event (u, i) with history h₀ (newest), h₁ …: T[hₚ, i] += 1 / (p + 1) and T[i, hₚ] += β / (p + 1) for the newest {@code
 * window} items, nᵢ += 1; β is {@code backward}, 0 for the control line. The evidence for j is S(j) = Σ_{p &lt; scanned} decayᵖ T[hₚ, j] / √(n_{hₚ} + 1), and the joint feature
 * φ(j) = ln(1 + scale · S(j)).
 *
 * <p>Counts are fixed-point integers (1 is {@value #UNIT}), so that their sum does not depend on rounding. A row keeps
 * at most 2 M successors and is cut back to its strongest M when it would grow beyond (ties: the lower index stays),
 * so memory is bounded by 16 M bytes an item. The table is a fold over the events in their order: folding the same
 * events gives the same table.
 *
 * <p>Threading: not thread-safe; the owner locks.
 */
public final class PairCounts {
    /** The fixed-point value of one. */
    static final int UNIT = 5040;

    /** What the sequential-rules control line counts where the model itself keeps no counts. */
    public static final ModelSettings.Pairs CONTROL_LINE =
            new ModelSettings.Pairs(20, 30, 0.85f, 10f, 0f, 512, 1, 0f, 0f);

    private static final long DUE = -1;

    private final int window;
    /** What a count in the other direction adds, fixed-point. */
    private final int backward;

    private final int maxSuccessors;
    private final float[] decays;
    private final float scale;
    private final float[] inverseRoots;
    private int[][] successors = new int[64][];
    private int[][] counts = new int[64][];
    private int[] sizes = new int[64];
    private int[] occurrences = new int[64];
    private long[] added = new long[64];
    private long[] published = new long[64];
    private final RowSet changed = new RowSet();
    private long pruned;

    /** An empty table with the given bounds and decay. */
    public PairCounts(ModelSettings.Pairs settings) {
        this.window = settings.window();
        this.backward = Math.round(UNIT * settings.backward());
        this.maxSuccessors = settings.maxSuccessors();
        this.scale = settings.scale();
        this.decays = new float[settings.scanned()];
        float d = 1f;
        for (int p = 0; p < decays.length; p++) {
            decays[p] = d / UNIT;
            d *= settings.decay();
        }
        this.inverseRoots = new float[4096];
        for (int n = 0; n < inverseRoots.length; n++) {
            inverseRoots[n] = 1f / (float) Math.sqrt(n + 1.0);
        }
    }

    /** Whether it counts what followed and nothing else, as the control line does. */
    public boolean countsForward() {
        return backward == 0;
    }

    /** Newest history items that an event counts for. */
    public int window() {
        return window;
    }

    /**
     * Counts one event.
     *
     * @param context the user's side, as of before the event
     * @param item the consumed item
     */
    public void add(Context context, int item) {
        int[] history = context.history;
        int length = context.length;
        ensureCapacity(item + 1);
        occurrences[item]++;
        int n = Math.min(length, window);
        for (int p = 0; p < n; p++) {
            increment(history[p], item, share(UNIT, p));
            if (backward > 0) {
                increment(item, history[p], share(backward, p));
            }
        }
    }

    /** The (p + 1)-th part, rounded to the nearest. */
    private static int share(int whole, int p) {
        return (whole + p / 2) / (p + 1);
    }

    /**
     * Writes S(j) for every item.
     *
     * @param context whose history gives the evidence
     * @param evidence out, [items]; overwritten
     * @param items how many items there are
     */
    public void evidence(Context context, float[] evidence, int items) {
        int[] history = context.history;
        int length = context.length;
        Arrays.fill(evidence, 0, items, 0f);
        int n = Math.min(length, decays.length);
        for (int p = 0; p < n; p++) {
            int from = history[p];
            if (from >= sizes.length || sizes[from] == 0) {
                continue;
            }
            float factor = decays[p] * inverseRoot(occurrences[from]);
            int[] to = successors[from];
            int[] count = counts[from];
            int size = sizes[from];
            for (int s = 0; s < size; s++) {
                int j = to[s];
                if (j < items) {
                    evidence[j] += factor * count[s];
                }
            }
        }
    }

    /**
     * φ(j) = ln(1 + scale · S(j)) for the first {@code items} items.
     *
     * @param evidence S
     * @param phi out
     */
    void feature(float[] evidence, float[] phi, int items) {
        FloatKernels.CURRENT.logOnePlus(evidence, scale, phi, 0, items);
    }

    /** How many events counted the item. */
    public int occurrences(int item) {
        return item < occurrences.length ? occurrences[item] : 0;
    }

    /** Successors cut away so far to keep rows within their bound. */
    public long pruned() {
        return pruned;
    }

    /** Items with successors. */
    int rows() {
        int rows = 0;
        for (int size : sizes) {
            rows += size > 0 ? 1 : 0;
        }
        return rows;
    }

    /** Bytes held by rows, without array headers. */
    public long bytes() {
        long bytes = 0;
        for (int[] row : successors) {
            bytes += row == null ? 0 : 8L * row.length;
        }
        return bytes;
    }

    /** Replaces an item's row by one that was read from a topic. */
    void put(ModelRow.Pairs row) {
        ensureCapacity(row.index + 1);
        occurrences[row.index] = row.occurrences;
        successors[row.index] = row.successors;
        counts[row.index] = row.counts;
        sizes[row.index] = row.successors.length;
    }

    /** Forgets an item's row and that it was published; its index may become another item's. */
    void drop(int item) {
        if (item < sizes.length) {
            successors[item] = null;
            counts[item] = null;
            sizes[item] = 0;
            occurrences[item] = 0;
            added[item] = 0;
            published[item] = 0;
        }
    }

    private float inverseRoot(int n) {
        return n < inverseRoots.length ? inverseRoots[n] : 1f / (float) Math.sqrt(n + 1.0);
    }

    /** Forgets every count, but not what was published. */
    public void clear() {
        Arrays.fill(successors, null);
        Arrays.fill(counts, null);
        Arrays.fill(sizes, 0);
        Arrays.fill(occurrences, 0);
        Arrays.fill(added, 0);
    }

    /** Items whose counts changed since {@link #clearChanged}. */
    RowSet changed() {
        return changed;
    }

    /** Makes every row due, because counts were dropped. */
    public void publishAllAgain() {
        for (int item = 0; item < published.length; item++) {
            publishAgain(item);
        }
    }

    /** Makes an item's row due, because counts that were published were dropped from it. */
    public void publishAgain(int item) {
        if (item < published.length && published[item] > 0) {
            published[item] = DUE;
            changed.add(item);
        }
    }

    /** Whether an item's counts have grown by {@code growth} since they were published. */
    boolean grown(int item, double growth) {
        return published[item] == DUE || added[item] - published[item] > growth * published[item];
    }

    /** An item's row to publish; from now on it counts as published. */
    ModelRow.Pairs publish(int item, String id, int limit) {
        published[item] = added[item];
        return row(item, id, limit);
    }

    /** An item's row with its strongest successors; a copy. */
    ModelRow.Pairs row(int item, String id, int limit) {
        if (item >= sizes.length) {
            return new ModelRow.Pairs(id, item, 0, 0, new int[0], new int[0]);
        }
        if (sizes[item] == 0) {
            return new ModelRow.Pairs(id, item, occurrences[item], added[item], new int[0], new int[0]);
        }
        int[] to = Arrays.copyOf(successors[item], sizes[item]);
        int[] count = Arrays.copyOf(counts[item], sizes[item]);
        int kept = cut(to, count, to.length, limit);
        return new ModelRow.Pairs(
                id, item, occurrences[item], added[item], Arrays.copyOf(to, kept), Arrays.copyOf(count, kept));
    }

    /** Notes what was published of an item, for a trainer that rebuilds the counts themselves from its events. */
    void restorePublished(ModelRow.Pairs row) {
        ensureCapacity(row.index + 1);
        published[row.index] = row.added;
    }

    private void increment(int from, int to, int by) {
        ensureCapacity(from + 1);
        added[from] += by;
        changed.add(from);
        int size = sizes[from];
        int[] ids = successors[from];
        if (ids == null) {
            ids = successors[from] = new int[8];
            counts[from] = new int[8];
        }
        int at = Arrays.binarySearch(ids, 0, size, to);
        if (at >= 0) {
            counts[from][at] = (int) Math.min(Integer.MAX_VALUE, (long) counts[from][at] + by);
            return;
        }
        if (size == 2 * maxSuccessors) {
            pruned += size - maxSuccessors;
            size = sizes[from] = cut(ids, counts[from], size, maxSuccessors);
            at = Arrays.binarySearch(ids, 0, size, to);
        }
        if (size == ids.length) {
            int capacity = Math.min(2 * maxSuccessors, size * 2);
            ids = successors[from] = Arrays.copyOf(ids, capacity);
            counts[from] = Arrays.copyOf(counts[from], capacity);
        }
        int insert = -at - 1;
        int[] count = counts[from];
        System.arraycopy(ids, insert, ids, insert + 1, size - insert);
        System.arraycopy(count, insert, count, insert + 1, size - insert);
        ids[insert] = to;
        count[insert] = by;
        sizes[from] = size + 1;
    }

    /** Keeps the {@code limit} largest counts in place, in index order; returns how many stay. */
    private static int cut(int[] ids, int[] count, int size, int limit) {
        if (size <= limit) {
            return size;
        }
        int[] sorted = Arrays.copyOf(count, size);
        Arrays.sort(sorted);
        int threshold = sorted[size - limit];
        int above = 0;
        for (int s = 0; s < size; s++) {
            above += count[s] > threshold ? 1 : 0;
        }
        int equals = limit - above;
        int kept = 0;
        for (int s = 0; s < size; s++) {
            if (count[s] > threshold || (count[s] == threshold && equals-- > 0)) {
                ids[kept] = ids[s];
                count[kept] = count[s];
                kept++;
            }
        }
        return kept;
    }

    private void ensureCapacity(int items) {
        if (items > sizes.length) {
            int capacity = Math.max(items, sizes.length + (sizes.length >> 1));
            successors = Arrays.copyOf(successors, capacity);
            counts = Arrays.copyOf(counts, capacity);
            sizes = Arrays.copyOf(sizes, capacity);
            occurrences = Arrays.copyOf(occurrences, capacity);
            added = Arrays.copyOf(added, capacity);
            published = Arrays.copyOf(published, capacity);
        }
    }
}

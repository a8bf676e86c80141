package org.eridanus.model;

import java.util.Arrays;

/**
 * The best candidates by base score: what the association term hands to the tower, and what a ranking is taken from.
 *
 * <p>Threading: not thread-safe; one a thread, reused.
 */
public final class Candidates {
    private int[] items = new int[0];
    private float[] scratch = new float[0];
    private int count;

    /** Selects nothing. */
    public void clear() {
        count = 0;
    }

    /** Whether an item was selected. */
    public boolean contains(int item) {
        return Arrays.binarySearch(items, 0, count, item) >= 0;
    }

    /** How many were selected. */
    public int count() {
        return count;
    }

    /** The selected items, in index order; the first {@link #count()} are valid. Live. */
    public int[] items() {
        return items;
    }

    /**
     * Selects the best {@code wanted} of the eligible items; all where 0. Of equal scores at the border the lower index
     * is taken.
     *
     * @param scores by item
     * @param eligible item indices, ascending
     * @param eligibleCount how many of them are valid
     */
    public void select(float[] scores, int[] eligible, int eligibleCount, int wanted) {
        if (items.length < eligibleCount) {
            items = new int[eligibleCount + (eligibleCount >> 1)];
            scratch = new float[items.length];
        }
        if (wanted == 0 || wanted >= eligibleCount) {
            System.arraycopy(eligible, 0, items, 0, eligibleCount);
            count = eligibleCount;
            return;
        }
        for (int i = 0; i < eligibleCount; i++) {
            scratch[i] = scores[eligible[i]];
        }
        float threshold = nthLargest(scratch, eligibleCount, wanted);
        int above = 0;
        for (int i = 0; i < eligibleCount; i++) {
            above += scores[eligible[i]] > threshold ? 1 : 0;
        }
        int equals = wanted - above;
        count = 0;
        for (int i = 0; i < eligibleCount; i++) {
            float score = scores[eligible[i]];
            if (score > threshold || (score == threshold && equals-- > 0)) {
                items[count++] = eligible[i];
            }
        }
    }

    /** The n-th largest of the first {@code length} values, which are permuted (Hoare's selection). */
    private static float nthLargest(float[] values, int length, int n) {
        int low = 0;
        int high = length - 1;
        int k = n - 1;
        while (low < high) {
            float pivot = median(values[low], values[(low + high) >>> 1], values[high]);
            int i = low;
            int j = high;
            while (i <= j) {
                while (values[i] > pivot) {
                    i++;
                }
                while (values[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    float t = values[i];
                    values[i] = values[j];
                    values[j] = t;
                    i++;
                    j--;
                }
            }
            if (k <= j) {
                high = j;
            } else if (k >= i) {
                low = i;
            } else {
                return values[k];
            }
        }
        return values[k];
    }

    private static float median(float a, float b, float c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    @Override
    public String toString() {
        return "Candidates" + Arrays.toString(Arrays.copyOf(items, count));
    }
}

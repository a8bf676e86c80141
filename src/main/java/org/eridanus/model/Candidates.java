package org.eridanus.model;

import java.util.Arrays;

/**
 * The best candidates by base score: what the association term hands to the tower, and what a ranking is taken from.
 *
 * <p>Threading: not thread-safe; one a thread, reused.
 */
public final class Candidates {
    private static final int SAMPLED_ONE_IN = 8;

    private int[] items = new int[0];
    /** Scores of the eligible items, in their order. */
    private float[] gathered = new float[0];

    private float[] range = new float[0];
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
     * is taken; a score that is no number is worse than every other.
     *
     * <p>The border is sought among the scores that reach a bound, which is read off a sample of them and which nearly always
     * keeps a few more than are wanted; where it keeps fewer, among all.
     *
     * @param scores by item
     * @param eligible item indices, ascending
     * @param eligibleCount how many of them are valid
     */
    public void select(float[] scores, int[] eligible, int eligibleCount, int wanted) {
        if (items.length < eligibleCount) {
            items = new int[eligibleCount + (eligibleCount >> 1)];
            gathered = new float[items.length];
            range = new float[items.length];
        }
        if (wanted == 0 || wanted >= eligibleCount) {
            System.arraycopy(eligible, 0, items, 0, eligibleCount);
            count = eligibleCount;
            return;
        }
        for (int i = 0; i < eligibleCount; i++) {
            float score = scores[eligible[i]];
            gathered[i] = Float.isNaN(score) ? Float.NEGATIVE_INFINITY : score;
        }
        float threshold = threshold(eligibleCount, wanted);
        int above = 0;
        int reaching = 0;
        for (int i = 0; i < eligibleCount; i++) {
            above += gathered[i] > threshold ? 1 : 0;
            items[reaching] = eligible[i];
            reaching += gathered[i] >= threshold ? 1 : 0;
        }
        count = reaching;
        if (reaching > wanted) {
            takeFirstOfEquals(scores, threshold, reaching, wanted - above);
        }
    }

    /** Of the first {@code reaching} items, drops those with a score of {@code threshold} after the first {@code equals}. */
    private void takeFirstOfEquals(float[] scores, float threshold, int reaching, int equals) {
        count = 0;
        for (int i = 0; i < reaching; i++) {
            if (scores[items[i]] > threshold || equals-- > 0) {
                items[count++] = items[i];
            }
        }
    }

    /** The {@code wanted}-th largest of the gathered scores. */
    private float threshold(int length, int wanted) {
        int sampled = 0;
        for (int i = 0; i < length; i += SAMPLED_ONE_IN) {
            range[sampled++] = gathered[i];
        }
        // As far down the sample as the score sought and three deviations of its place there.
        double expected = (double) wanted / SAMPLED_ONE_IN;
        int place = (int) (expected + 3.0 * Math.sqrt(expected)) + 1;
        if (place < sampled) {
            float bound = nthLargest(range, sampled, place);
            int within = 0;
            for (int i = 0; i < length; i++) {
                range[within] = gathered[i];
                within += gathered[i] >= bound ? 1 : 0;
            }
            if (within >= wanted) {
                return nthLargest(range, within, wanted);
            }
        }
        System.arraycopy(gathered, 0, range, 0, length);
        return nthLargest(range, length, wanted);
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

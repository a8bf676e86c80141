package org.eridanus.dataset;

import java.util.Arrays;

/**
 * Draws an index with a probability in proportion to its weight, in O(log n): cumulative sums and a binary search.
 * Immutable.
 */
final class WeightedChoice {
    private final double[] cumulative;

    /** @param weights none negative; copied. Where all are zero, {@link #isEmpty()} */
    WeightedChoice(double[] weights) {
        cumulative = new double[weights.length];
        double sum = 0.0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            cumulative[i] = sum;
        }
    }

    /** The sum of the weights. */
    double total() {
        return cumulative.length == 0 ? 0.0 : cumulative[cumulative.length - 1];
    }

    /** Whether there is nothing to draw. */
    boolean isEmpty() {
        return total() <= 0.0;
    }

    /** An index whose weight is not zero; only where not {@link #isEmpty()}. */
    int draw(SplitMix64 random) {
        // rounding may lift the product to the total, beyond the last index
        double target = Math.min(random.nextDouble() * total(), Math.nextDown(total()));
        int found = Arrays.binarySearch(cumulative, target);
        int index = found >= 0 ? found + 1 : -found - 1;
        while (cumulative[index] <= target) {
            index++;
        }
        return index;
    }
}

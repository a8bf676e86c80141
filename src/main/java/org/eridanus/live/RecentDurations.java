package org.eridanus.live;

import java.util.Arrays;

/**
 * The latest durations, for quantiles of how it is now.
 *
 * <p>Threading: not safe for use by several threads.
 */
final class RecentDurations {
    private final long[] millis;
    private long count;

    RecentDurations(int capacity) {
        millis = new long[capacity];
    }

    void add(long duration) {
        millis[(int) (count++ % millis.length)] = Math.max(0, duration);
    }

    /**
     * The smallest of the latest durations that at least these shares of them do not exceed, in ms; NaN where there is
     * none.
     *
     * @param shares in (0, 1], .5 the median
     */
    double[] quantiles(double... shares) {
        long[] sorted = Arrays.copyOf(millis, (int) Math.min(count, millis.length));
        Arrays.sort(sorted);
        double[] quantiles = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            quantiles[i] = sorted.length == 0
                    ? Double.NaN
                    : sorted[Math.max(0, (int) Math.ceil(shares[i] * sorted.length) - 1)];
        }
        return quantiles;
    }
}

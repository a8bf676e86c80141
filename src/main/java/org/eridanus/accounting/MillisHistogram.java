package org.eridanus.accounting;

import java.util.Arrays;

/**
 * Counts durations by whole milliseconds, exactly up to a minute; longer ones count as a minute. Negative ones, which
 * clocks that were set produce, count as 0.
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class MillisHistogram {
    private static final int LONGEST = 60_000;

    private long[] counts = new long[256];
    private long total;

    /** Counts one duration. */
    public void add(long millis) {
        int bucket = (int) Math.max(0, Math.min(LONGEST, millis));
        if (bucket >= counts.length) {
            counts = Arrays.copyOf(counts, Math.min(LONGEST + 1, Math.max(bucket + 1, 2 * counts.length)));
        }
        counts[bucket]++;
        total++;
    }

    /** How many were counted. */
    public long count() {
        return total;
    }

    /**
     * The smallest duration that at least this share of all does not exceed, in ms; NaN where nothing was counted.
     *
     * @param share in (0, 1], .5 the median
     */
    public double quantile(double share) {
        if (total == 0) {
            return Double.NaN;
        }
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= wanted) {
                return bucket;
            }
        }
        return LONGEST;
    }
}

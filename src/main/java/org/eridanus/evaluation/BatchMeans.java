package org.eridanus.evaluation;

/**
 * The mean of the newest observations of a stream, and its confidence interval by non-overlapping batch means (Law,
 * Simulation Modeling and Analysis, section 9.5.3): observations that follow each other may resemble each other, means of
 * batches much less. With m full batches of mean x̄ and standard deviation s, the interval is x̄ ± t₍m−1, .975₎ s / √m.
 *
 * <p>The window is the newest full batches; the batch that is filling counts for {@link #mean} alone. Only sums are kept.
 *
 * <p>Threading: not thread-safe.
 */
public final class BatchMeans {
    /** Full batches below which there is no interval. */
    public static final int MIN_BATCHES = 10;

    private static final double NORMAL_QUANTILE = 1.959963984540054;

    private final double[] sums;
    private final int size;
    private int full;
    private int next;
    private double filling;
    private int filled;

    /**
     * A mean with its interval.
     *
     * @param mean NaN where there are too few observations
     * @param lower lower bound at 95 % confidence, or NaN
     * @param upper upper bound at 95 % confidence, or NaN
     */
    public record Interval(double mean, double lower, double upper) {
        static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN, Double.NaN);
    }

    /**
     * A window without observations.
     *
     * @param batches most full batches that count, at least {@value #MIN_BATCHES}
     * @param size observations of a batch, at least 1
     */
    public BatchMeans(int batches, int size) {
        if (batches < MIN_BATCHES || size < 1) {
            throw new IllegalArgumentException("a window needs at least " + MIN_BATCHES
                    + " batches of at least 1 observation, got " + batches + " of " + size);
        }
        this.sums = new double[batches];
        this.size = size;
    }

    /** Takes in one observation. */
    public void add(double observation) {
        filling += observation;
        filled++;
        if (filled == size) {
            sums[next] = filling;
            next = (next + 1) % sums.length;
            full = Math.min(full + 1, sums.length);
            filling = 0.0;
            filled = 0;
        }
    }

    /** The mean of the window and of the batch that is filling, NaN before the first observation. */
    public double mean() {
        return (sum() + filling) / ((double) full * size + filled);
    }

    /** The mean of the window's full batches with its interval; all NaN with fewer than {@value #MIN_BATCHES} of them. */
    public Interval interval() {
        if (full < MIN_BATCHES) {
            return Interval.UNKNOWN;
        }
        double mean = sum() / full / size;
        double squares = 0.0;
        for (int b = 0; b < full; b++) {
            double deviation = sums[b] / size - mean;
            squares += deviation * deviation;
        }
        double half = studentQuantile(full - 1) * Math.sqrt(squares / (full - 1) / full);
        return new Interval(mean, mean - half, mean + half);
    }

    private double sum() {
        double sum = 0.0;
        for (int b = 0; b < full; b++) {
            sum += sums[b];
        }
        return sum;
    }

    /** The .975 quantile of Student's t by its expansion about the normal one (Abramowitz, Stegun, 26.7.5). */
    static double studentQuantile(int degrees) {
        double z = NORMAL_QUANTILE;
        double z2 = z * z;
        double g1 = z * (z2 + 1) / 4;
        double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
        double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
        double g4 = z * ((((79 * z2 + 776) * z2 + 1_482) * z2 - 1_920) * z2 - 945) / 92_160;
        return z + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees;
    }
}

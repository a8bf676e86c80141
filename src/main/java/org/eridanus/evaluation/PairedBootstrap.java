package org.eridanus.evaluation;

import java.util.Arrays;
import java.util.Random;

/**
 * Whether one method is better than another, or was lucky with its users: users are drawn with replacement, each with
 * the rankings of both methods (paired), and the difference of the means, Σ_u (a_u − b_u) / Σ_u n_u, is computed anew
 * for each draw (Efron, Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16; percentile interval).
 */
public final class PairedBootstrap {
    /** How many times users are drawn. */
    public static final int DRAWS = 2_000;

    private static final double TAIL = 0.025;

    private PairedBootstrap() {}

    /**
     * A difference of means, first minus second.
     *
     * @param mean as measured, NaN where nobody was ranked
     * @param low lower end of its 95 % interval
     * @param high upper end
     * @param p two-sided: twice the smaller share of draws on the other side of 0, ties among them
     */
    public record Difference(double mean, double low, double high, double p) {
        /** Whether the first is worse, and the whole interval says so. */
        public boolean significantlyWorse() {
            return high < 0;
        }

        /** Whether the first is better, and the whole interval says so. */
        public boolean significantlyBetter() {
            return low > 0;
        }
    }

    /**
     * Compares two methods on the same rankings.
     *
     * @param seed of the draws
     * @throws IllegalArgumentException if the methods did not rank the same number of times for each user
     */
    public static Difference compare(UserScores first, UserScores second, Metric metric, int k, long seed) {
        double[] counts = first.counts();
        if (!Arrays.equals(counts, second.counts())) {
            throw new IllegalArgumentException(
                    "a paired comparison needs the same rankings of each user by both methods: run both on the same"
                            + " protocol and data");
        }
        double[] a = first.sums(metric, k);
        double[] b = second.sums(metric, k);
        int[] drawable = new int[counts.length];
        int users = 0;
        double mean = 0.0;
        double total = 0.0;
        for (int user = 0; user < counts.length; user++) {
            if (counts[user] > 0) {
                drawable[users++] = user;
                mean += a[user] - b[user];
                total += counts[user];
            }
        }
        if (users == 0) {
            return new Difference(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double[] draws = new double[DRAWS];
        Random random = new Random(seed);
        for (int draw = 0; draw < DRAWS; draw++) {
            double difference = 0.0;
            double rankings = 0.0;
            for (int i = 0; i < users; i++) {
                int user = drawable[random.nextInt(users)];
                difference += a[user] - b[user];
                rankings += counts[user];
            }
            draws[draw] = difference / rankings;
        }
        Arrays.sort(draws);
        double notAbove = Arrays.stream(draws).filter(d -> d <= 0).count() / (double) DRAWS;
        double notBelow = Arrays.stream(draws).filter(d -> d >= 0).count() / (double) DRAWS;
        return new Difference(
                mean / total,
                quantile(draws, TAIL),
                quantile(draws, 1 - TAIL),
                Math.min(1.0, 2.0 * Math.min(notAbove, notBelow)));
    }

    private static double quantile(double[] sorted, double q) {
        return sorted[(int) Math.round(q * (sorted.length - 1))];
    }
}

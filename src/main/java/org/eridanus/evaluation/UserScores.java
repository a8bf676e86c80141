package org.eridanus.evaluation;

import java.util.Arrays;
import java.util.List;

/**
 * Metrics of many rankings, summed by user, because users and not events are what a bootstrap draws: for each {@link
 * Metric} at each of {@link Metric#CUTOFFS}, [users].
 *
 * <p>Threading: not thread-safe.
 */
public final class UserScores {
    private static final int CUTOFFS = Metric.CUTOFFS.size();

    private final double[][] sums;
    private final double[] counts;

    /** Scores of nothing, for users 0 to {@code users} − 1. */
    public UserScores(int users) {
        sums = new double[Metric.values().length * CUTOFFS][users];
        counts = new double[users];
    }

    /** Scores of one ranking a user, of none where the rank is 0. */
    public static UserScores of(int[] ranks) {
        UserScores scores = new UserScores(ranks.length);
        for (int user = 0; user < ranks.length; user++) {
            if (ranks[user] != 0) {
                scores.add(user, ranks[user]);
            }
        }
        return scores;
    }

    /** Takes in the rank of a user's relevant item, at least 1. */
    public void add(int user, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException("a rank must be at least 1, got " + rank);
        }
        counts[user]++;
        for (Metric metric : Metric.values()) {
            for (int c = 0; c < CUTOFFS; c++) {
                sums[metric.ordinal() * CUTOFFS + c][user] += metric.of(rank, Metric.CUTOFFS.get(c));
            }
        }
    }

    /** Users there is room for. */
    public int users() {
        return counts.length;
    }

    /** Rankings taken in. */
    public long rankings() {
        return Math.round(Arrays.stream(counts).sum());
    }

    /** The mean over all rankings, NaN where there are none. */
    public double mean(Metric metric, int k) {
        return Arrays.stream(sums[index(metric, k)]).sum()
                / Arrays.stream(counts).sum();
    }

    /** Each user's sum of a metric, [users]. A copy. */
    public double[] sums(Metric metric, int k) {
        return sums[index(metric, k)].clone();
    }

    /** Each user's number of rankings, [users]. A copy. */
    public double[] counts() {
        return counts.clone();
    }

    /**
     * The mean of several runs, user by user.
     *
     * @param runs at least one, all of the same users
     */
    public static UserScores average(List<UserScores> runs) {
        UserScores average = new UserScores(runs.get(0).users());
        for (UserScores run : runs) {
            if (run.users() != average.users()) {
                throw new IllegalArgumentException(
                        "runs must be of the same users, got " + average.users() + " and " + run.users() + " of them");
            }
            for (int user = 0; user < run.users(); user++) {
                average.counts[user] += run.counts[user];
                for (int i = 0; i < run.sums.length; i++) {
                    average.sums[i][user] += run.sums[i][user];
                }
            }
        }
        // Divided last, so that equal counts stay equal whatever the number of runs.
        average.divide(runs.size());
        return average;
    }

    private void divide(int by) {
        for (int user = 0; user < counts.length; user++) {
            counts[user] /= by;
            for (double[] sum : sums) {
                sum[user] /= by;
            }
        }
    }

    private static int index(Metric metric, int k) {
        int cutoff = Metric.CUTOFFS.indexOf(k);
        if (cutoff < 0) {
            throw new IllegalArgumentException("k must be one of " + Metric.CUTOFFS + ", got " + k);
        }
        return metric.ordinal() * CUTOFFS + cutoff;
    }
}

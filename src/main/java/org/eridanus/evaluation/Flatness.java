package org.eridanus.evaluation;

import java.util.Arrays;

/**
 * Whether something that was measured again and again has stopped growing, by its second half.
 *
 * <p>The slope is that of Theil and Sen: the median of the slopes between all pairs of points, which up to 29 % of
 * outliers do not move, nor does a saw-tooth that goes up and down several times. Growth is the slope times the length of
 * the second half. It is flat if that is at most a share of the second half's median, or at most a floor below which
 * growth says nothing.
 *
 * @param growth by how much the second half has grown, in the unit of the values; below 0 where it fell
 * @param median the second half's median
 * @param flat the verdict
 */
public record Flatness(double growth, double median, boolean flat) {
    /** Fewest points in the second half. */
    public static final int LEAST = 5;

    /**
     * The verdict on a series.
     *
     * @param at where the points were measured, ascending
     * @param values what was measured
     * @param share of the median that it may grow, in [0, 1]
     * @param floor that it may grow in any case, in the unit of the values
     * @throws IllegalArgumentException for fewer than {@value #LEAST} points in the second half
     */
    public static Flatness of(double[] at, double[] values, double share, double floor) {
        double middle = (at[0] + at[at.length - 1]) / 2;
        int first = 0;
        while (at[first] < middle) {
            first++;
        }
        double[] x = Arrays.copyOfRange(at, first, at.length);
        double[] y = Arrays.copyOfRange(values, first, at.length);
        if (x.length < LEAST) {
            throw new IllegalArgumentException("the second half must have at least " + LEAST
                    + " points to tell whether it is flat, got " + x.length + "; measure more often");
        }
        double growth = slope(x, y) * (x[x.length - 1] - x[0]);
        double median = median(y.clone());
        return new Flatness(growth, median, growth <= Math.max(share * median, floor));
    }

    private static double slope(double[] x, double[] y) {
        double[] slopes = new double[x.length * (x.length - 1) / 2];
        int n = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = i + 1; j < x.length; j++) {
                if (x[j] > x[i]) {
                    slopes[n++] = (y[j] - y[i]) / (x[j] - x[i]);
                }
            }
        }
        return median(Arrays.copyOf(slopes, n));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}

package org.eridanus.evaluation;

import java.util.List;

/**
 * A figure over several seeds.
 *
 * @param mean the mean, NaN of nothing
 * @param deviation standard deviation with n − 1 in the denominator; NaN of fewer than two
 */
public record Spread(double mean, double deviation) {
    /** The spread of these values. */
    public static Spread of(List<Double> values) {
        double mean = values.stream().mapToDouble(x -> x).average().orElse(Double.NaN);
        if (values.size() < 2) {
            return new Spread(mean, Double.NaN);
        }
        double squares =
                values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        return new Spread(mean, Math.sqrt(squares / (values.size() - 1)));
    }
}

package org.eridanus.evaluation;

/**
 * A mean that forgets: of two observations the one made a half-life earlier counts half (Gama, Sebastião and Rodrigues,
 * On evaluating stream learning algorithms, 2013, fading factors). M = Σ dᵃ·x / Σ dᵃ, where a is an observation's age in
 * observations and d = 2^(−1 / half-life).
 *
 * <p>Threading: not thread-safe.
 */
public final class FadingAverage {
    private final double factor;
    private double sum;
    private double weight;

    /**
     * A mean of nothing.
     *
     * @param halfLife in observations, at least 1
     */
    public FadingAverage(double halfLife) {
        if (!(halfLife >= 1)) {
            throw new IllegalArgumentException("a half-life must be at least 1 observation, got " + halfLife);
        }
        factor = StrictMath.pow(2.0, -1.0 / halfLife);
    }

    /** Takes in one observation. */
    public void add(double observation) {
        sum = sum * factor + observation;
        weight = weight * factor + 1.0;
    }

    /** The mean, NaN before the first observation. */
    public double value() {
        return sum / weight;
    }
}

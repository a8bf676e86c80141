package org.eridanus.baseline;

import java.util.Arrays;

/**
 * Popularity with exponential forgetting: p_j = Σ 2^{−(n − n_e) / half-life} over the events e on item j, n the number of
 * the newest event.
 *
 * <p>Masses are kept inflated to a common reference event, so that an event changes one value, and are brought back
 * before they overflow; items are compared at any time without touching the others.
 *
 * <p>Threading: not thread-safe; the owner locks.
 */
public final class DecayedPopularity {
    private static final double LARGEST_EXPONENT = 400.0;

    private final double halfLife;
    private double[] masses = new double[64];
    private long reference;

    /**
     * No events yet.
     *
     * @param halfLife events after which one counts half, at least 1
     */
    public DecayedPopularity(long halfLife) {
        if (halfLife < 1) {
            throw new IllegalArgumentException("popularity.half-life must be at least 1 event, got " + halfLife);
        }
        this.halfLife = halfLife;
    }

    /**
     * Counts one event.
     *
     * @param item the item's index
     * @param event the event's global number, not decreasing
     */
    public void add(int item, long event) {
        if (item >= masses.length) {
            masses = Arrays.copyOf(masses, Math.max(item + 1, masses.length + (masses.length >> 1)));
        }
        double exponent = (event - reference) / halfLife;
        if (exponent > LARGEST_EXPONENT) {
            double deflate = StrictMath.pow(2.0, -exponent);
            for (int j = 0; j < masses.length; j++) {
                masses[j] *= deflate;
            }
            reference = event;
            exponent = 0.0;
        }
        masses[item] += StrictMath.pow(2.0, exponent);
    }

    /** The item's mass at the reference event; only comparisons between items mean anything. */
    public double mass(int item) {
        return item < masses.length ? masses[item] : 0.0;
    }

    /** Logarithm to base 2 of the item's popularity on a scale that never moves; −∞ for an item without events. */
    public double logarithm(int item) {
        double mass = mass(item);
        return mass == 0.0
                ? Double.NEGATIVE_INFINITY
                : StrictMath.log(mass) / StrictMath.log(2.0) + reference / halfLife;
    }
}

package org.eridanus.model;

/**
 * A SplitMix64 stream: the same numbers for the same seed on every JDK.
 *
 * <p>Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
 */
public final class SeededRandom {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private SeededRandom(long state) {
        this.state = state;
    }

    /**
     * The stream for a purpose and a moment, independent of every other stream.
     *
     * @param seed the model's seed
     * @param purpose a constant per use, so that two uses never share numbers
     * @param counter a persisted counter such as the event or mini-batch number
     */
    public static SeededRandom of(long seed, long purpose, long counter) {
        return new SeededRandom(start(seed, purpose, counter));
    }

    /** Goes on as {@link #of} of the same would begin, without a new object: what runs in each step makes none. */
    SeededRandom restart(long seed, long purpose, long counter) {
        state = start(seed, purpose, counter);
        return this;
    }

    private static long start(long seed, long purpose, long counter) {
        return mix(mix(mix(seed) ^ purpose) + counter * GOLDEN_GAMMA);
    }

    /** A 64-bit hash of a name, for use as a counter: FNV-1a over its UTF-16 units, mixed. */
    public static long hash(String name) {
        long h = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            h = (h ^ name.charAt(i)) * 0x100000001B3L;
        }
        return mix(h);
    }

    /** The next 64 bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * A uniform integer in [0, bound).
     *
     * @param bound at least 1; the bias of the multiply-shift is below bound / 2³²
     */
    public int nextInt(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** A uniform number in [0, 1) with 53 random bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** A standard normal number (Box and Muller, one of the pair). */
    public double nextGaussian() {
        double u = 1.0 - nextDouble();
        return StrictMath.sqrt(-2.0 * StrictMath.log(u)) * StrictMath.cos(2.0 * StrictMath.PI * nextDouble());
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

package org.eridanus.dataset;

/**
 * The splitmix64 generator (Steele, Lea and Flood, 2014), written out because a world must come out the same on
 * every JDK: the JDK's own generators promise their sequence of bits, but not how doubles and bounded numbers are
 * made of them.
 *
 * <pre>
 * state += 0x9e3779b97f4a7c15
 * z = state;  z = (z ^ z>>>30) · 0xbf58476d1ce4e5b9;  z = (z ^ z>>>27) · 0x94d049bb133111eb;  z ^ z>>>31
 * </pre>
 *
 * <p>Threading: not safe for use by several threads.
 */
final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** The plain generator, from {@code state} on. */
    SplitMix64(long state) {
        this.state = state;
    }

    /** The stream {@code stream} of {@code seed}; streams are independent of how far the others were read. */
    static SplitMix64 of(long seed, long stream) {
        return new SplitMix64(mix(seed + GOLDEN_GAMMA) ^ mix(mix(stream + GOLDEN_GAMMA)));
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), from the upper 53 bits. */
    double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [0, bound), {@code bound} at least 1; the bias is below {@code bound} / 2^53. */
    int nextInt(int bound) {
        return (int) (nextDouble() * bound);
    }

    /** True with probability {@code p}. */
    boolean chance(double p) {
        return nextDouble() < p;
    }

    /** Standard normal, by Box and Muller: √(-2 ln u) · cos(2πv). */
    double nextGaussian() {
        double u = 1.0 - nextDouble();
        double v = nextDouble();
        return StrictMath.sqrt(-2.0 * StrictMath.log(u)) * StrictMath.cos(2.0 * StrictMath.PI * v);
    }

    /** Exponential with mean 1: -ln u. */
    double nextExponential() {
        return -StrictMath.log(1.0 - nextDouble());
    }

    /** A uniform permutation of 0 to {@code size} - 1 (Fisher and Yates). */
    int[] permutation(int size) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}

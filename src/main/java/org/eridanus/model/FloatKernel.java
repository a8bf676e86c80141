package org.eridanus.model;

/**
 * The loops over float arrays that learning and scoring spend their time in. Implementations give the same bits: every
 * value is computed by the same operations in the same order, without fused multiply-add, and sums run in a fixed number
 * of lanes that are joined in a fixed order.
 *
 * <p>Threading: stateless, safe for use by several threads.
 */
interface FloatKernel {
    /** Adam's decay of first moments. */
    float BETA_1 = 0.9f;

    /** Adam's decay of second moments. */
    float BETA_2 = 0.999f;

    /** What keeps Adam from dividing by zero. */
    float EPSILON = 1e-8f;

    /** What it is, for people and metrics, e.g. {@code plain}. */
    String name();

    /**
     * Inner product Σ a[from + i] · b[at + i], i &lt; {@code n}, summed in four lanes i mod 4 that are joined as (0 + 2) + (1 +
     * 3).
     *
     * @param n a multiple of 4
     */
    float dot(float[] a, int from, float[] b, int at, int n);

    /** y[at + i] += a · x[from + i] for i &lt; {@code n}. */
    void axpy(float a, float[] x, int from, float[] y, int at, int n);

    /** out[to + i] = x[from + i] · y[at + i] for i &lt; {@code n}. */
    void multiply(float[] x, int from, float[] y, int at, float[] out, int to, int n);

    /**
     * out[r] = values[rows[r]][n] + q · values[rows[r]], the inner product as in {@link #dot}, for r &lt; {@code count}:
     * scores of rows that end with a bias.
     *
     * @param n a multiple of 4
     */
    default void scores(float[] q, float[][] values, int[] rows, int count, int n, float[] out) {
        for (int r = 0; r < count; r++) {
            float[] row = values[rows[r]];
            out[r] = row[n] + dot(q, 0, row, 0, n);
        }
    }

    /** out[to + i] = Σᵣ weights[r] · values[rows[r]][at + i] for i &lt; {@code n}, summed from 0 in the order of the rows. */
    void weightedSum(float[][] values, int[] rows, int count, int at, float[] weights, float[] out, int to, int n);

    /**
     * One Adagrad step of each of the first {@code count} rows in turn along one gradient: with v = records[rows[r]][at + i]
     * and s = records[rows[r]][at + apart + i], its accumulator, g = weights[r] · gradient[from + i] + decay · v, s += g² and
     * v −= rate · g / √s, for i &lt; {@code n}.
     *
     * @param apart how far a value's accumulator is behind it, at least {@code n}
     */
    void adagrad(
            float[][] records,
            int[] rows,
            int count,
            int at,
            int apart,
            float[] weights,
            float[] gradient,
            int from,
            int n,
            float rate,
            float decay);

    /**
     * One Adam step: with g = gradient[i], m = β₁ first[firstAt + i] + (1 − β₁) g and u = β₂ second[secondAt + i] + (1 − β₂)
     * g², both moments are replaced and values[at + i] −= rate · m / (√u + ε), for i &lt; {@code n}.
     *
     * @param rate with the correction for the number of steps
     */
    void adam(
            float[] values,
            int at,
            float[] gradient,
            float[] first,
            int firstAt,
            float[] second,
            int secondAt,
            int n,
            float rate);

    /** values[i] = e^(values[i] − shift), as {@link FloatMath#exp}, for i &lt; {@code n}. */
    void exp(float[] values, float shift, int n);

    /** out[at + i] = ln(1 + scale · values[at + i]), as {@link FloatMath#log}, for i &lt; {@code n}; values at least 0. */
    void logOnePlus(float[] values, float scale, float[] out, int at, int n);
}

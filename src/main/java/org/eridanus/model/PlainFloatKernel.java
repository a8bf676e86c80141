package org.eridanus.model;

import java.util.Arrays;

/** Loops that every JDK runs, and that its compiler vectorises where it can. */
final class PlainFloatKernel implements FloatKernel {
    @Override
    public String name() {
        return "plain";
    }

    @Override
    public float dot(float[] a, int from, float[] b, int at, int n) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        for (int i = 0; i < n; i += 4) {
            s0 += a[from + i] * b[at + i];
            s1 += a[from + i + 1] * b[at + i + 1];
            s2 += a[from + i + 2] * b[at + i + 2];
            s3 += a[from + i + 3] * b[at + i + 3];
        }
        return (s0 + s2) + (s1 + s3);
    }

    @Override
    public void axpy(float a, float[] x, int from, float[] y, int at, int n) {
        for (int i = 0; i < n; i++) {
            y[at + i] += a * x[from + i];
        }
    }

    @Override
    public void multiply(float[] x, int from, float[] y, int at, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = x[from + i] * y[at + i];
        }
    }

    @Override
    public void weightedSum(
            float[][] values, int[] rows, int count, int at, float[] weights, float[] out, int to, int n) {
        weightedSum(0, values, rows, count, at, weights, out, to, n);
    }

    /** The values from {@code begin} on alone. */
    void weightedSum(
            int begin, float[][] values, int[] rows, int count, int at, float[] weights, float[] out, int to, int n) {
        Arrays.fill(out, to + begin, to + n, 0f);
        for (int r = 0; r < count; r++) {
            float[] row = values[rows[r]];
            float w = weights[r];
            for (int i = begin; i < n; i++) {
                out[to + i] += w * row[at + i];
            }
        }
    }

    @Override
    public void adagrad(
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
            float decay) {
        adagrad(0, records, rows, count, at, apart, weights, gradient, from, n, rate, decay);
    }

    /** The values from {@code begin} on alone. */
    void adagrad(
            int begin,
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
            float decay) {
        for (int r = 0; r < count; r++) {
            adagrad(begin, records[rows[r]], at, apart, weights[r], gradient, from, n, rate, decay);
        }
    }

    private static void adagrad(
            int begin,
            float[] record,
            int at,
            int apart,
            float w,
            float[] gradient,
            int from,
            int n,
            float rate,
            float decay) {
        for (int i = begin; i < n; i++) {
            float g = w * gradient[from + i] + decay * record[at + i];
            float s = record[at + apart + i] + g * g;
            record[at + apart + i] = s;
            record[at + i] -= rate * g / (float) Math.sqrt(s);
        }
    }

    @Override
    public void adam(
            float[] values,
            int at,
            float[] gradient,
            float[] first,
            int firstAt,
            float[] second,
            int secondAt,
            int n,
            float rate) {
        adam(0, values, at, gradient, first, firstAt, second, secondAt, n, rate);
    }

    /** The values from {@code begin} on alone. */
    void adam(
            int begin,
            float[] values,
            int at,
            float[] gradient,
            float[] first,
            int firstAt,
            float[] second,
            int secondAt,
            int n,
            float rate) {
        for (int i = begin; i < n; i++) {
            float g = gradient[i];
            float m = BETA_1 * first[firstAt + i] + (1f - BETA_1) * g;
            float u = BETA_2 * second[secondAt + i] + (1f - BETA_2) * g * g;
            first[firstAt + i] = m;
            second[secondAt + i] = u;
            values[at + i] -= rate * m / ((float) Math.sqrt(u) + EPSILON);
        }
    }

    @Override
    public void exp(float[] values, float shift, int n) {
        for (int i = 0; i < n; i++) {
            values[i] = FloatMath.exp(values[i] - shift);
        }
    }

    @Override
    public void logOnePlus(float[] values, float scale, float[] out, int at, int n) {
        for (int i = at; i < at + n; i++) {
            out[i] = values[i] == 0f ? 0f : FloatMath.log(1f + scale * values[i]);
        }
    }
}

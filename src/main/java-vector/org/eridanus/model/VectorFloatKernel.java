package org.eridanus.model;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FloatKernel} on explicit vectors of 8 floats, of 4 for sums; what is left over at the end goes to the
 * plain kernel. It pays because embedding rows are short: the compiler's own vector loops spend more time before and after
 * the vectors than in them.
 *
 * <p>Built by a compilation of its own, because {@code --release 17} hides incubator modules. Conversions between int and
 * float are written as additions of 1.5 · 2²³, which JDK 17 has vector instructions for, as it has not for the casts.
 */
final class VectorFloatKernel implements FloatKernel {
    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_256;
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_128;
    private static final int STEP = 8;
    /** Values that are worked on at once where rows are gone through. */
    private static final int BLOCK = 4 * STEP;

    private final PlainFloatKernel plain = new PlainFloatKernel();

    /**
     * The kernel.
     *
     * @throws IllegalStateException where the processor's vectors are shorter, which would be slower than no vectors
     */
    VectorFloatKernel() {
        int lanes = FloatVector.SPECIES_PREFERRED.length();
        if (lanes < STEP) {
            throw new IllegalStateException("vectors must hold at least " + STEP + " floats, got " + lanes);
        }
    }

    @Override
    public String name() {
        return "vector-256";
    }

    @Override
    public float dot(float[] a, int from, float[] b, int at, int n) {
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < n; i += 4) {
            sum = sum.add(FloatVector.fromArray(LANES, a, from + i).mul(FloatVector.fromArray(LANES, b, at + i)));
        }
        return (sum.lane(0) + sum.lane(2)) + (sum.lane(1) + sum.lane(3));
    }

    @Override
    public void axpy(float a, float[] x, int from, float[] y, int at, int n) {
        int bound = n & -STEP;
        for (int i = 0; i < bound; i += STEP) {
            FloatVector.fromArray(WIDE, y, at + i)
                    .add(FloatVector.fromArray(WIDE, x, from + i).mul(a))
                    .intoArray(y, at + i);
        }
        if (bound < n) {
            plain.axpy(a, x, from + bound, y, at + bound, n - bound);
        }
    }

    @Override
    public void multiply(float[] x, int from, float[] y, int at, float[] out, int to, int n) {
        int bound = n & -STEP;
        for (int i = 0; i < bound; i += STEP) {
            FloatVector.fromArray(WIDE, x, from + i)
                    .mul(FloatVector.fromArray(WIDE, y, at + i))
                    .intoArray(out, to + i);
        }
        if (bound < n) {
            plain.multiply(x, from + bound, y, at + bound, out, to + bound, n - bound);
        }
    }

    @Override
    public void weightedSum(
            float[][] values, int[] rows, int count, int at, float[] weights, float[] out, int to, int n) {
        int done = 0;
        for (; done + BLOCK <= n; done += BLOCK) {
            sumOfBlock(values, rows, count, at + done, weights, out, to + done);
        }
        for (; done + STEP <= n; done += STEP) {
            sumOfStep(values, rows, count, at + done, weights, out, to + done);
        }
        if (done < n) {
            plain.weightedSum(done, values, rows, count, at, weights, out, to, n);
        }
    }

    /** The sums stay in registers. */
    private static void sumOfBlock(
            float[][] values, int[] rows, int count, int at, float[] weights, float[] out, int to) {
        FloatVector s0 = FloatVector.zero(WIDE);
        FloatVector s1 = FloatVector.zero(WIDE);
        FloatVector s2 = FloatVector.zero(WIDE);
        FloatVector s3 = FloatVector.zero(WIDE);
        for (int r = 0; r < count; r++) {
            float[] row = values[rows[r]];
            FloatVector w = FloatVector.broadcast(WIDE, weights[r]);
            s0 = s0.add(FloatVector.fromArray(WIDE, row, at).mul(w));
            s1 = s1.add(FloatVector.fromArray(WIDE, row, at + STEP).mul(w));
            s2 = s2.add(FloatVector.fromArray(WIDE, row, at + 2 * STEP).mul(w));
            s3 = s3.add(FloatVector.fromArray(WIDE, row, at + 3 * STEP).mul(w));
        }
        s0.intoArray(out, to);
        s1.intoArray(out, to + STEP);
        s2.intoArray(out, to + 2 * STEP);
        s3.intoArray(out, to + 3 * STEP);
    }

    private static void sumOfStep(
            float[][] values, int[] rows, int count, int at, float[] weights, float[] out, int to) {
        FloatVector sum = FloatVector.zero(WIDE);
        for (int r = 0; r < count; r++) {
            sum = sum.add(FloatVector.fromArray(WIDE, values[rows[r]], at).mul(weights[r]));
        }
        sum.intoArray(out, to);
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
        int bound = n & -STEP;
        for (int r = 0; r < count; r++) {
            move(records[rows[r]], at, apart, weights[r], gradient, from, bound, rate, decay);
        }
        if (bound < n) {
            plain.adagrad(bound, records, rows, count, at, apart, weights, gradient, from, n, rate, decay);
        }
    }

    private static void move(
            float[] record, int at, int apart, float w, float[] gradient, int from, int n, float rate, float decay) {
        for (int i = 0; i < n; i += STEP) {
            FloatVector v = FloatVector.fromArray(WIDE, record, at + i);
            FloatVector g =
                    FloatVector.fromArray(WIDE, gradient, from + i).mul(w).add(v.mul(decay));
            FloatVector s = FloatVector.fromArray(WIDE, record, at + apart + i).add(g.mul(g));
            s.intoArray(record, at + apart + i);
            v.sub(g.mul(rate).div(s.sqrt())).intoArray(record, at + i);
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
        int bound = n & -STEP;
        for (int i = 0; i < bound; i += STEP) {
            FloatVector g = FloatVector.fromArray(WIDE, gradient, i);
            FloatVector m =
                    FloatVector.fromArray(WIDE, first, firstAt + i).mul(BETA_1).add(g.mul(1f - BETA_1));
            FloatVector u = FloatVector.fromArray(WIDE, second, secondAt + i)
                    .mul(BETA_2)
                    .add(g.mul(1f - BETA_2).mul(g));
            m.intoArray(first, firstAt + i);
            u.intoArray(second, secondAt + i);
            FloatVector.fromArray(WIDE, values, at + i)
                    .sub(m.mul(rate).div(u.sqrt().add(EPSILON)))
                    .intoArray(values, at + i);
        }
        plain.adam(bound, values, at, gradient, first, firstAt, second, secondAt, n, rate);
    }

    @Override
    public void exp(float[] values, float shift, int n) {
        int bound = n & -STEP;
        for (int i = 0; i < bound; i += STEP) {
            FloatVector x = FloatVector.fromArray(WIDE, values, i).sub(shift);
            FloatVector rounded = x.mul(FloatMath.LOG2_E).add(FloatMath.ROUND);
            FloatVector k = rounded.sub(FloatMath.ROUND);
            FloatVector r = x.sub(k.mul(FloatMath.LN2_HIGH)).sub(k.mul(FloatMath.LN2_LOW));
            FloatVector p = r.mul(FloatMath.EXP_6)
                    .add(FloatMath.EXP_5)
                    .mul(r)
                    .add(FloatMath.EXP_4)
                    .mul(r)
                    .add(FloatMath.EXP_3)
                    .mul(r)
                    .add(FloatMath.EXP_2)
                    .mul(r)
                    .add(FloatMath.EXP_1);
            FloatVector y = p.mul(r).mul(r).add(r).add(1f);
            FloatVector power = rounded.reinterpretAsInts()
                    .add(FloatMath.EXPONENT_OF_ROUNDED)
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            // The comparisons are false for no numbers, which y already is.
            VectorMask<Float> below = x.compare(VectorOperators.LT, FloatMath.EXP_LOWEST);
            VectorMask<Float> above = x.compare(VectorOperators.GT, FloatMath.EXP_HIGHEST);
            y.mul(power).blend(0f, below).blend(Float.POSITIVE_INFINITY, above).intoArray(values, i);
        }
        for (int i = bound; i < n; i++) {
            values[i] = FloatMath.exp(values[i] - shift);
        }
    }

    @Override
    public void logOnePlus(float[] values, float scale, float[] out, int at, int n) {
        int bound = n & -STEP;
        for (int i = at; i < at + bound; i += STEP) {
            FloatVector x = FloatVector.fromArray(WIDE, values, i).mul(scale).add(1f);
            IntVector bits = x.reinterpretAsInts();
            FloatVector k = bits.lanewise(VectorOperators.LSHR, 23)
                    .add(FloatMath.ROUND_BITS - 126)
                    .reinterpretAsFloats()
                    .sub(FloatMath.ROUND);
            FloatVector m = bits.and(FloatMath.MANTISSA).or(FloatMath.HALF_BITS).reinterpretAsFloats();
            VectorMask<Float> low = m.compare(VectorOperators.LT, FloatMath.SQRT_HALF);
            m = m.blend(m.add(m), low);
            k = k.blend(k.sub(1f), low);
            FloatVector s = m.sub(1f).div(m.add(1f));
            FloatVector z = s.mul(s);
            FloatVector series = z.mul(FloatMath.LOG_4)
                    .add(FloatMath.LOG_3)
                    .mul(z)
                    .add(FloatMath.LOG_2)
                    .mul(z)
                    .add(FloatMath.LOG_1)
                    .mul(z)
                    .add(1f);
            k.mul(FloatMath.LN2_HIGH)
                    .add(k.mul(FloatMath.LN2_LOW).add(s.mul(2f).mul(series)))
                    .intoArray(out, i);
        }
        if (bound < n) {
            plain.logOnePlus(values, scale, out, at + bound, n - bound);
        }
    }
}

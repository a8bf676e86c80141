package org.eridanus.model;

import java.util.Arrays;

/**
 * Gradients of a table's rows, one dense array for each row that has any, and the sparse optimisers that move those rows
 * and no others: its cost does not depend on the size of the table.
 *
 * <p>With g = ∂L/∂v + decay · v: Adagrad s += g², v −= η g / √s; Adam m = β₁ m + (1 − β₁) g, u = β₂ u + (1 − β₂) g²,
 * v −= η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√u + ε), t the number of the step (of the whole table, not of the row); SGD v −= η g.
 */
final class RowGradients {
    private static final int LEAST_SLOTS = 128;

    private final EmbeddingTable table;
    /** Gradients in the order in which their rows came; those from {@link #count} on are zero, for rows to come. */
    private float[][] sums = new float[LEAST_SLOTS / 2][];

    private int[] rows = new int[LEAST_SLOTS / 2];
    private int count;
    /** Where a row's gradient is, plus 1, by open addressing; 0 in free slots. As large as a mini-batch, not as the table. */
    private int[] slots = new int[LEAST_SLOTS];

    RowGradients(EmbeddingTable table) {
        this.table = table;
    }

    /** ∂L/∂row[offset + d] += scale · gradient[from + d] for {@code n} values. */
    void add(int row, int offset, float[] gradient, int from, float scale, int n) {
        FloatKernels.CURRENT.axpy(scale, gradient, from, of(row), offset, n);
    }

    /** The gradient of a row, live. */
    float[] of(int row) {
        int slot = slotOf(row);
        int known = slots[slot];
        return known > 0 ? sums[known - 1] : add(row, slot);
    }

    /** The slot that holds a row, or the free one that is to hold it. */
    private int slotOf(int row) {
        int mask = slots.length - 1;
        int slot = hash(row) & mask;
        while (slots[slot] > 0 && rows[slots[slot] - 1] != row) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int hash(int row) {
        int h = row * 0x9E3779B9;
        return h ^ (h >>> 16);
    }

    private float[] add(int row, int slot) {
        if (count == rows.length) {
            grow();
            return of(row);
        }
        float[] sum = sums[count];
        if (sum == null) {
            sum = new float[table.rowLength()];
            sums[count] = sum;
        }
        rows[count++] = row;
        slots[slot] = count;
        return sum;
    }

    private void grow() {
        sums = Arrays.copyOf(sums, count * 2);
        rows = Arrays.copyOf(rows, count * 2);
        slots = new int[count * 4];
        for (int i = 0; i < count; i++) {
            slots[slotOf(rows[i])] = i + 1;
        }
    }

    /** Σ of the squares of the gradients. */
    double squaredNorm() {
        double norm = 0.0;
        for (int i = 0; i < count; i++) {
            norm += LearningGuard.squaredNorm(sums[i], 0, sums[i].length);
        }
        return norm;
    }

    /**
     * Moves the rows that have a gradient, and forgets the gradients.
     *
     * @param step number of the step, from 1
     * @param wholeRows whether weight decay takes hold of every value of these rows, or of those alone that have a gradient,
     *     because others of the row were moved apart
     */
    void apply(ModelSettings.Optimiser optimiser, long step, boolean wholeRows) {
        float rate = rate(optimiser, step);
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            float[] record = table.record(row);
            int n = table.rowLength();
            decay(record, 0, sums[i], n, optimiser.weightDecay(), wholeRows);
            step(optimiser, rate, record, 0, sums[i], record, n, record, 2 * n, n);
            table.touch(row);
        }
        clear();
    }

    /** Forgets the gradients. */
    void clear() {
        // From the last on: a slot is found by way of those that were taken before it.
        for (int i = count - 1; i >= 0; i--) {
            slots[slotOf(rows[i])] = 0;
            Arrays.fill(sums[i], 0f);
        }
        count = 0;
    }

    private static void decay(float[] values, int at, float[] gradient, int n, float decay, boolean wholeRows) {
        if (decay == 0f) {
            return;
        }
        for (int d = 0; d < n; d++) {
            if (wholeRows || gradient[d] != 0f) {
                gradient[d] += decay * values[at + d];
            }
        }
    }

    /** An optimiser's rate in a step, from 1. */
    static float rate(ModelSettings.Optimiser optimiser, long step) {
        return optimiser.kind() == ModelSettings.Optimiser.Kind.ADAM
                ? adamRate(optimiser.rate(), step)
                : optimiser.rate();
    }

    /**
     * One step of {@code n} values, weight decay first, which changes the gradient.
     *
     * @param rate {@link #rate}
     * @param first the first of the optimiser's state values, of which Adagrad has no second, and SGD none
     */
    static void move(
            ModelSettings.Optimiser optimiser,
            float rate,
            float[] values,
            int at,
            float[] gradient,
            float[] first,
            int firstAt,
            float[] second,
            int secondAt,
            int n) {
        decay(values, at, gradient, n, optimiser.weightDecay(), true);
        step(optimiser, rate, values, at, gradient, first, firstAt, second, secondAt, n);
    }

    private static void step(
            ModelSettings.Optimiser optimiser,
            float rate,
            float[] values,
            int at,
            float[] gradient,
            float[] first,
            int firstAt,
            float[] second,
            int secondAt,
            int n) {
        switch (optimiser.kind()) {
            case ADAM -> FloatKernels.CURRENT.adam(values, at, gradient, first, firstAt, second, secondAt, n, rate);
            case ADAGRAD -> {
                for (int d = 0; d < n; d++) {
                    float g = gradient[d];
                    first[firstAt + d] += g * g;
                    values[at + d] -= rate * g / (float) Math.sqrt(first[firstAt + d]);
                }
            }
            case SGD -> {
                for (int d = 0; d < n; d++) {
                    values[at + d] -= rate * gradient[d];
                }
            }
        }
    }

    /** η √(1 − β₂ᵗ) / (1 − β₁ᵗ). */
    static float adamRate(float rate, long step) {
        return rate
                * (float) (Math.sqrt(1.0 - StrictMath.pow(FloatKernel.BETA_2, step))
                        / (1.0 - StrictMath.pow(FloatKernel.BETA_1, step)));
    }
}

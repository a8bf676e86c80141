package org.eridanus.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a table's rows, one dense array for each row that has any, and the sparse optimisers that move those rows
 * and no others: its cost does not depend on the size of the table.
 *
 * <p>With g = ∂L/∂v + decay · v: Adagrad s += g², v −= η g / √s; Adam m = β₁ m + (1 − β₁) g, u = β₂ u + (1 − β₂) g²,
 * v −= η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√u + ε), t the number of the step (of the whole table, not of the row); SGD v −= η g.
 */
final class RowGradients {
    private final EmbeddingTable table;
    private float[] @Nullable [] sums = new float[64][];
    private int[] rows = new int[64];
    private int count;
    /** Arrays of rows that were moved, all zero, for rows to come. */
    private float[] @Nullable [] spare = new float[64][];

    private int spares;

    RowGradients(EmbeddingTable table) {
        this.table = table;
    }

    /** ∂L/∂row[offset + d] += scale · gradient[from + d] for {@code n} values. */
    void add(int row, int offset, float[] gradient, int from, float scale, int n) {
        FloatKernels.CURRENT.axpy(scale, gradient, from, of(row), offset, n);
    }

    /** The gradient of a row, live. */
    float[] of(int row) {
        if (row >= sums.length) {
            sums = Arrays.copyOf(sums, Math.max(row + 1, sums.length * 2));
        }
        float[] sum = sums[row];
        if (sum == null) {
            float[] used = spares > 0 ? spare[--spares] : null;
            sum = used == null ? new float[table.rowLength()] : used;
            sums[row] = sum;
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, count * 2);
            }
            rows[count++] = row;
        }
        return sum;
    }

    /** Σ of the squares of the gradients. */
    double squaredNorm() {
        double norm = 0.0;
        for (int i = 0; i < count; i++) {
            float[] sum = sums[rows[i]];
            norm += sum == null ? 0.0 : LearningGuard.squaredNorm(sum, 0, sum.length);
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
        float rate = optimiser.kind() == ModelSettings.Optimiser.Kind.ADAM
                ? adamRate(optimiser.rate(), step)
                : optimiser.rate();
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            float[] sum = sums[row];
            if (sum != null) {
                decay(table.row(row), sum, optimiser.weightDecay(), wholeRows);
                move(table.row(row), table.state(row), sum, optimiser, rate);
                table.touch(row);
            }
        }
        clear();
    }

    /** Forgets the gradients. */
    void clear() {
        for (int i = 0; i < count; i++) {
            float[] sum = sums[rows[i]];
            sums[rows[i]] = null;
            if (sum != null && sum.length == table.rowLength()) {
                Arrays.fill(sum, 0f);
                if (spares == spare.length) {
                    spare = Arrays.copyOf(spare, spares * 2);
                }
                spare[spares++] = sum;
            }
        }
        count = 0;
    }

    private static void decay(float[] values, float[] gradient, float decay, boolean wholeRows) {
        if (decay == 0f) {
            return;
        }
        for (int d = 0; d < gradient.length; d++) {
            if (wholeRows || gradient[d] != 0f) {
                gradient[d] += decay * values[d];
            }
        }
    }

    private void move(float[] values, float[] state, float[] gradient, ModelSettings.Optimiser optimiser, float rate) {
        int n = table.rowLength();
        switch (optimiser.kind()) {
            case ADAM -> adam(values, 0, gradient, state, state, 0, n, rate);
            case ADAGRAD -> {
                for (int d = 0; d < n; d++) {
                    float g = gradient[d];
                    state[d] += g * g;
                    values[d] -= rate * g / (float) Math.sqrt(state[d]);
                }
            }
            case SGD -> {
                for (int d = 0; d < n; d++) {
                    values[d] -= rate * gradient[d];
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

    /**
     * One Adam step of {@code n} values. Where both moments share an array, as in a row's state, the second follow the
     * first.
     *
     * @param rate {@link #adamRate}
     */
    static void adam(
            float[] values, int at, float[] gradient, float[] first, float[] second, int state, int n, float rate) {
        int shift = first == second ? n : 0;
        FloatKernels.CURRENT.adam(values, at, gradient, first, state, second, state + shift, n, rate);
    }
}

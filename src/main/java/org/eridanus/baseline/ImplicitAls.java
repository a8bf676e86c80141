package org.eridanus.baseline;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasLower;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.cblas_dsyrk;

import java.util.Arrays;
import org.eridanus.model.SeededRandom;
import org.jspecify.annotations.Nullable;

/**
 * Implicit alternating least squares: minimises Σ_{(u,i)} (1 − u·v)² + α₀ Σ_u Σ_i (u·v)² + λ (Σ_u f_u ‖u‖² + Σ_i f_i ‖v‖²),
 * with f = (count + α₀ · number of the other side)^ν (Hu, Koren, Volinsky, 2008, in the form of Rendle et al., Revisiting
 * the performance of iALS on item recommendation benchmarks, 2022, eqs. 2 to 5). Each half of an iteration solves one
 * system of normal equations a row, by Cholesky.
 */
public final class ImplicitAls implements ItemScorer {
    private static final long PURPOSE_INIT = 0x69616C73L;

    private final Histories histories;
    private final int items;
    private final Settings settings;
    private final long seed;
    private double[][] userVectors = new double[0][];
    private double[][] itemVectors = new double[0][];

    /**
     * How it learns.
     *
     * @param width length of a vector
     * @param iterations of both halves
     * @param unobserved α₀, weight of what was not observed
     * @param regularisation λ
     * @param exponent ν, 0 for the same weight of every row, 1 for one by its count
     */
    public record Settings(int width, int iterations, double unobserved, double regularisation, double exponent) {}

    /** A method that has seen nothing. */
    public ImplicitAls(int users, int items, Settings settings, long seed) {
        this.histories = new Histories(users);
        this.items = items;
        this.settings = settings;
        this.seed = seed;
    }

    @Override
    public void observe(int user, int item) {
        histories.add(user, item);
    }

    @Override
    public void fit() {
        int width = settings.width();
        userVectors = new double[histories.users()][width];
        itemVectors = new double[items][width];
        SeededRandom random = SeededRandom.of(seed, PURPOSE_INIT, 0);
        for (double[] vector : itemVectors) {
            for (int d = 0; d < width; d++) {
                vector[d] = 0.1 / Math.sqrt(width) * random.nextGaussian();
            }
        }
        int[][] itemsByUser = new int[histories.users()][];
        for (int user = 0; user < itemsByUser.length; user++) {
            itemsByUser[user] = Arrays.copyOf(histories.items(user), histories.size(user));
        }
        int[][] usersByItem = histories.usersByItem(items);
        for (int iteration = 0; iteration < settings.iterations(); iteration++) {
            solve(userVectors, itemVectors, itemsByUser);
            solve(itemVectors, userVectors, usersByItem);
        }
        solve(userVectors, itemVectors, itemsByUser);
    }

    /** Sets each row to the solution of (Σ_{observed} v vᵀ + α₀ VᵀV + λ f I) x = Σ_{observed} v. */
    private void solve(double[][] rows, double[][] others, int[][] observed) {
        int width = settings.width();
        double[] all = packed(others, null, width);
        double[] gram = new double[width * width];
        cblas_dsyrk(
                CblasColMajor,
                CblasLower,
                CblasNoTrans,
                width,
                others.length,
                settings.unobserved(),
                all,
                width,
                0.0,
                gram,
                width);
        double[] system = new double[width * width];
        double[][] columns = new double[width][width];
        for (int row = 0; row < rows.length; row++) {
            int[] seen = observed[row];
            System.arraycopy(gram, 0, system, 0, gram.length);
            double[] right = new double[width];
            if (seen.length > 0) {
                double[] vectors = packed(others, seen, width);
                cblas_dsyrk(
                        CblasColMajor,
                        CblasLower,
                        CblasNoTrans,
                        width,
                        seen.length,
                        1.0,
                        vectors,
                        width,
                        1.0,
                        system,
                        width);
                for (int i = 0; i < vectors.length; i++) {
                    right[i % width] += vectors[i];
                }
            }
            double weight = settings.regularisation()
                    * Math.pow(seen.length + settings.unobserved() * others.length, settings.exponent());
            for (int d = 0; d < width; d++) {
                system[d * width + d] += weight;
            }
            for (int d = 0; d < width; d++) {
                System.arraycopy(system, d * width, columns[d], 0, width);
            }
            if (!Cholesky.solve(columns, right)) {
                throw new IllegalStateException("iALS needs positive definite normal equations, got regularisation "
                        + settings.regularisation() + ": raise it above 0");
            }
            rows[row] = right;
        }
    }

    /** The chosen vectors one after the other, all where {@code chosen} is null. */
    private static double[] packed(double[][] vectors, int @Nullable [] chosen, int width) {
        int count = chosen == null ? vectors.length : chosen.length;
        double[] packed = new double[count * width];
        for (int i = 0; i < count; i++) {
            System.arraycopy(vectors[chosen == null ? i : chosen[i]], 0, packed, i * width, width);
        }
        return packed;
    }

    @Override
    public void score(int user, float[] scores) {
        if (itemVectors.length == 0) {
            Arrays.fill(scores, 0, items, 0f);
            return;
        }
        double[] u = userVectors[user];
        for (int j = 0; j < items; j++) {
            double sum = 0.0;
            for (int d = 0; d < u.length; d++) {
                sum += u[d] * itemVectors[j][d];
            }
            scores[j] = (float) sum;
        }
    }
}

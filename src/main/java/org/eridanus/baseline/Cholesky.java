package org.eridanus.baseline;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasLower;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_dsyrk;

import org.bytedeco.javacpp.DoublePointer;

/**
 * Symmetric positive definite matrices A = L Lᵀ, column after column, of which the lower triangle is read (Golub, Van Loan,
 * Matrix Computations, 4.2). Products are OpenBLAS's, triangular solutions are made here: OpenBLAS 0.3.19, which ND4J brings,
 * gets those of doubles wrong on its AVX-512 kernel (dtrsm, and with it LAPACK's dpotrf, dpotri and dposv).
 *
 * <p>Threading: without state.
 */
final class Cholesky {
    private static final int BLOCK = 64;

    private Cholesky() {}

    /**
     * Solves A x = b.
     *
     * @param matrix A by columns, [n][n]; its lower triangle becomes L
     * @param right b; becomes x
     * @return whether A is positive definite; without, both hold nothing of use
     */
    static boolean solve(double[][] matrix, double[] right) {
        int n = right.length;
        if (!factor(matrix, n)) {
            return false;
        }
        for (int j = 0; j < n; j++) {
            right[j] /= matrix[j][j];
            subtract(right[j], matrix[j], right, j + 1, n);
        }
        for (int j = n - 1; j >= 0; j--) {
            double sum = right[j];
            for (int i = j + 1; i < n; i++) {
                sum -= matrix[j][i] * right[i];
            }
            right[j] = sum / matrix[j][j];
        }
        return true;
    }

    /**
     * Replaces A by its inverse.
     *
     * @param matrix A by columns, [n · n]; becomes A⁻¹, both triangles
     * @return whether A is positive definite; without, the matrix is as it was
     */
    static boolean invert(double[] matrix, int n) {
        try (DoublePointer lower = new DoublePointer(matrix)) {
            if (!factor(lower, n)) {
                return false;
            }
            try (DoublePointer inverse = inverseOfLower(lower, n)) {
                // A⁻¹ = L⁻ᵀ L⁻¹ takes the place of L.
                cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, n, n, 1.0, inverse, n, 0.0, lower, n);
            }
            lower.get(matrix, 0, n * n);
        }
        for (int j = 0; j < n; j++) {
            for (int i = j + 1; i < n; i++) {
                matrix[j + i * n] = matrix[i + j * n];
            }
        }
        return true;
    }

    /** Replaces the lower triangle by L, a panel of columns after the other. */
    private static boolean factor(DoublePointer a, int n) {
        for (int from = 0; from < n; from += BLOCK) {
            int width = Math.min(BLOCK, n - from);
            int height = n - from;
            double[][] panel = new double[width][height];
            for (int j = 0; j < width; j++) {
                at(a, from, from + j, n).get(panel[j], 0, height);
            }
            if (!factor(panel, height)) {
                return false;
            }
            for (int j = 0; j < width; j++) {
                at(a, from, from + j, n).put(panel[j], 0, height);
            }
            int next = from + width;
            if (next < n) {
                DoublePointer below = at(a, next, from, n);
                DoublePointer rest = at(a, next, next, n);
                cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, n - next, width, -1.0, below, n, 1.0, rest, n);
            }
        }
        return true;
    }

    /** Factors the first columns of a matrix whose columns have {@code height} rows; row j is the diagonal's of column j. */
    private static boolean factor(double[][] columns, int height) {
        for (int j = 0; j < columns.length; j++) {
            double[] column = columns[j];
            if (!(column[j] > 0.0)) {
                return false;
            }
            double root = Math.sqrt(column[j]);
            for (int i = j; i < height; i++) {
                column[i] /= root;
            }
            for (int p = j + 1; p < columns.length; p++) {
                subtract(column[p], column, columns[p], p, height);
            }
        }
        return true;
    }

    /** W = L⁻¹ by rows of blocks: W_k = L_kk⁻¹ (I_k − Σ_{j<k} L_kj W_j); zeros above the diagonal. */
    private static DoublePointer inverseOfLower(DoublePointer lower, int n) {
        DoublePointer inverse = new DoublePointer((long) n * n);
        double[] zeros = new double[n];
        for (int j = 0; j < n; j++) {
            at(inverse, 0, j, n).put(zeros, 0, n);
        }
        for (int from = 0; from < n; from += BLOCK) {
            int height = Math.min(BLOCK, n - from);
            double[] diagonal = inverseOfDiagonal(lower, from, height, n);
            for (int j = 0; j < height; j++) {
                at(inverse, from, from + j, n).put(diagonal, j * height, height);
            }
            if (from > 0) {
                DoublePointer sum = new DoublePointer((long) height * from);
                DoublePointer left = at(lower, from, 0, n);
                DoublePointer own = at(inverse, from, from, n);
                DoublePointer out = at(inverse, from, 0, n);
                cblas_dgemm(
                        CblasColMajor,
                        CblasNoTrans,
                        CblasNoTrans,
                        height,
                        from,
                        from,
                        -1.0,
                        left,
                        n,
                        inverse,
                        n,
                        0.0,
                        sum,
                        height);
                cblas_dgemm(
                        CblasColMajor,
                        CblasNoTrans,
                        CblasNoTrans,
                        height,
                        from,
                        height,
                        1.0,
                        own,
                        n,
                        sum,
                        height,
                        0.0,
                        out,
                        n);
                sum.deallocate();
            }
        }
        return inverse;
    }

    /** The inverse of a block on L's diagonal, by columns. */
    private static double[] inverseOfDiagonal(DoublePointer lower, int from, int size, int n) {
        double[][] columns = new double[size][size];
        for (int j = 0; j < size; j++) {
            at(lower, from, from + j, n).get(columns[j], 0, size);
        }
        double[] inverse = new double[size * size];
        for (int c = 0; c < size; c++) {
            double[] x = new double[size];
            x[c] = 1.0;
            for (int j = c; j < size; j++) {
                x[j] /= columns[j][j];
                subtract(x[j], columns[j], x, j + 1, size);
            }
            System.arraycopy(x, 0, inverse, c * size, size);
        }
        return inverse;
    }

    /** y −= factor · x. */
    private static void subtract(double factor, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] -= factor * x[i];
        }
    }

    private static DoublePointer at(DoublePointer matrix, int row, int column, int n) {
        return matrix.getPointer(row + (long) column * n);
    }
}

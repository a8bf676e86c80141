package org.eridanus.model;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sgemv;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products of ND4J arrays by the BLAS library that ND4J's native backend loads, called without ND4J's checks: at
 * the tower's sizes these cost more than the product (40 against 15 µs for 32 × 67 × 200 on one Zen 4 core).
 *
 * <p>Matrices lie by column. Pointers are taken once an array, because taking one allocates.
 */
final class Gemm {
    /** Columns that one call sums over: OpenBLAS takes up to three times as long for deeper sums on some processors. */
    private static final int DEPTH = 48;

    private Gemm() {}

    /** Where the values of an ND4J array lie. */
    static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().addressPointer()).capacity(array.length());
    }

    /** C = Aᵀ B + β C, A [k, m], B [k, n], C [m, n]. */
    static void transposedLeft(int m, int n, int k, FloatPointer a, FloatPointer b, float beta, FloatPointer c) {
        cblas_sgemm(CblasColMajor, CblasTrans, CblasNoTrans, m, n, k, 1f, a, k, b, k, beta, c, m);
    }

    /** C = A Bᵀ, A [m, k], B [n, k], C [m, n], by sums over {@value #DEPTH} of the k columns at a time. */
    static void transposedRight(int m, int n, int k, FloatPointer a, FloatPointer b, FloatPointer c) {
        for (int from = 0; from < k; from += DEPTH) {
            cblas_sgemm(
                    CblasColMajor,
                    CblasNoTrans,
                    CblasTrans,
                    m,
                    n,
                    Math.min(DEPTH, k - from),
                    1f,
                    a.position((long) m * from),
                    m,
                    b.position((long) n * from),
                    n,
                    from == 0 ? 0f : 1f,
                    c,
                    m);
        }
        a.position(0);
        b.position(0);
    }

    /** C = A B, A [m, k], B [k, n], C [m, n]. */
    static void plain(int m, int n, int k, FloatPointer a, FloatPointer b, FloatPointer c) {
        cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1f, a, m, b, k, 0f, c, m);
    }

    /** c = A 1, A [m, n], the sum of each of its rows; {@code ones} are n ones. */
    static void rowSums(int m, int n, FloatPointer a, FloatPointer ones, FloatPointer c) {
        cblas_sgemv(CblasColMajor, CblasNoTrans, m, n, 1f, a, m, ones, 1, 0f, c, 1);
    }
}

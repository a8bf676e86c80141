package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
    private final SplittableRandom random = new SplittableRandom(7);

    /** B Bᵀ + n I, by columns. */
    private double[] positiveDefinite(int n) {
        double[] b = random.doubles((long) n * n, -1.0, 1.0).toArray();
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = i == j ? n : 0.0;
                for (int k = 0; k < n; k++) {
                    sum += b[i + k * n] * b[j + k * n];
                }
                a[i + j * n] = sum;
            }
        }
        return a;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 25, 64, 65, 200})
    void shouldGiveTheIdentityTimesItsInverse(int n) {
        double[] a = positiveDefinite(n);
        double[] inverse = a.clone();

        assertThat(Cholesky.invert(inverse, n)).isTrue();

        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double product = 0.0;
                for (int k = 0; k < n; k++) {
                    product += a[i + k * n] * inverse[k + j * n];
                }
                assertThat(product).isCloseTo(i == j ? 1.0 : 0.0, within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64, 100})
    void shouldSolveWhatItsMatrixGives(int n) {
        double[] a = positiveDefinite(n);
        double[] x = random.doubles(n, -1.0, 1.0).toArray();
        double[][] columns = new double[n][n];
        double[] right = new double[n];
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                columns[j][i] = a[i + j * n];
                right[i] += a[i + j * n] * x[j];
            }
        }

        assertThat(Cholesky.solve(columns, right)).isTrue();

        assertThat(right).containsExactly(x, within(1e-9));
    }

    @Test
    void shouldRefuseWhatIsNotPositiveDefinite() {
        double[] matrix = {1, 2, 2, 1};

        assertThat(Cholesky.invert(matrix, 2)).isFalse();
        assertThat(matrix).containsExactly(1, 2, 2, 1);
        assertThat(Cholesky.solve(new double[][] {{0, 0}, {0, 1}}, new double[2]))
                .isFalse();
    }
}

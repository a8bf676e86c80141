package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearModelTest {
    /** Item 0 has 4 users, item 1 has 3, together they have 2; user 0 has item 0 alone. */
    private static final int[][] TWO_ITEMS = {{0, 0}, {1, 0}, {2, 0}, {2, 1}, {3, 0}, {3, 1}, {4, 1}};

    private static float[] fitted(ItemScorer scorer, int[][] events, int items, int user) {
        for (int[] event : events) {
            scorer.observe(event[0], event[1]);
        }
        scorer.fit();
        float[] scores = new float[items];
        scorer.score(user, scores);
        return scores;
    }

    @Test
    void shouldRegressOneItemOnAnotherByEase() {
        float[] scores = fitted(new Ease(5, 2, 3.0, 1.0), TWO_ITEMS, 2, 0);

        // Ridge regression on one variable: G₀₁ / (G₀₀ + λ).
        assertThat(scores[1]).isCloseTo(2f / (4f + 3f), within(1e-6f));
        assertThat(scores[0]).isEqualTo(0f);
    }

    @Test
    void shouldWeighOlderItemsLessWhereAskedTo() {
        int[][] events = {{0, 0}, {0, 1}, {1, 0}, {1, 2}, {2, 1}, {2, 2}, {3, 0}, {4, 1}};

        float[] plain = fitted(new Ease(6, 3, 1.0, 1.0), events, 3, 0);
        float[] older = fitted(new Ease(6, 3, 1.0, 1.0), events, 3, 3);
        float[] newer = fitted(new Ease(6, 3, 1.0, 1.0), events, 3, 4);
        float[] decayed = fitted(new Ease(6, 3, 1.0, 0.25), events, 3, 0);

        assertThat(plain[2]).isCloseTo(older[2] + newer[2], within(1e-6f));
        assertThat(decayed[2]).isCloseTo(0.25f * older[2] + newer[2], within(1e-6f));
        assertThat(older[2]).isPositive();
    }

    @Test
    void shouldRegressOneItemOnAnotherBySlim() {
        float[] scores = fitted(new Slim(5, 2, 0.5, 3.0), TWO_ITEMS, 2, 0);

        // Elastic net on one variable: (G₀₁ − λ₁) / (G₀₀ + λ₂).
        assertThat(scores[1]).isCloseTo((2f - 0.5f) / (4f + 3f), within(1e-6f));
        assertThat(scores[0]).isEqualTo(0f);
    }

    @Test
    void shouldDropWeakWeightsBySlim() {
        assertThat(fitted(new Slim(5, 2, 2.5, 3.0), TWO_ITEMS, 2, 0)[1]).isEqualTo(0f);
    }

    /** The optimality of a convex problem: the gradient vanishes where a weight is not 0, and else points outward. */
    @Test
    void shouldMeetTheOptimalityConditionsOfSlim() {
        int users = 40;
        int items = 8;
        Random random = new Random(2);
        double[][] x = new double[users][items];
        Slim slim = new Slim(users + items, items, 1.0, 2.0);
        for (int user = 0; user < users; user++) {
            for (int item = 0; item < items; item++) {
                if (random.nextDouble() < 0.2 + 0.05 * item) {
                    x[user][item] = 1;
                    slim.observe(user, item);
                }
            }
        }
        slim.fit();
        double[][] w = new double[items][items];
        for (int i = 0; i < items; i++) {
            // A user who has item i alone, and came after fitting, shows row i of the weights.
            slim.observe(users + i, i);
            float[] row = new float[items];
            slim.score(users + i, row);
            for (int j = 0; j < items; j++) {
                w[i][j] = row[j];
            }
        }

        int positive = 0;
        for (int j = 0; j < items; j++) {
            for (int i = 0; i < items; i++) {
                if (i == j) {
                    assertThat(w[i][j]).isEqualTo(0.0);
                    continue;
                }
                double gradient = 1.0 + 2.0 * w[i][j];
                for (int user = 0; user < users; user++) {
                    double residual = x[user][j];
                    for (int k = 0; k < items; k++) {
                        residual -= x[user][k] * w[k][j];
                    }
                    gradient -= x[user][i] * residual;
                }
                if (w[i][j] > 0) {
                    positive++;
                    assertThat(gradient).isCloseTo(0.0, within(0.01));
                } else {
                    assertThat(gradient).isGreaterThan(-0.01);
                }
            }
        }
        assertThat(positive).isPositive();
    }

    @Test
    void shouldRefuseACatalogueThatIsTooLargeForADenseMatrix() {
        assertThatThrownBy(() -> new Ease(1, 5_001, 1.0, 1.0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 5000 items, got 5001");
    }
}

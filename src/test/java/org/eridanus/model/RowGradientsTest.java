package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowGradientsTest {
    private static final int WIDTH = 4;
    private static final int ROWS = 5_000;
    private static final float RATE = 0.5f;
    private static final ModelSettings.Optimiser SGD = ModelSettings.Optimiser.sgd(RATE);

    private final EmbeddingTable table = new EmbeddingTable(
            "item", WIDTH, false, Presets.paper().toBuilder().optimiser(SGD).build(), true);
    private final RowGradients gradients = new RowGradients(table);

    RowGradientsTest() {
        for (int row = 0; row < ROWS; row++) {
            table.admit("i" + row);
        }
    }

    @Test
    void shouldSumTheGradientsOfEachRowStepAfterStep() {
        SplittableRandom random = new SplittableRandom(5);
        for (int step = 0; step < 40; step++) {
            // Few rows and many, so that slots are both kept and made anew.
            int draws = step % 7 == 6 ? 3_000 : 20;
            Map<Integer, Integer> expected = new HashMap<>();
            for (int i = 0; i < draws; i++) {
                int row = random.nextInt(ROWS);
                gradients.of(row)[row % WIDTH] += 1f;
                expected.merge(row, 1, Integer::sum);
            }

            double squares = 0.0;
            for (Map.Entry<Integer, Integer> sum : expected.entrySet()) {
                assertThat(gradients.of(sum.getKey())[sum.getKey() % WIDTH]).isEqualTo((float) sum.getValue());
                squares += (double) sum.getValue() * sum.getValue();
            }
            assertThat(gradients.squaredNorm()).isEqualTo(squares);
            gradients.clear();
            assertThat(gradients.squaredNorm()).isZero();
        }
    }

    @Test
    void shouldMoveRowsThatHaveAGradientAndNoOthers() {
        float[] before = table.values(4_321);
        float[] other = table.values(77);
        table.changed().clear();

        gradients.add(4_321, 1, new float[] {9f, 2f}, 1, 3f, 1);
        gradients.apply(SGD, 1, true);
        gradients.apply(SGD, 2, true);

        assertThat(table.values(4_321)).containsExactly(before[0], before[1] - RATE * 6f, before[2], before[3]);
        assertThat(table.values(77)).containsExactly(other);
        assertThat(table.changed().sorted()).containsExactly(4_321);
    }
}

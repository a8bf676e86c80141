package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairTableTest {
    @Test
    void shouldCountAsAMapDoes() {
        int items = 300;
        PairTable table = new PairTable(items);
        Map<Integer, Integer> expected = new HashMap<>();
        Random random = new Random(6);
        for (int n = 0; n < 50_000; n++) {
            int from = random.nextInt(20);
            int to = (int) (items * Math.pow(random.nextDouble(), 3));
            table.increment(from, to);
            expected.merge(from * items + to, 1, Integer::sum);
        }

        for (int from = 0; from < 25; from++) {
            float[] scores = new float[items];
            table.addTo(scores, from, 2f);
            for (int to = 0; to < items; to++) {
                int count = expected.getOrDefault(from * items + to, 0);
                assertThat(table.count(from, to)).isEqualTo(count);
                assertThat(scores[to]).isEqualTo(2f * count);
            }
        }
    }

    @Test
    void shouldKeepTheStrongest() {
        assertThat(Strongest.of(new float[] {0f, 3f, 1f, 3f, 2f, -1f}, 3)).containsExactly(1, 3, 4);
        assertThat(Strongest.of(new float[] {2f, 2f, 2f}, 2)).containsExactly(0, 1);
        assertThat(Strongest.of(new float[] {0f, 1f}, 5)).containsExactly(1);
        assertThat(Strongest.of(new float[] {0f}, 5)).isEmpty();
    }
}

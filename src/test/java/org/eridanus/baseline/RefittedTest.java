package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefittedTest {
    @Test
    void shouldFitAfterSoManyEvents() {
        List<Integer> fittedAfter = new ArrayList<>();
        ItemScorer counting = new ItemScorer() {
            private int observed;

            @Override
            public void observe(int user, int item) {
                observed++;
            }

            @Override
            public void fit() {
                fittedAfter.add(observed);
            }

            @Override
            public void score(int user, float[] scores) {
                scores[0] = observed;
            }
        };
        Refitted refitted = new Refitted(counting, 3);

        for (int event = 0; event < 8; event++) {
            refitted.observe(0, event);
        }

        assertThat(fittedAfter).containsExactly(3, 6);
    }

    @Test
    void shouldRefuseToFitAfterNoEvents() {
        assertThatThrownBy(() -> new Refitted(new Popularity(1), 0)).hasMessageContaining("got 0");
    }
}

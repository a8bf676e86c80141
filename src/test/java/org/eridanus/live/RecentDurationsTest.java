package org.eridanus.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentDurationsTest {
    private final RecentDurations durations = new RecentDurations(100);

    @Test
    void shouldKnowNothingAtFirst() {
        assertThat(durations.quantiles(.5, .99)).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void shouldForgetWhatIsOld() {
        for (int i = 0; i < 50; i++) {
            durations.add(10_000);
        }
        for (int i = 1; i <= 100; i++) {
            durations.add(i);
        }

        assertThat(durations.quantiles(.5, .99, 1)).containsExactly(50, 99, 100);
    }

    @Test
    void shouldTakeNegativeOnesForNone() {
        durations.add(-5);

        assertThat(durations.quantiles(.5)).containsExactly(0);
    }
}

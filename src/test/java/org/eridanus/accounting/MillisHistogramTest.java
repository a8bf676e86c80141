package org.eridanus.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MillisHistogramTest {
    private final MillisHistogram histogram = new MillisHistogram();

    @Test
    void shouldHaveNoQuantileWithoutDurations() {
        assertThat(histogram.quantile(.5)).isNaN();
    }

    @Test
    void shouldFindTheSmallestDurationThatTheShareDoesNotExceed() {
        for (int millis = 1; millis <= 1_000; millis++) {
            histogram.add(millis);
        }

        assertThat(histogram.count()).isEqualTo(1_000);
        assertThat(histogram.quantile(.5)).isEqualTo(500);
        assertThat(histogram.quantile(.99)).isEqualTo(990);
        assertThat(histogram.quantile(1)).isEqualTo(1_000);
        assertThat(histogram.quantile(1e-9)).isEqualTo(1);
    }

    @Test
    void shouldCountWhatIsOutOfRangeAtTheEnds() {
        histogram.add(-3);
        histogram.add(1_000_000);

        assertThat(histogram.quantile(.5)).isZero();
        assertThat(histogram.quantile(1)).isEqualTo(60_000);
    }
}

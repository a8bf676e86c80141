package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests {@link LineChart}. */
final class LineChartTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "800, 800", "20000, 20K", "725000, 725K", "1450000, 1.45M", "5000000, 5M"})
    void wideNumbersAreShort(double value, String label) {
        assertThat(LineChart.compact(value)).isEqualTo(label);
    }
}

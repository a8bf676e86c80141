package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void shouldDivideByOneLessThanTheNumberOfValues() {
        Spread spread = Spread.of(List.of(1.0, 2.0, 6.0));

        assertThat(spread.mean()).isCloseTo(9.0 / 3.0, within(1e-15));
        assertThat(spread.deviation()).isCloseTo(Math.sqrt((4.0 + 1.0 + 9.0) / 2.0), within(1e-15));
    }

    @Test
    void shouldHaveNoDeviationOfOneValue() {
        assertThat(Spread.of(List.of(0.25)).mean()).isEqualTo(0.25);
        assertThat(Spread.of(List.of(0.25)).deviation()).isNaN();
    }
}

package org.eridanus.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DecayedPopularityTest {
    @Test
    void shouldCountAnEventHalfAfterOneHalfLife() {
        DecayedPopularity popularity = new DecayedPopularity(100);
        popularity.add(0, 0);
        popularity.add(1, 100);
        popularity.add(2, 250);

        assertThat(popularity.mass(1) / popularity.mass(0)).isCloseTo(2.0, within(1e-12));
        assertThat(popularity.mass(2) / popularity.mass(0)).isCloseTo(Math.pow(2.0, 2.5), within(1e-12));
    }

    @Test
    void shouldSumAnItemsEvents() {
        DecayedPopularity popularity = new DecayedPopularity(100);
        popularity.add(0, 0);
        popularity.add(0, 100);
        popularity.add(0, 200);
        popularity.add(1, 200);

        // At event 200: 2⁻² + 2⁻¹ + 1 against 1.
        assertThat(popularity.mass(0) / popularity.mass(1)).isCloseTo(0.25 + 0.5 + 1.0, within(1e-12));
        // On the fixed scale of event 0: log₂(1 + 2 + 4) and log₂ 4.
        assertThat(popularity.logarithm(0)).isCloseTo(Math.log(7.0) / Math.log(2.0), within(1e-12));
        assertThat(popularity.logarithm(1)).isCloseTo(2.0, within(1e-12));
    }

    @Test
    void shouldKnowNothingOfAnItemWithoutEvents() {
        DecayedPopularity popularity = new DecayedPopularity(100);
        popularity.add(3, 5);

        assertThat(popularity.mass(2)).isZero();
        assertThat(popularity.mass(1_000_000)).isZero();
        assertThat(popularity.logarithm(2)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void shouldKeepALogarithmWhileOthersAreCounted() {
        DecayedPopularity popularity = new DecayedPopularity(10);
        for (int event = 0; event < 50; event++) {
            popularity.add(event % 3, event);
        }
        double before = popularity.logarithm(0);

        // Past the largest exponent, so that the masses are brought back in between.
        for (int event = 50; event < 10_000; event++) {
            popularity.add(1 + event % 2, event);
        }

        assertThat(popularity.mass(0)).as("brought back").isLessThan(1e-100);
        assertThat(popularity.logarithm(0)).isCloseTo(before, within(1e-9));
    }

    @Test
    void shouldNeitherOverflowNorForgetTheOrderAfterMillionsOfEvents() {
        DecayedPopularity popularity = new DecayedPopularity(5_000);
        int events = 10_000_000;
        for (int event = 0; event < events; event++) {
            popularity.add(event % 4 == 0 ? 0 : 1, event);
        }

        // The tail of the series: an event in four on one item, three in four on the other.
        double all = popularity.mass(0) + popularity.mass(1);
        assertThat(all).isFinite().isPositive();
        assertThat(popularity.mass(1) / popularity.mass(0)).isCloseTo(3.0, within(1e-3));
        // At its newest event: Σ 2^(−4n / half-life) = 1 / (1 − 2^(−4 / half-life)) for the item at every fourth.
        double steady = 1.0 / (1.0 - Math.pow(2.0, -4.0 / 5_000.0));
        double newest = (events - 4) / 5_000.0;
        assertThat(popularity.logarithm(0)).isCloseTo(Math.log(steady) / Math.log(2.0) + newest, within(1e-6));
    }

    @Test
    void shouldOrderItemsByLogarithmAsByMass() {
        DecayedPopularity popularity = new DecayedPopularity(50);
        for (int event = 0; event < 3_000; event++) {
            popularity.add((int) (event * 2654435761L % 40), event);
        }

        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
                assertThat(Double.compare(popularity.logarithm(i), popularity.logarithm(j)))
                        .as("%s, %s", i, j)
                        .isEqualTo(Double.compare(popularity.mass(i), popularity.mass(j)));
            }
        }
    }

    @Test
    void shouldRefuseAHalfLifeBelowOne() {
        assertThatThrownBy(() -> new DecayedPopularity(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("popularity.half-life must be at least 1 event, got 0");
    }
}

package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PrequentialAccuracyTest {
    @Test
    void shouldTellAllFromTheLastHalfAndColdUsers() {
        PrequentialAccuracy accuracy = new PrequentialAccuracy(2, 4);

        accuracy.add(0, 0, 0, 1);
        accuracy.add(1, 1, 9, 11);
        accuracy.add(2, 0, 10, 5);
        accuracy.add(3, 1, 11, 11);

        assertThat(accuracy.all().mean(Metric.HR, 10)).isEqualTo(2.0 / 4.0);
        assertThat(accuracy.lastHalf().mean(Metric.HR, 10)).isEqualTo(1.0 / 2.0);
        assertThat(accuracy.lastHalf().mean(Metric.MRR, 10)).isCloseTo(1.0 / 5.0 / 2.0, within(1e-15));
        assertThat(accuracy.cold().rankings()).isEqualTo(2);
        assertThat(accuracy.cold().mean(Metric.HR, 10)).isEqualTo(1.0 / 2.0);
    }

    @Test
    void shouldLeaveOutWhatSettingsWereChosenOn() {
        PrequentialAccuracy accuracy = new PrequentialAccuracy(1, 10);
        for (int event = 0; event < 10; event++) {
            accuracy.add(event, 0, event, event < 4 ? 1 : 20);
        }

        assertThat(accuracy.afterThirty().rankings()).isEqualTo(7);
        assertThat(accuracy.afterThirty().mean(Metric.HR, 10)).isEqualTo(1.0 / 7.0);
    }

    @Test
    void shouldCutTheStreamIntoBlocks() {
        PrequentialAccuracy accuracy = new PrequentialAccuracy(1, 100);
        for (int event = 0; event < 100; event++) {
            accuracy.add(event, 0, event, event < 2 ? 1 : 20);
        }

        assertThat(accuracy.curve()).hasSize(PrequentialAccuracy.BLOCKS);
        assertThat(accuracy.curve().get(0)).isEqualTo(new PrequentialAccuracy.Block(2, 2, 1.0, 1.0));
        assertThat(accuracy.curve().get(49)).isEqualTo(new PrequentialAccuracy.Block(100, 2, 0.0, 0.0));
    }
}

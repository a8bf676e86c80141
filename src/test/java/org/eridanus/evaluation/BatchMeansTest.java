package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchMeansTest {
    private static final double EXACT = 1e-12;

    @Test
    void shouldFollowTheFormulaOfTheInterval() {
        BatchMeans means = new BatchMeans(10, 2);
        double squares = 0.0;
        for (int b = 1; b <= 10; b++) {
            means.add(b - 1);
            means.add(b + 1);
            squares += (b - 5.5) * (b - 5.5);
        }

        BatchMeans.Interval interval = means.interval();

        // Batch means 1 .. 10; t(9, .975) = 2.262157.
        double half = 2.262157 * Math.sqrt(squares / 9) / Math.sqrt(10);
        assertThat(interval.mean()).isEqualTo(5.5, within(EXACT));
        assertThat(interval.lower()).isEqualTo(5.5 - half, within(1e-4));
        assertThat(interval.upper()).isEqualTo(5.5 + half, within(1e-4));
    }

    @Test
    void shouldForgetTheOldestBatchAndCountTheFillingOneInTheMeanAlone() {
        BatchMeans means = new BatchMeans(10, 3);
        assertThat(means.mean()).isNaN();
        for (int i = 0; i < 3; i++) {
            means.add(100);
        }
        for (int i = 0; i < 30; i++) {
            means.add(2);
        }
        means.add(33);

        assertThat(means.mean()).isEqualTo((30 * 2 + 33) / 31.0, within(EXACT));
        assertThat(means.interval().mean()).isEqualTo(2.0, within(EXACT));
        assertThat(means.interval().upper()).isEqualTo(2.0, within(EXACT));
    }

    @Test
    void shouldHaveNoIntervalWithFewBatches() {
        BatchMeans means = new BatchMeans(20, 1);
        for (int i = 0; i < BatchMeans.MIN_BATCHES - 1; i++) {
            means.add(i);
        }
        assertThat(means.interval().lower()).isNaN();

        means.add(1);

        assertThat(means.interval().lower()).isFinite();
    }

    @Test
    void shouldCoverTheTrueMeanAsOftenAsItSaysThoughNeighboursResembleEachOther() {
        Random random = new Random(11);
        int covered = 0;
        int trials = 1_000;
        for (int trial = 0; trial < trials; trial++) {
            BatchMeans means = new BatchMeans(50, 100);
            double x = 0.0;
            for (int i = 0; i < 5_000; i++) {
                // A first-order autoregression: correlation .6 between neighbours, true mean 0.
                x = 0.6 * x + random.nextGaussian();
                means.add(x);
            }
            BatchMeans.Interval interval = means.interval();
            covered += interval.lower() <= 0 && interval.upper() >= 0 ? 1 : 0;
        }

        // An interval that took observations for independent would cover in 2 of 3 cases: its width is half of what is
        // due.
        assertThat(covered / (double) trials).isBetween(0.925, 0.97);
    }

    @Test
    void shouldKnowStudentsQuantile() {
        assertThat(BatchMeans.studentQuantile(9)).isEqualTo(2.262157, within(1e-4));
        assertThat(BatchMeans.studentQuantile(49)).isEqualTo(2.009575, within(1e-5));
        assertThat(BatchMeans.studentQuantile(1_000_000)).isEqualTo(1.959966, within(1e-5));
    }

    @Test
    void shouldRefuseTooFewBatches() {
        assertThatThrownBy(() -> new BatchMeans(9, 10)).hasMessageContaining("at least 10 batches");
        assertThatThrownBy(() -> new BatchMeans(10, 0)).hasMessageContaining("got 10 of 0");
    }
}

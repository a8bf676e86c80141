package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FlatnessTest {
    private static final int POINTS = 200;
    private static final double SHARE = 0.05;
    private static final double FLOOR = 1;

    @Test
    void shouldMeasureTheGrowthOfTheSecondHalfAlone() {
        Flatness line = of(x -> x < 100 ? 50 * x : 5_000 + 2 * (x - 100));

        assertThat(line.growth()).isCloseTo(2 * 99, Offset.offset(1e-9));
        assertThat(line.median()).isCloseTo(5_000 + 99, Offset.offset(1e-9));
        assertThat(line.flat()).as("198 of 5 099").isTrue();
    }

    @Test
    void shouldTurnRedOnALeakUnderNoiseAndASawTooth() {
        SplittableRandom random = new SplittableRandom(1);
        double[] noise = random.doubles(POINTS, -30, 30).toArray();
        DoubleUnaryOperator honest = x -> 1_000 + noise[(int) x] + 100 * (x % 10) / 10;

        assertThat(of(honest).flat()).isTrue();
        assertThat(of(x -> honest.applyAsDouble(x) + 1.0 * x).growth())
                .as("1 % each ten points, which is 10 % in the second half")
                .isCloseTo(100, Offset.offset(15.0));
        assertThat(of(x -> honest.applyAsDouble(x) + 1.0 * x).flat()).isFalse();
    }

    @Test
    void shouldNotBeMovedByOutliersNorTakeAFallForGrowth() {
        assertThat(of(x -> x % 5 == 0 ? 9_000 : 1_000).growth()).isZero();
        assertThat(of(x -> 1_000 - x).flat()).isTrue();
        assertThat(of(x -> 1_000 - x).growth()).isNegative();
    }

    @Test
    void shouldLetGrowThatMuchInAnyCase() {
        assertThat(of(x -> 2 + x / 100).flat()).as("0.99 of 3.5").isTrue();
        assertThat(of(x -> 2 + x / 90).flat()).as("1.1 of 3.7").isFalse();
    }

    @Test
    void shouldRefuseToJudgeByAFewPoints() {
        double[] few = {1, 2, 3, 4, 5, 6, 7};

        assertThatThrownBy(() -> Flatness.of(few, few, SHARE, FLOOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 5 points");
    }

    private static Flatness of(DoubleUnaryOperator series) {
        double[] at = new double[POINTS];
        double[] values = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            at[i] = i;
            values[i] = series.applyAsDouble(i);
        }
        return Flatness.of(at, values, SHARE, FLOOR);
    }
}

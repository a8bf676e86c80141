package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Coordinate;
import org.eridanus.model.ModelRow;
import org.eridanus.testing.TestClock;
import org.junit.jupiter.api.Test;

class FreshnessTrackerTest {
    private final TestClock clock = new TestClock(Instant.ofEpochMilli(10_000));
    private final CountingScorerMonitor monitor = new CountingScorerMonitor();
    private final FreshnessTracker tracker = new FreshnessTracker(clock, monitor);

    @Test
    void shouldReportEventsAsVersionsCoverThem() {
        tracker.met(new Coordinate(0, 5), 9_000);
        tracker.met(new Coordinate(0, 7), 9_500);
        tracker.met(new Coordinate(1, 5), 9_900);

        tracker.served(marker(Map.of(0, 6L)));
        assertThat(monitor.freshness()).containsExactly(1_000L);
        clock.advance(Duration.ofMillis(200));
        tracker.served(marker(Map.of(0, 7L, 1, 100L)));
        assertThat(monitor.freshness()).containsExactly(1_000L, 700L, 300L);
    }

    @Test
    void shouldReportAtOnceWhatIsCoveredAlready() {
        tracker.served(marker(Map.of(0, 6L)));

        tracker.met(new Coordinate(0, 6), 9_000);
        tracker.met(new Coordinate(0, 7), 9_000);

        assertThat(monitor.freshness()).containsExactly(1_000L);
    }

    @Test
    void shouldPassOverWhatAnAbortBringsAgain() {
        tracker.met(new Coordinate(0, 5), 9_000);
        tracker.met(new Coordinate(0, 6), 9_000);
        tracker.met(new Coordinate(0, 5), 9_000);
        tracker.met(new Coordinate(0, 6), 9_000);

        tracker.served(marker(Map.of(0, 6L)));

        assertThat(monitor.freshness()).hasSize(2);
    }

    @Test
    void shouldCountWhatItCannotMeasureWhileTooManyWait() {
        for (int offset = 0; offset < FreshnessTracker.CAPACITY + 10; offset++) {
            tracker.met(new Coordinate(0, offset), offset < FreshnessTracker.CAPACITY ? 9_999 : 5);
        }
        assertThat(monitor.of("unmeasured")).isEqualTo(10);
        assertThat(monitor.waitingSince()).isEqualTo(9_999);

        tracker.served(marker(Map.of(0, Long.MAX_VALUE)));

        assertThat(monitor.freshness()).hasSize(FreshnessTracker.CAPACITY).containsOnly(1L);
    }

    @Test
    void shouldTellSinceWhenTheOldestEventWaits() {
        tracker.met(new Coordinate(0, 5), 9_000);
        tracker.met(new Coordinate(1, 5), 8_000);
        tracker.met(new Coordinate(0, 6), 9_500);
        assertThat(monitor.waitingSince()).isEqualTo(8_000);

        tracker.served(marker(Map.of(0, 5L, 1, 4L)));
        assertThat(monitor.waitingSince()).isEqualTo(8_000);
        tracker.served(marker(Map.of(0, 5L, 1, 5L)));
        assertThat(monitor.waitingSince()).isEqualTo(9_500);
        tracker.served(marker(Map.of(0, 6L, 1, 5L)));
        assertThat(monitor.waitingSince()).isZero();
    }

    @Test
    void shouldNotTakeAFrozenVersionForOneThatHasLearned() {
        tracker.met(new Coordinate(0, 5), 9_000);

        tracker.served(marker(Map.of(0, 5L), true));

        assertThat(monitor.freshness()).isEmpty();
        assertThat(monitor.waitingSince()).isZero();
    }

    @Test
    void shouldNotReportAtOnceWhatAFrozenVersionCovers() {
        tracker.served(marker(Map.of(0, 5L)));
        tracker.served(marker(Map.of(0, 6L, 1, 3L), true));

        tracker.met(new Coordinate(0, 5), 9_000);
        tracker.met(new Coordinate(0, 6), 8_000);
        tracker.met(new Coordinate(1, 3), 7_000);
        assertThat(monitor.freshness()).containsExactly(1_000L);
        assertThat(monitor.waitingSince()).isZero();

        tracker.served(marker(Map.of(0, 7L)));
        tracker.met(new Coordinate(0, 7), 9_900);
        assertThat(monitor.freshness()).containsExactly(1_000L, 100L);
    }

    @Test
    void shouldNotReportNegativeTimesWhereClocksDisagree() {
        tracker.met(new Coordinate(0, 5), 11_000);

        tracker.served(marker(Map.of(0, 6L)));

        assertThat(monitor.freshness()).containsExactly(0L);
    }

    private static ModelRow.Marker marker(Map<Integer, Long> trainedThrough) {
        return marker(trainedThrough, false);
    }

    private static ModelRow.Marker marker(Map<Integer, Long> trainedThrough, boolean frozen) {
        return new ModelRow.Marker(
                1, 0, 0, 0, 0, 0, 0, new TreeMap<>(trainedThrough), 0, 0, 0, frozen, "tiny", "hash", "java");
    }
}

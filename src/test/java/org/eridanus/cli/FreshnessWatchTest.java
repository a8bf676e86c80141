package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.eridanus.accounting.Ledger;
import org.eridanus.testing.TestClock;
import org.junit.jupiter.api.Test;

class FreshnessWatchTest {
    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
    private static final long WARM_UP = Ledger.WARM_UP.toMillis();

    private final TestClock clock = new TestClock(START);
    private final FreshnessWatch watch = new FreshnessWatch(clock);

    @Test
    void shouldLeaveEventsOfTheWarmUpOutOfTheWarmQuantilesHoweverLateTheyAreServed() {
        serve(0, 4_000);
        serve(WARM_UP - 1, 9_000);
        serve(WARM_UP, 300);
        serve(WARM_UP + 500, 200);

        assertThat(watch.quantiles()).isEqualTo(new DemoSummary.Quantiles(300, 9_000));
        assertThat(watch.warmQuantiles()).isEqualTo(new DemoSummary.Quantiles(200, 300));
    }

    @Test
    void shouldHaveNoQuantilesOfNothing() {
        serve(0, 40);

        assertThat(watch.warmQuantiles().p50()).isNaN();
    }

    /** An event that was produced so many ms after the first is served so many ms later. */
    private void serve(long produced, long millis) {
        clock.advance(Duration.between(clock.instant(), START.plusMillis(produced + millis)));
        watch.accept(millis);
    }
}

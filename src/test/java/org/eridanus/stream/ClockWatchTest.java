package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private final AtomicLong wall = new AtomicLong(1_000_000);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final ClockWatch watch = new ClockWatch(wall::get, nanos::get);

    @Test
    void shouldTellByHowMuchTheClockWasSetBack() {
        pass(Duration.ofSeconds(1));
        assertThat(watch.look()).isEmpty();

        pass(Duration.ofSeconds(1));
        wall.addAndGet(-Duration.ofHours(1).toMillis());

        assertThat(watch.look()).hasValue(Duration.ofHours(1));
        pass(Duration.ofSeconds(1));
        assertThat(watch.look()).as("told once").isEmpty();
    }

    @Test
    void shouldNotMindWhatPassesByItselfAndWhatGoesForward() {
        pass(Duration.ofSeconds(1));
        wall.addAndGet(-ClockWatch.BOUND.toMillis() + 1);
        assertThat(watch.look()).as("less than the bound").isEmpty();

        wall.addAndGet(Duration.ofHours(1).toMillis());
        assertThat(watch.look()).as("forward").isEmpty();

        pass(Duration.ofHours(1));
        assertThat(watch.look()).as("a look that comes late").isEmpty();

        wall.addAndGet(-ClockWatch.BOUND.toMillis());
        assertThat(watch.look()).hasValue(ClockWatch.BOUND);
    }

    @Test
    void shouldNotTakeAThreadThatIsKeptWaitingForAClockThatIsSetBack() {
        AtomicInteger readings = new AtomicInteger();
        ClockWatch kept = new ClockWatch(wall::get, () -> {
            // Between a reading of the clock and the one after it this thread does not get on for a minute.
            if (readings.getAndIncrement() > 0) {
                pass(Duration.ofMinutes(1));
            }
            return nanos.get();
        });

        for (int look = 0; look < 4; look++) {
            assertThat(kept.look()).isEmpty();
        }
    }

    private void pass(Duration time) {
        wall.addAndGet(time.toMillis());
        nanos.addAndGet(time.toNanos());
    }
}

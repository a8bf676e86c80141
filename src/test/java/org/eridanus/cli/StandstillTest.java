package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandstillTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final Standstill standstill = new Standstill(nanos::get);

    @Test
    void shouldCountFromTheLastThatWasDone() {
        nanos.addAndGet(10);
        assertThat(standstill.look(0, true)).isEqualTo(Duration.ofNanos(10));

        nanos.addAndGet(10);
        assertThat(standstill.look(1, true)).isZero();

        nanos.addAndGet(5);
        assertThat(standstill.look(1, true)).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void shouldNotCountWhileNothingWaits() {
        nanos.addAndGet(10);
        assertThat(standstill.look(0, false)).isZero();

        nanos.addAndGet(3);
        assertThat(standstill.look(0, true)).isEqualTo(Duration.ofNanos(3));
    }
}

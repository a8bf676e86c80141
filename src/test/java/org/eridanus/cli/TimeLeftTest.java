package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    private static final class Hand extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void shouldReckonByThePartsOfThisRunAlone() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Hand clock = new Hand();
        TimeLeft left = new TimeLeft(new Screen(new PrintStream(bytes, true, UTF_8), false, UTF_8, 80), clock);

        clock.now = clock.now.plus(Duration.ofSeconds(10));
        left.done(51, 1_000, "a");
        clock.now = clock.now.plus(Duration.ofSeconds(10));
        left.done(60, 1_000, "b");
        left.done(1_000, 1_000, "c");

        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "51 of 1000 done, about 2.6 h left: a",
                        "60 of 1000 done, about 31 min left: b",
                        "1000 of 1000 done, about 0 s left: c");
    }
}

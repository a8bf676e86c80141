package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.eridanus.testing.TestClock;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    @Test
    void shouldReckonByThePartsOfThisRunAlone() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TestClock clock = new TestClock(Instant.EPOCH);
        TimeLeft left = new TimeLeft(new Screen(new PrintStream(bytes, true, UTF_8), false, UTF_8, 80), clock);

        clock.advance(Duration.ofSeconds(10));
        left.done(51, 1_000, "a");
        clock.advance(Duration.ofSeconds(10));
        left.done(60, 1_000, "b");
        left.done(1_000, 1_000, "c");

        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "51 of 1000 done, about 2.6 h left: a",
                        "60 of 1000 done, about 31 min left: b",
                        "1000 of 1000 done, about 0 s left: c");
    }
}

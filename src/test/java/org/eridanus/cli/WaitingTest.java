package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(5);

    private final AtomicInteger checks = new AtomicInteger();
    private final Waiting waiting = new Waiting(Duration.ofNanos(1), checks::incrementAndGet);
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Screen screen =
            new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), false, StandardCharsets.UTF_8, 80);

    @Test
    void shouldLookUntilTheConditionHolds() {
        AtomicInteger looks = new AtomicInteger();

        assertThat(waiting.until(() -> looks.incrementAndGet() == 3, LONG)).isTrue();

        assertThat(looks).hasValue(3);
        assertThat(checks).hasValue(2);
    }

    @Test
    void shouldEndWithTime() {
        assertThat(waiting.until(() -> false, SHORT)).isFalse();

        assertThat(checks).hasPositiveValue();
    }

    @Test
    void shouldEndWithTheCheck() {
        Waiting hopeless = new Waiting(Duration.ofNanos(1), () -> {
            throw new CommandException("the broker is gone");
        });

        assertThatThrownBy(() -> hopeless.until(() -> false, LONG)).hasMessage("the broker is gone");
    }

    @Test
    void shouldRefuseToGoOnWithoutWhatIsRequired() {
        assertThatThrownBy(() -> waiting.require(() -> false, SHORT, "items must be taken in"))
                .isInstanceOf(CommandException.class)
                .hasMessage("items must be taken in within 0 s, and were not; look into the log");
    }

    @Test
    void shouldTellOnlyOfWhatDidNotCome() {
        waiting.orTell(() -> true, SHORT, "every event must be processed", screen);
        assertThat(shown.toString(StandardCharsets.UTF_8)).isEmpty();

        waiting.orTell(() -> false, SHORT, "every event must be processed", screen);
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("every event must be processed within 0 s, and was not");
    }
}

package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplacementsTest {
    /** Close to where a clock in nanoseconds overflows. */
    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(2).toNanos());

    private final Replacements replacements = new Replacements(clock::get);

    @Test
    void shouldAllowThreeInFiveMinutes() {
        assertThat(replacements.allow()).isTrue();
        pass(Duration.ofMinutes(1));
        assertThat(replacements.allow()).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(replacements.allow()).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(replacements.allow()).as("five minutes after the first").isFalse();
    }

    @Test
    void shouldForgetTheOldestAfterFiveMinutesAndCountNoRefusal() {
        replacements.allow();
        pass(Duration.ofMinutes(1));
        replacements.allow();
        replacements.allow();
        pass(Duration.ofMinutes(3));
        assertThat(replacements.allow()).isFalse();
        pass(Duration.ofMinutes(1).plusNanos(1));

        assertThat(replacements.allow()).as("the first is too long ago").isTrue();
        assertThat(replacements.allow()).as("the second is not").isFalse();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}

package org.eridanus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.http.TooManyRequestsResponse;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RateLimit limit = new RateLimit("calls", 10, nanos::get);

    @Test
    void shouldLetSoManyThroughEachSecond() {
        assertThat(passed(25)).isEqualTo(10);

        nanos.addAndGet(300_000_000L);
        assertThat(passed(25)).isEqualTo(3);

        nanos.addAndGet(60_000_000_000L);
        assertThat(passed(25)).as("a pause saves up one second, not more").isEqualTo(10);
    }

    @Test
    void shouldSayWhatTheLimitIs() {
        passed(10);

        assertThatThrownBy(limit::pass)
                .isInstanceOf(TooManyRequestsResponse.class)
                .hasMessageContaining("calls are answered at most 10 times a second");
        nanos.addAndGet(100_000_000L);
        assertThatCode(limit::pass).doesNotThrowAnyException();
    }

    private int passed(int calls) {
        int passed = 0;
        for (int i = 0; i < calls; i++) {
            try {
                limit.pass();
                passed++;
            } catch (TooManyRequestsResponse e) {
                assertThat(e.getStatus()).isEqualTo(429);
            }
        }
        return passed;
    }
}

package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    @Test
    void shouldTellKafkaOfTheLongIntervalAndProcessorsOfTheShortOne() {
        StreamsSettings settings = StreamsSettings.of("localhost:1", Path.of("state"));

        var config = StreamsRole.config(Role.SCORER, settings);

        assertThat(config).containsEntry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100L);
        assertThat(StreamsRole.config(Role.TRAINER, settings))
                .containsEntry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200L);
        Map<String, Object> told = new HashMap<>();
        config.forEach((key, value) -> told.put((String) key, value));
        assertThat(CommitPace.eager(told)).contains(Duration.ofMillis(50));
    }

    @Test
    void shouldKeepTransactionsShorterThanTheirTimeout() {
        assertThat(CommitPace.busy(Role.TRAINER, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(4));
        assertThat(CommitPace.busy(Role.TRAINER, Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(5));
        assertThat(CommitPace.busy(Role.SCORER, Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    }
}

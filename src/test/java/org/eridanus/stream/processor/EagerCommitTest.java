package org.eridanus.stream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.eridanus.stream.CommitPace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EagerCommitTest {
    private final MockProcessorContext<String, String> context;
    private final EagerCommit commit;

    EagerCommitTest(@TempDir Path folder) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        settings.put(CommitPace.EAGER_INTERVAL, 50L);
        context = new MockProcessorContext<>(settings, new TaskId(0, 0), folder.toFile());
        commit = new EagerCommit(context);
    }

    @Test
    void shouldCommitByTheShortIntervalWhereFewRecordsCome() {
        records(EagerCommit.FEW);

        pass();

        assertThat(context.scheduledPunctuators().get(0).getInterval()).isEqualTo(Duration.ofMillis(50));
        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldLeaveTheCommitToTheLongIntervalWhereManyCome() {
        records(EagerCommit.FEW + 1);

        pass();

        assertThat(context.committed()).isFalse();
    }

    @Test
    void shouldCountEachIntervalForItself() {
        records(EagerCommit.FEW + 1);
        pass();
        records(1);

        pass();

        assertThat(context.committed()).isTrue();
    }

    @Test
    void shouldNotCommitWhereNothingCame() {
        pass();

        assertThat(context.committed()).isFalse();
    }

    @Test
    void shouldLeaveCommitsAloneOutsideARole() {
        var elsewhere = new MockProcessorContext<String, String>();

        new EagerCommit(elsewhere).record();

        assertThat(elsewhere.scheduledPunctuators()).isEmpty();
    }

    private void records(int count) {
        for (int i = 0; i < count; i++) {
            commit.record();
        }
    }

    private void pass() {
        context.scheduledPunctuators().get(0).getPunctuator().punctuate(0);
    }
}

package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.eridanus.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command whose embedded broker does not start. */
class BrokerCommandIT {
    @TempDir
    private Path folder;

    @Test
    void shouldEndWhenItsBrokerIsNotReadyInTime() {
        try (ChildProcess broker = ChildProcess.start(
                folder.resolve("broker.log"),
                Map.of(),
                "prove",
                "broker",
                "--folder",
                folder.resolve("broker").toString(),
                "--port",
                "0",
                "--ready-within",
                "0.5")) {
            assertThat(broker.exitCode(Duration.ofSeconds(90))).isEqualTo(1);
            assertThat(broker.output())
                    .contains("eridanus: the embedded broker in " + folder.resolve("broker")
                            + " did not start: not ready within 0.5 s");
        }
    }
}

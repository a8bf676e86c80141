package org.eridanus.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.eridanus.testing.Await;
import org.eridanus.testing.RelayedServer;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network between Kafka and everybody, itself included, that passes nothing for a while and tells nobody. */
class NetworkPauseIT {
    /** Longer than a transaction may stay open (10 s) and than a member's session (8 s). */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingWhenTheNetworkPassesNothingForAWhile() throws Exception {
        try (RelayedServer network = new RelayedServer(folder.resolve("broker"))) {
            EventsOnBroker.accountForAll(new TestBroker(network), folder.resolve("state"), () -> {
                network.relay().hold();
                try {
                    Await.pass(PAUSE);
                } finally {
                    network.relay().release();
                }
            });
        }
    }
}

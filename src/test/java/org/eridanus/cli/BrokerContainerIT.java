package org.eridanus.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.eridanus.testing.Await;
import org.eridanus.testing.BrokerProvider;
import org.eridanus.testing.ContainerServer;
import org.eridanus.testing.CuttableProxy;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be done to a broker only from outside its process. */
class BrokerContainerIT {
    /** Longer than a transaction may stay open (10 s), shorter than a role waits for Kafka. */
    private static final Duration PAUSE = Duration.ofSeconds(15);
    /** Longer than a member's session (8 s), too. */
    private static final Duration NETWORK_PAUSE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @BeforeEach
    void assumeContainers() {
        BrokerProvider.CONTAINER.assume();
    }

    @Test
    void shouldLoseNothingWhenTheBrokerIsKilledMidStream() throws Exception {
        ContainerServer server = new ContainerServer();
        try (TestBroker broker = new TestBroker(server)) {
            EventsOnBroker.accountForAll(broker, folder, () -> {
                server.kill();
                server.start();
            });
        }
    }

    @Test
    void shouldLoseNothingWhenTheBrokerDoesNotAnswerForAWhile() throws Exception {
        // Its own controller would take it for gone when both wake up, and let it begin anew.
        ContainerServer server = new ContainerServer(Map.of("KAFKA_BROKER_SESSION_TIMEOUT_MS", "60000"));
        try (TestBroker broker = new TestBroker(server)) {
            EventsOnBroker.accountForAll(broker, folder, () -> {
                server.pause();
                try {
                    Await.pass(PAUSE);
                } finally {
                    server.resume();
                }
            });
        }
    }

    @Test
    void shouldLoseNothingWhenTheNetworkPassesNothingForAWhile() throws Exception {
        ContainerServer server = new ContainerServer();
        try (TestBroker broker = new TestBroker(server)) {
            CuttableProxy network = server.relayed();
            EventsOnBroker.accountForAll(broker, folder, () -> {
                network.hold();
                try {
                    Await.pass(NETWORK_PAUSE);
                } finally {
                    network.release();
                }
            });
        }
    }
}

package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.testing.Await;
import org.eridanus.testing.BrokerServer;
import org.eridanus.testing.FreePort;
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
        try (Network network = new Network(folder.resolve("broker"))) {
            EventsOnBroker.accountForAll(new TestBroker(network), folder.resolve("state"), () -> {
                network.relay.hold();
                try {
                    Await.pass(PAUSE);
                } finally {
                    network.relay.release();
                }
            });
        }
    }

    /** An embedded broker that can be reached through a relay alone. */
    private static final class Network implements BrokerServer {
        private final Path folder;
        private final int port;
        private final CuttableProxy relay;
        private EmbeddedBroker broker;

        Network(Path folder) throws IOException {
            this.folder = folder;
            port = FreePort.find();
            relay = new CuttableProxy(port);
            broker = startBroker();
        }

        private EmbeddedBroker startBroker() {
            return EmbeddedBroker.start(
                    folder, port, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + relay.port()));
        }

        @Override
        public String bootstrapServers() {
            return "127.0.0.1:" + relay.port();
        }

        @Override
        public void stop() {
            broker.close();
        }

        @Override
        public void start() {
            broker = startBroker();
        }

        @Override
        public void close() {
            broker.close();
            try {
                relay.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

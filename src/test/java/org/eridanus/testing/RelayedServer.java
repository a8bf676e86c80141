package org.eridanus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.eridanus.embedded.EmbeddedBroker;

/** An embedded broker that can be reached through a relay alone, which may stand still. */
public final class RelayedServer implements BrokerServer {
    private final Path folder;
    private final int port;
    private final CuttableProxy relay;
    private EmbeddedBroker broker;

    /** One with its data in a folder of the caller's. */
    public RelayedServer(Path folder) throws IOException {
        this.folder = folder;
        port = FreePort.find();
        relay = new CuttableProxy(port);
        broker = startBroker();
    }

    private EmbeddedBroker startBroker() {
        return EmbeddedBroker.start(
                folder, port, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + relay.port()));
    }

    /** What stands between the broker and everybody, itself included. */
    public CuttableProxy relay() {
        return relay;
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

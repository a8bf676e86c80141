package org.eridanus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.file.Folders;

/** The embedded broker, with its data in a temporary folder. */
final class EmbeddedServer implements BrokerServer {
    private final Path folder;
    private final Map<String, String> settings;
    private EmbeddedBroker broker;

    EmbeddedServer() {
        this(Map.of());
    }

    /** A broker with some of Kafka's settings different. */
    EmbeddedServer(Map<String, String> settings) {
        this.settings = settings;
        try {
            folder = Files.createTempDirectory("eridanus-test-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = EmbeddedBroker.start(folder, 0, settings);
    }

    @Override
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public void stop() {
        broker.close();
    }

    @Override
    public void start() {
        broker = EmbeddedBroker.start(folder, broker.port(), settings);
    }

    @Override
    public void close() {
        broker.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

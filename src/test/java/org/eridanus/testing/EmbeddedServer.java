package org.eridanus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.eridanus.embedded.EmbeddedBroker;
import org.jspecify.annotations.Nullable;

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
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

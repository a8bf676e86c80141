package org.eridanus.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The broker of a proof, in a process of its own, which can be stopped and started again at the same address.
 *
 * <p>Threading: for one thread.
 */
final class ProofBroker implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Path folder;
    private final Runnable check;
    private final int port = freePort();
    private @Nullable ChildJvm running;

    /**
     * A broker that was not started yet.
     *
     * @param folder where its data and its log go
     * @param check called often while it starts; throws if there is no point in going on
     */
    ProofBroker(Path folder, Runnable check) {
        this.folder = folder;
        this.check = check;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** Where it is. */
    String servers() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, and waits until clients can connect. */
    void start() {
        ChildJvm started = ChildJvm.start(
                "the broker",
                folder.resolve("broker.log"),
                "384m",
                List.of(
                        "prove",
                        "broker",
                        "--folder",
                        folder.resolve("broker").toString(),
                        "--port",
                        String.valueOf(port)));
        running = started;
        started.awaitSaid(BrokerCommand.READY, START, check);
    }

    /** Stops it, and waits until it has. */
    void stop() {
        if (running != null && running.stop(STOP).isEmpty()) {
            throw new CommandException("the broker must stop within " + STOP.toSeconds() + " s, and did not");
        }
    }

    /** Throws if it has ended. */
    void requireAlive() {
        if (running != null) {
            running.requireAlive();
        }
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }
}

package org.eridanus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A broker in a container of Kafka's own image, at a port of 127.0.0.1 that outlives its restarts. */
public final class ContainerServer implements BrokerServer {
    /** Kafka's image, in the version of the clients. */
    public static final String IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

    private static final int PORT = 9092;
    private static final String STARTER = "/tmp/testcontainers_start.sh";
    private static final String SETTINGS = "/opt/kafka/config/server.properties";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final KafkaContainer container = new KafkaContainer(DockerImageName.parse(IMAGE));
    private @Nullable String paused;
    private @Nullable CuttableProxy relay;

    /**
     * Starts a container and returns when the broker in it is ready.
     *
     * @see BrokerProvider#assume which asks first whether there can be one
     */
    public ContainerServer() {
        this(Map.of());
    }

    /**
     * The same with settings of the broker's.
     *
     * @param environment as the image takes them, such as {@code KAFKA_BROKER_SESSION_TIMEOUT_MS}
     */
    public ContainerServer(Map<String, String> environment) {
        container.withEnv(environment);
        // A mapped port of Docker's choice would be another one after a restart, and the broker would not know.
        container.setPortBindings(List.of("127.0.0.1:" + FreePort.find() + ":" + PORT));
        container.start();
        startWithoutSetUp();
    }

    /** Why there can be no such broker on this machine; empty if there can. */
    static Optional<String> unavailable() {
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.of("no Docker engine answers");
            }
            DockerClientFactory.instance().client().inspectImageCmd(IMAGE).exec();
            return Optional.empty();
        } catch (NotFoundException e) {
            return Optional.of("the Docker engine has no image " + IMAGE + "; docker pull " + IMAGE + " gets it");
        } catch (RuntimeException e) {
            return Optional.of("Testcontainers cannot work with the Docker engine: " + e);
        }
    }

    @Override
    public String bootstrapServers() {
        CuttableProxy between = relay;
        return container.getHost() + ":" + (between == null ? container.getMappedPort(PORT) : between.port());
    }

    /** Puts a relay between the broker and all who are not in its container; the broker starts anew to tell them of it. */
    public CuttableProxy relayed() throws IOException {
        int port = container.getMappedPort(PORT);
        CuttableProxy between = new CuttableProxy(port);
        relay = between;
        run("sed", "-i", "/^advertised.listeners=/s/:" + port + "/:" + between.port() + "/", SETTINGS);
        // Or clients would be sent past it.
        run("grep", "-q", "^advertised.listeners=.*:" + between.port(), SETTINGS);
        stop();
        start();
        return between;
    }

    @Override
    public void stop() {
        // The container's first process is a shell, which does not pass signals on.
        run("kill", "-TERM", brokerProcess());
        Await.until(PATIENCE, () -> !container.isRunning(), "the end of the broker's container");
    }

    /** Ends it at once, as a power cut would. */
    public void kill() {
        docker.killContainerCmd(container.getContainerId()).exec();
        Await.until(PATIENCE, () -> !container.isRunning(), "the end of the broker's container");
    }

    @Override
    public void start() {
        docker.startContainerCmd(container.getContainerId()).exec();
    }

    /**
     * Stops the broker's process where it stands: connections stay open, and nothing answers. A signal does it
     * everywhere; the engine's own pause needs a freezer of the kernel's that not every machine grants.
     *
     * @throws AssertionError if it goes on, as the first process of a container does after a restart
     */
    public void pause() {
        String process = brokerProcess();
        run("kill", "-STOP", process);
        String status = run("cat", "/proc/" + process + "/status");
        if (status.lines().noneMatch(line -> line.matches("State:\\s+T.*"))) {
            throw new AssertionError("the broker goes on after a stop: "
                    + status.lines().limit(3).toList());
        }
        paused = process;
    }

    /** Ends a pause. */
    public void resume() {
        run("kill", "-CONT", requireNonNull(paused, "paused"));
    }

    @Override
    public void close() {
        container.stop();
        CuttableProxy between = relay;
        if (between != null) {
            try {
                between.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Makes later starts of the container begin with the broker, on the configuration and the data that are there: an
     * image's set-up need not bear being run twice.
     */
    private void startWithoutSetUp() {
        String command = Arrays.stream(
                        run("cat", "/proc/" + brokerProcess() + "/cmdline").split("\0"))
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        container.copyFileToContainer(
                Transferable.of(("#!/bin/sh\nexec " + command + "\n").getBytes(UTF_8), 0777), STARTER);
    }

    private String brokerProcess() {
        return run("pgrep", "-f", "kafka\\.Kafka").strip();
    }

    /** What a command in the container writes; fails if it fails. */
    public String run(String... command) {
        try {
            var result = container.execInContainer(command);
            if (result.getExitCode() != 0) {
                throw new AssertionError(String.join(" ", command) + " in the broker's container ended with "
                        + result.getExitCode() + ": " + result.getStderr());
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in the broker's container", e);
        }
    }
}

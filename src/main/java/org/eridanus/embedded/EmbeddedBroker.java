package org.eridanus.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A Kafka broker and its controller (KRaft) in this JVM, reachable from this machine alone. What it is told to store
 * lies in its data folder and is there again after a restart, also on another port. Made for a demo and for tests: one
 * broker, small buffers, nothing flushed to disk before it is acknowledged.
 *
 * <p>Kafka ends the JVM when its broker can no longer work, for instance because the disk is full. While it starts,
 * that becomes an exception; afterwards Kafka logs the reason and the process ends with exit code 1.
 *
 * <p>Threading: safe for use by all threads. Brokers in one JVM start one after the other.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String HOST = "127.0.0.1";
    private static final String NODE = "1";
    private static final String FOLDER = "broker";
    private static final String FATAL = "a fatal fault, which Kafka has logged above";
    /** How long a broker may take to become ready, unless the caller says otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration HALT_PATIENCE = Duration.ofSeconds(2);
    private static final Duration BREAK_OFF_PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;
    private static final int MIB = 1 << 20;

    private final Path dataFolder;
    private final DataFolderLock lock;
    private final KafkaRaftServer server;
    private final Ports ports;
    private final Duration startTime;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(
            Path dataFolder, DataFolderLock lock, KafkaRaftServer server, Ports ports, Duration startTime) {
        this.dataFolder = dataFolder;
        this.lock = lock;
        this.server = server;
        this.ports = ports;
        this.startTime = startTime;
    }

    /**
     * Starts a broker and returns when it is ready.
     *
     * @param dataFolder where it keeps its data, created if missing; the broker uses a folder {@code broker} and a file
     *     {@code broker.lock} in it and leaves the rest alone
     * @param port the port on 127.0.0.1, or 0 for a free one
     * @throws EmbeddedBrokerException if the folder cannot be used or belongs to a running broker, if the port is taken,
     *     if Kafka gives up, or if it is not ready within {@link #PATIENCE}
     */
    public static EmbeddedBroker start(Path dataFolder, int port) {
        return start(dataFolder, port, Map.of());
    }

    /**
     * Starts a broker with settings of the caller's, which go before ours.
     *
     * @param dataFolder as above
     * @param port as above
     * @param settings Kafka's broker settings, without listeners and folders; {@code advertised.listeners} may name what
     *     stands in front of the broker
     * @throws EmbeddedBrokerException as above
     */
    public static EmbeddedBroker start(Path dataFolder, int port, Map<String, String> settings) {
        return start(dataFolder, port, settings, PATIENCE);
    }

    /**
     * Starts a broker that has to be ready within so long. One that is not is closed, which takes a few seconds more.
     *
     * @param dataFolder as above
     * @param port as above
     * @param settings as above
     * @param patience how long it may take
     * @throws EmbeddedBrokerException as above
     */
    public static EmbeddedBroker start(Path dataFolder, int port, Map<String, String> settings, Duration patience) {
        if (port < 0 || port > 65_535) {
            throw new EmbeddedBrokerException("the broker's port must be 0..65535, got " + port + "; 0 is a free one");
        }
        Path folder = dataFolder.toAbsolutePath().normalize();
        DataFolderLock lock = null;
        try {
            Files.createDirectories(folder.resolve(FOLDER));
            lock = DataFolderLock.take(folder);
            format(folder.resolve(FOLDER));
            EmbeddedBroker broker = startLocked(folder, port, settings, patience, lock);
            lock = null;
            return broker;
        } catch (IOException e) {
            throw new EmbeddedBrokerException(
                    "the broker's data folder must be writable, got " + folder + ": " + e + "; choose another one", e);
        } finally {
            if (lock != null) {
                release(lock);
            }
        }
    }

    private static EmbeddedBroker startLocked(
            Path folder, int wantedPort, Map<String, String> settings, Duration patience, DataFolderLock lock)
            throws IOException {
        long began = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            Ports ports = Ports.choose(wantedPort);
            try {
                if (KilledBroker.wasHere(folder.resolve(FOLDER))) {
                    LOG.info("the last embedded broker on {} did not close it, cleaning up", folder);
                    KilledBroker.fence(controllerConfig(folder.resolve(FOLDER), ports));
                }
                KafkaRaftServer server = run(folder, config(folder.resolve(FOLDER), ports, settings), patience);
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                LOG.info(
                        "embedded broker ready at {}:{} after {} ms, data in {}",
                        HOST,
                        ports.broker(),
                        took.toMillis(),
                        folder);
                return new EmbeddedBroker(folder, lock, server, ports, took);
            } catch (EmbeddedBrokerException e) {
                // Between finding a free port and using it, someone else may take it.
                if (!isTakenPort(e) || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.info("a port was taken while the embedded broker started, trying others");
            }
        }
    }

    private static KafkaRaftServer run(Path folder, Map<String, String> config, Duration patience) {
        // Kafka ends the JVM on a fatal fault. The procedure that does it is one for the JVM.
        synchronized (EmbeddedBroker.class) {
            CompletableFuture<Void> started = new CompletableFuture<>();
            CompletableFuture<Void> halted = new CompletableFuture<>();
            Exit.setHaltProcedure((status, message) -> halted.complete(null));
            Start start = null;
            try {
                start = new Start(new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM), started);
                CompletableFuture.anyOf(started, halted).get(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (halted.isDone()) {
                    // What made Kafka halt is told best by an exception that may follow.
                    started.get(HALT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    throw new IllegalStateException(FATAL);
                }
                return start.server;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed(folder, start, "interrupted", e);
            } catch (TimeoutException e) {
                throw failed(
                        folder,
                        start,
                        halted.isDone()
                                ? FATAL
                                : "not ready within " + patience.toMillis() / 1_000.0
                                        + " s; give it more of the processor or a faster disk, and try again",
                        e);
            } catch (ExecutionException e) {
                throw failed(folder, start, String.valueOf(e.getCause()), e.getCause());
            } catch (RuntimeException e) {
                throw failed(folder, start, e.toString(), e);
            } finally {
                Exit.resetHaltProcedure();
            }
        }
    }

    /** A server on its way up, in a thread of its own. */
    private static final class Start {
        private final KafkaRaftServer server;
        private final Thread thread;

        Start(KafkaRaftServer server, CompletableFuture<Void> started) {
            this.server = server;
            this.thread = new Thread(
                    () -> {
                        try {
                            server.startup();
                            started.complete(null);
                        } catch (Throwable e) {
                            started.completeExceptionally(e);
                        }
                    },
                    "embedded-broker-start");
            thread.setDaemon(true);
            thread.start();
        }

        /**
         * Breaks off, and waits until that has come about. Until then a broker takes no notice of being shut down; when it
         * is interrupted it closes what it has opened.
         */
        void breakOff() {
            boolean interrupted = Thread.interrupted();
            thread.interrupt();
            long deadline = System.nanoTime() + BREAK_OFF_PATIENCE.toNanos();
            for (long left = 1; thread.isAlive() && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                try {
                    thread.join(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static EmbeddedBrokerException failed(
            Path folder, @Nullable Start start, String reason, @Nullable Throwable cause) {
        EmbeddedBrokerException failure =
                new EmbeddedBrokerException("the embedded broker in " + folder + " did not start: " + reason, cause);
        if (start != null) {
            start.breakOff();
            try {
                stop(start.server::shutdown);
            } catch (Exception e) {
                // Any: Kafka's shutdown is Scala, which throws checked exceptions without declaring them.
                failure.addSuppressed(e);
            }
        }
        return failure;
    }

    /** Kafka closes some clients twice and warns of it; logback.xml lets only errors through meanwhile. */
    static void stop(Runnable shutdown) {
        MDC.put("embedded-broker", "stopping");
        try {
            shutdown.run();
        } finally {
            MDC.remove("embedded-broker");
        }
    }

    private static boolean isTakenPort(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where broker and controller will listen.
     *
     * @param broker the broker's port, the wanted one unless that is 0
     * @param controller another free one
     */
    private record Ports(int broker, int controller) {
        String brokerListener() {
            return "PLAINTEXT://" + HOST + ":" + broker;
        }

        String controllerListener() {
            return "CONTROLLER://" + HOST + ":" + controller;
        }

        static Ports choose(int wanted) throws IOException {
            InetAddress host = InetAddress.getByName(HOST);
            // Both are held until both are known, or they could be the same.
            try (ServerSocket broker = new ServerSocket();
                    ServerSocket controller = new ServerSocket()) {
                broker.bind(new InetSocketAddress(host, wanted));
                controller.bind(new InetSocketAddress(host, 0));
                return new Ports(broker.getLocalPort(), controller.getLocalPort());
            } catch (BindException e) {
                throw new EmbeddedBrokerException(
                        "the broker's port must be free, got " + wanted + " on " + HOST + ": " + e.getMessage()
                                + "; stop what uses it, choose another one, or 0 for any",
                        e);
            }
        }
    }

    /** Prepares a new folder. A formatted one is left alone, cluster id and features included. */
    private static void format(Path folder) throws IOException {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        Formatter formatter = new Formatter()
                .setNodeId(Integer.parseInt(NODE))
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(folder.toString())
                .addDirectory(folder.toString())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new EmbeddedBrokerException(
                    "the broker's data folder must be empty or one of a broker, got " + folder + ": " + e.getMessage()
                            + "; choose another one",
                    e);
        }
    }

    private static Map<String, String> config(Path folder, Ports ports, Map<String, String> settings) {
        Map<String, String> config = new HashMap<>();
        // Nobody to replicate to, and few partitions for Kafka's own topics.
        config.put("default.replication.factor", "1");
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "4");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "4");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("share.coordinator.state.topic.num.partitions", "1");
        config.put("auto.create.topics.enable", "false");

        // A consumer group of one process need not wait for others, and what a killed process left open is aborted as
        // soon as it times out.
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // A transaction right after another's end waits here for that end. By default, 100 ms, a busy machine answers
        // with an error, which makes the producer send what is on its way again.
        config.put("add.partitions.to.txn.retry.backoff.max.ms", "5000");

        // Memory: few threads, a small map for the cleaner (24 bytes a key: 300 000 keys in one pass), short indexes.
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "4");
        config.put("background.threads", "2");
        config.put("num.recovery.threads.per.data.dir", "2");
        config.put("log.cleaner.threads", "1");
        config.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 * MIB));
        config.put("log.cleaner.backoff.ms", "5000");
        config.put("log.index.size.max.bytes", String.valueOf(MIB));

        // One record of the largest topic limit, and a request of many of them.
        config.put("message.max.bytes", String.valueOf(MIB + 12));
        config.put("socket.request.max.bytes", String.valueOf(32 * MIB));

        config.putAll(controllerConfig(folder, ports));
        config.put("process.roles", "broker,controller");

        config.putAll(settings);

        config.put("log.dirs", folder.toString());
        config.put("listeners", ports.brokerListener() + "," + ports.controllerListener());
        config.putIfAbsent("advertised.listeners", ports.brokerListener());
        return config;
    }

    /** What broker and controller need to be one node; for a controller alone it is all. */
    private static Map<String, String> controllerConfig(Path folder, Ports ports) {
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "controller");
        config.put("node.id", NODE);
        config.put("log.dirs", folder.toString());
        config.put("listeners", ports.controllerListener());
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        // Voters are named in the configuration and not in the data, so that ports may change from start to start.
        config.put("controller.quorum.voters", NODE + "@" + HOST + ":" + ports.controller());
        return config;
    }

    private static void release(DataFolderLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("could not release the lock of the embedded broker's data folder", e);
        }
    }

    /** Where clients connect: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return HOST + ":" + ports.broker();
    }

    /** The port on 127.0.0.1 that the broker listens on. */
    public int port() {
        return ports.broker();
    }

    /** The port on 127.0.0.1 that the controller listens on. */
    int controllerPort() {
        return ports.controller();
    }

    /** The folder that was given at the start, as an absolute path. */
    public Path dataFolder() {
        return dataFolder;
    }

    /** How long the broker took to become ready. */
    public Duration startTime() {
        return startTime;
    }

    /** Stops the broker and lets go of its folder; the data stays. A second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stop(server::shutdown);
        } finally {
            release(lock);
        }
        LOG.info("embedded broker at {} stopped", bootstrapServers());
    }
}

package org.eridanus.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** Kafka brokers in JVMs of their own on 127.0.0.1, each of them a controller as well. They are numbered from 1. */
public final class ChildCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TOOL = "kafka.tools.StorageTool";
    private static final String OWN_CLASS_PATH = System.getProperty("java.class.path");

    private final String classPath;
    private final Path folder;
    private final String id = Uuid.randomUuid().toString();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    private record Node(int number, int port, int controllerPort) {
        String voter() {
            return number + "@127.0.0.1:" + controllerPort;
        }

        String address() {
            return "127.0.0.1:" + port;
        }
    }

    private ChildCluster(String classPath, int brokers, Path folder) {
        this.classPath = classPath;
        this.folder = folder;
        for (int number = 1; number <= brokers; number++) {
            nodes.add(new Node(number, FreePort.find(), FreePort.find()));
        }
    }

    /**
     * Starts brokers of the version that Eridanus is built with.
     *
     * @param folder for their data and logs
     */
    public static ChildCluster start(int brokers, Path folder) throws Exception {
        return start(OWN_CLASS_PATH, brokers, folder);
    }

    /**
     * Starts brokers of another version, which formats their folders itself.
     *
     * @param classPath the jars of that version and its tools
     * @param folder for their data and logs
     */
    public static ChildCluster start(String classPath, int brokers, Path folder) throws Exception {
        ChildCluster cluster = new ChildCluster(classPath, brokers, folder);
        try {
            for (Node node : cluster.nodes) {
                cluster.format(node);
                cluster.processes.add(cluster.launch(node));
            }
            cluster.awaitAll();
            return cluster;
        } catch (Exception | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Where clients connect: all brokers. */
    public String bootstrapServers() {
        return nodes.stream().map(Node::address).collect(Collectors.joining(","));
    }

    /** Ends a broker at once, as a power cut would. */
    public void kill(int number) {
        Process process = processes.get(number - 1);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a broker ended", e);
        }
    }

    /** Starts a broker that was killed on its data, and returns when the others know it. */
    public void restart(int number) {
        try {
            processes.set(number - 1, launch(nodes.get(number - 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAll();
    }

    private void awaitAll() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            Await.until(PATIENCE, () -> requireAlive() && answers(admin), "answers of " + nodes.size() + " brokers");
        }
    }

    private boolean answers(Admin admin) {
        try {
            return admin.describeCluster().nodes().get(1, TimeUnit.SECONDS).size() == nodes.size();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private boolean requireAlive() {
        for (Node node : nodes) {
            Process process = processes.get(node.number() - 1);
            if (!process.isAlive()) {
                throw new AssertionError(
                        "broker " + node.number() + " ended with " + process.exitValue() + ":\n" + read(log(node)));
            }
        }
        return true;
    }

    private Process launch(Node node) throws IOException {
        return java(log(node), "kafka.Kafka", properties(node).toString());
    }

    private void format(Node node) throws Exception {
        Path properties = Files.writeString(properties(node), settings(node));
        if (classPath.equals(OWN_CLASS_PATH)) {
            // Its command-line tool is not among our libraries.
            new Formatter()
                    .setNodeId(node.number())
                    .setClusterId(id)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data(node).toString())
                    .addDirectory(data(node).toString())
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
            return;
        }
        Path log = folder.resolve("format-" + node.number() + ".log");
        Process format = java(log, TOOL, "format", "-t", id, "-c", properties.toString());
        if (!format.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || format.exitValue() != 0) {
            format.destroyForcibly();
            throw new AssertionError("cannot format: " + read(log));
        }
    }

    private String settings(Node node) {
        int replication = nodes.size();
        return """
                process.roles=broker,controller
                node.id=%1$d
                controller.quorum.voters=%2$s
                listeners=PLAINTEXT://%3$s,CONTROLLER://127.0.0.1:%4$d
                advertised.listeners=PLAINTEXT://%3$s
                controller.listener.names=CONTROLLER
                log.dirs=%5$s
                default.replication.factor=%6$d
                min.insync.replicas=%7$d
                offsets.topic.replication.factor=%6$d
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=%6$d
                transaction.state.log.min.isr=%7$d
                transaction.state.log.num.partitions=4
                group.initial.rebalance.delay.ms=0
                auto.create.topics.enable=false
                log.cleaner.dedupe.buffer.size=8388608
                """.formatted(
                        node.number(),
                        nodes.stream().map(Node::voter).collect(Collectors.joining(",")),
                        node.address(),
                        node.controllerPort(),
                        data(node),
                        replication,
                        replication / 2 + 1);
    }

    private Path data(Node node) {
        return folder.resolve("data-" + node.number());
    }

    private Path properties(Node node) {
        return folder.resolve("broker-" + node.number() + ".properties");
    }

    private Path log(Node node) {
        return folder.resolve("broker-" + node.number() + ".log");
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process java(Path log, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                classPath));
        words.addAll(List.of(command));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package org.eridanus.cli;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.eridanus.dataset.Dataset;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.FreePort;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oldest broker that is supported, in a JVM of its own: its jars are those of {@code src/test/kafka-3.9/pom.xml}. */
class OldBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path CLASS_PATH = Path.of("target", "kafka-3.9.classpath");

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingOnABrokerOfVersion39() throws Exception {
        assumeThat(CLASS_PATH)
                .as("not tested with Kafka 3.9: first run mvn -f src/test/kafka-3.9/pom.xml dependency:build-classpath")
                .exists();
        String classPath = Files.readString(CLASS_PATH).strip();
        int port = FreePort.find();
        Path properties = Files.writeString(
                folder.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%1$d
                listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                group.initial.rebalance.delay.ms=0
                auto.create.topics.enable=false
                log.cleaner.dedupe.buffer.size=8388608
                """.formatted(FreePort.find(), port, folder.resolve("data")));
        Process format = java(
                classPath,
                "format.log",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                properties.toString());
        if (!format.waitFor(60, TimeUnit.SECONDS) || format.exitValue() != 0) {
            throw new AssertionError("cannot format: " + Files.readString(folder.resolve("format.log")));
        }
        Process broker = java(classPath, "broker.log", "kafka.Kafka", properties.toString());
        try {
            String servers = "127.0.0.1:" + port;
            awaitBroker(servers);
            Instances instances = new Instances(servers, TopicNames.PLAIN, folder);
            Dataset world = SmallWorld.generate();
            try (ChildProcess run = instances.run("one")) {
                Instances.awaitRunning(run);

                SmallWorld.assertComplete(instances.replay(world, () -> {}), world);
            }
        } finally {
            broker.destroyForcibly();
            broker.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Process java(String classPath, String log, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        classPath)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile());
        builder.command().addAll(List.of(command));
        return builder.start();
    }

    private static void awaitBroker(String servers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            Await.until(PATIENCE, () -> answers(admin), "an answer of the broker");
        }
    }

    private static boolean answers(Admin admin) {
        try {
            return !admin.describeCluster().nodes().get(1, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}

package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.stream.Role;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;

/**
 * Instances of {@code run} in processes of their own on one cluster, and a replay that accounts for every event.
 *
 * @param bootstrapServers the cluster
 * @param names how topics are called
 * @param folder for configuration, state and logs
 */
record Instances(String bootstrapServers, TopicNames names, Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern METRICS = Pattern.compile("metrics at (http://\\S+)metrics");

    /** Where an instance keeps its state. */
    Path stateFolder(String instance) {
        return folder.resolve("state-" + instance);
    }

    /** Starts one with all roles; a second start of the same name goes on with its state. */
    ChildProcess run(String instance) {
        return run(instance, Map.of());
    }

    /** The same with an environment of the caller's beside. */
    ChildProcess run(String instance, Map<String, String> environment) {
        Path file = folder.resolve(instance + ".yaml");
        try {
            Files.writeString(file, """
                    kafka:
                      bootstrap-servers: %1$s
                      standby-replicas: 1
                      session-timeout: 6s
                      settings:
                        features: {client.id: %4$s-features}
                        trainer: {client.id: %4$s-trainer}
                        scorer: {client.id: %4$s-scorer}
                    topics: {partitions: 2, replication: 1, prefix: %2$s}
                    state: {folder: '%3$s'}
                    http: {port: 0}
                    """.formatted(bootstrapServers, names.prefix(), stateFolder(instance), instance));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ChildProcess.start(
                folder.resolve(TestBroker.uniqueName(instance) + ".log"),
                environment,
                "run",
                "--config",
                file.toString());
    }

    /** Waits until all tasks run, and tells where the instance answers. */
    static URI awaitRunning(ChildProcess run) {
        run.awaitOutput(PATIENCE, "running; ");
        Matcher matcher = METRICS.matcher(run.output());
        assertThat(matcher.find()).as(run.output()).isTrue();
        return URI.create(matcher.group(1));
    }

    /** How many partitions an instance works on in a role. */
    int assigned(String instance, Role role) {
        String group = names.of("eridanus-" + role.label());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin
                    .describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get(30, TimeUnit.SECONDS)
                    .members()
                    .stream()
                    .filter(member -> member.clientId().startsWith(instance + "-" + role.label()))
                    .mapToInt(member -> member.assignment().topicPartitions().size())
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker must describe the group " + group, e);
        }
    }

    /** Publishes everything, does something in the middle of the events, and accounts for all of them. */
    Balance replay(Dataset world, Runnable midway) {
        return SmallWorld.replay(bootstrapServers, names, world, () -> {}, midway);
    }
}

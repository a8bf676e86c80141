package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.testing.ChildCluster;
import org.eridanus.testing.ChildProcess;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three brokers, each in a JVM of its own. */
class ClusterIT {
    private static final int BROKERS = 3;
    private static final TopicNames NAMES = new TopicNames("shop.");

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingWhenTheBrokerOfTheTrainingLogIsKilled() throws Exception {
        try (ChildCluster cluster = ChildCluster.start(BROKERS, folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            Instances instances = new Instances(cluster.bootstrapServers(), NAMES, folder);
            Dataset world = SmallWorld.generate();
            try (ChildProcess run = instances.run("one", Map.of("ERIDANUS_TOPICS_REPLICATION", "" + BROKERS))) {
                Instances.awaitRunning(run);
                int leader = leader(admin);

                Balance balance = instances.replay(world, () -> cluster.kill(leader));

                SmallWorld.assertComplete(balance, world);
                assertThat(leader(admin)).isNotEqualTo(leader);
                assertThat(describe(admin, topics(admin)))
                        .as("topics and changelogs")
                        .extracting(TopicDescription::name)
                        .contains(NAMES.of(Topics.MODEL), NAMES.of("eridanus-features-history-store-changelog"));
                assertThat(describe(admin, topics(admin)))
                        .flatExtracting(TopicDescription::partitions)
                        .allSatisfy(each -> assertThat(each.replicas()).hasSize(BROKERS));
                run.terminate();
                assertThat(run.exitCode(Duration.ofSeconds(30))).isZero();
            }
        }
    }

    private static int leader(Admin admin) {
        return describe(admin, List.of(NAMES.of(Topics.TRAINING_LOG)))
                .iterator()
                .next()
                .partitions()
                .get(0)
                .leader()
                .id();
    }

    private static List<String> topics(Admin admin) throws Exception {
        return admin.listTopics().names().get(30, TimeUnit.SECONDS).stream()
                .filter(name -> name.startsWith(NAMES.prefix()))
                .toList();
    }

    private static Collection<TopicDescription> describe(Admin admin, List<String> topics) {
        try {
            return admin.describeTopics(topics)
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .values();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the cluster must describe " + topics, e);
        }
    }
}

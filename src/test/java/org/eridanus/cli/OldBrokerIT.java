package org.eridanus.cli;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.eridanus.dataset.Dataset;
import org.eridanus.testing.ChildCluster;
import org.eridanus.testing.ChildProcess;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oldest broker that is supported, in a JVM of its own: its jars are those of {@code src/test/kafka-3.9/pom.xml}. */
class OldBrokerIT {
    private static final Path CLASS_PATH = Path.of("target", "kafka-3.9.classpath");

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingOnABrokerOfVersion39() throws Exception {
        assumeThat(CLASS_PATH)
                .as("not tested with Kafka 3.9: first run mvn -f src/test/kafka-3.9/pom.xml dependency:build-classpath")
                .exists();
        try (ChildCluster cluster =
                ChildCluster.start(Files.readString(CLASS_PATH).strip(), 1, folder)) {
            Instances instances = new Instances(cluster.bootstrapServers(), TopicNames.PLAIN, folder);
            Dataset world = SmallWorld.generate();
            try (ChildProcess run = instances.run("one")) {
                Instances.awaitRunning(run);

                SmallWorld.assertComplete(instances.replay(world, () -> {}), world);
            }
        }
    }
}

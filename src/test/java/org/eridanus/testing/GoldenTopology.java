package org.eridanus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.Topology;

/** Descriptions of topologies that are committed, so that none changes unseen. */
public final class GoldenTopology {
    private GoldenTopology() {}

    /**
     * Fails unless a topology is the one that is committed; with {@code -Dgolden.write=true} this writes the file instead.
     *
     * @param name of the file
     * @param test the class whose test calls this
     */
    public static void check(String name, Topology topology, Class<?> test) throws IOException {
        Path golden = Path.of("src/test/resources/topology", name + ".txt");
        String now = topology.describe().toString();
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(golden, now);
        }

        assertThat(now)
                .as(
                        "the topology is no longer that of %s. If it is meant to be another: run"
                                + " mvn test -Dtest=%s -Dgolden.write=true, commit the file,"
                                + " and say in the commit whether existing state survives",
                        golden, test.getSimpleName())
                .isEqualTo(Files.readString(golden));
    }
}

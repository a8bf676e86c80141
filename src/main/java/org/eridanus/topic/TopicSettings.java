package org.eridanus.topic;

/**
 * What topic files leave to the configuration.
 *
 * @param partitions the number that {@code N} stands for, 1..1000
 * @param replication the factor that {@code R} stands for, at least 1, or -1 for the cluster's default
 * @param names how topics are called
 */
public record TopicSettings(int partitions, int replication, TopicNames names) {
    /** The replication that leaves the choice to the cluster. */
    public static final int CLUSTER_DEFAULT = -1;

    /** For one broker: 4 partitions, replication 1, no prefix. */
    public static final TopicSettings DEFAULT = new TopicSettings(4, 1, TopicNames.PLAIN);

    public TopicSettings {
        if (partitions < 1 || partitions > 1_000) {
            throw new IllegalArgumentException("topics.partitions must be 1..1000, got " + partitions);
        }
        if (replication != CLUSTER_DEFAULT && (replication < 1 || replication > Short.MAX_VALUE)) {
            throw new IllegalArgumentException("topics.replication must be at least 1, and at most the number of"
                    + " brokers, or " + CLUSTER_DEFAULT + " for the cluster's default, got " + replication);
        }
    }
}

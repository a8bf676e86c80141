package org.eridanus.topic;

import org.jspecify.annotations.Nullable;

/**
 * One thing that {@link TopicApplier} did, or would do, to a cluster. Sealed: it creates, alters and adds, and never
 * deletes.
 */
public sealed interface TopicChange {
    /** Name of the topic in the cluster. */
    String topic();

    /**
     * A topic that was missing.
     *
     * @param topic its name in the cluster
     * @param partitions how many partitions it has
     * @param replication its replication factor, -1 for the cluster's default
     */
    record Created(String topic, int partitions, int replication) implements TopicChange {
        @Override
        public String toString() {
            return "create " + topic + " (partitions " + partitions + ", replication "
                    + (replication == TopicSettings.CLUSTER_DEFAULT ? "as the cluster's default" : replication) + ")";
        }
    }

    /**
     * A setting that differed.
     *
     * @param topic the topic's name in the cluster
     * @param setting Kafka's key
     * @param before what it was, null if the topic left it to the cluster
     * @param after what the file says
     */
    record Altered(String topic, String setting, @Nullable String before, String after) implements TopicChange {
        @Override
        public String toString() {
            return "alter " + topic + ": " + setting + " from " + (before == null ? "the cluster's default" : before)
                    + " to " + after;
        }
    }

    /**
     * Partitions added to a topic that nothing depends on.
     *
     * @param topic its name in the cluster
     * @param before how many it had
     * @param after how many it has
     */
    record Grown(String topic, int before, int after) implements TopicChange {
        @Override
        public String toString() {
            return "add partitions to " + topic + ": from " + before + " to " + after;
        }
    }
}

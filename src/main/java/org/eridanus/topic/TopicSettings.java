package org.eridanus.topic;

import java.util.regex.Pattern;

/**
 * What topic files leave to the configuration.
 *
 * @param partitions the number that {@code N} stands for, 1..1000
 * @param replication the factor that {@code R} stands for, at least 1
 * @param prefix put before each topic's name, may be empty
 */
public record TopicSettings(int partitions, int replication, String prefix) {
    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,200}");

    /** For one broker: 4 partitions, replication 1, no prefix. */
    public static final TopicSettings DEFAULT = new TopicSettings(4, 1, "");

    public TopicSettings {
        if (partitions < 1 || partitions > 1_000) {
            throw new IllegalArgumentException("topics.partitions must be 1..1000, got " + partitions);
        }
        if (replication < 1 || replication > Short.MAX_VALUE) {
            throw new IllegalArgumentException("topics.replication must be at least 1, and at most the number of"
                    + " brokers, got " + replication);
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "topics.prefix must be at most 200 letters, digits, '.', '_' and '-', got '" + prefix + "'");
        }
    }
}

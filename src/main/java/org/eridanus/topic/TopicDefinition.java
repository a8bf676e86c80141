package org.eridanus.topic;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What the file of a topic says.
 *
 * @param name the topic's name, that of the file
 * @param fixedPartitions how many partitions, empty for the configured number ({@code N} in the file)
 * @param config the topic's configuration by Kafka's own keys, in alphabetical order
 * @param carries what its records are, for people
 * @param key what its keys are, for people
 * @param value what its values are, for people
 * @param writtenBy roles, or groups of people, that write to it
 * @param readBy roles, or groups of people, that read it
 * @param stateful whether another number of partitions would strand what depends on it: stores that have a part for
 *     each partition, compaction, or the order of records with one key
 */
public record TopicDefinition(
        String name,
        OptionalInt fixedPartitions,
        Map<String, String> config,
        String carries,
        String key,
        String value,
        List<String> writtenBy,
        List<String> readBy,
        boolean stateful) {

    public TopicDefinition {
        config = Collections.unmodifiableMap(new TreeMap<>(config));
        writtenBy = List.copyOf(writtenBy);
        readBy = List.copyOf(readBy);
    }

    /**
     * How many partitions the topic has.
     *
     * @param configured the configured number, which holds where the file has {@code N}
     */
    public int partitions(int configured) {
        return fixedPartitions.orElse(configured);
    }
}

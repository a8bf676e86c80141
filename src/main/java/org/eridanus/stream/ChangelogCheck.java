package org.eridanus.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * Whether the changelogs that a role's stores come back from are as the role has left them: there, once work that rests on
 * them is committed, and with a partition for each part of their store.
 *
 * <p>Kafka Streams makes the changelogs that it does not find, at a first start as well as after somebody has deleted one:
 * then stores would be empty, and the role would go on behind what it has committed as if nothing had been before, the
 * trainer with a model that has learned nothing. One with another number of partitions it refuses by itself, but later, in a
 * thread at work, and with the advice to reset the application, which would do everything again.
 */
final class ChangelogCheck {
    /**
     * The stores that every topology of a role has had since its first version. Others may be new with a version or a
     * setting, and then have no changelog although work is committed.
     */
    private static final Set<String> LASTING = Stream.concat(
                    Stream.of(Names.PROFILE_STORE, Names.HISTORY_STORE, ScorerNames.USER_CONTEXT_STORE),
                    TrainerNames.STORES.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final Admin admin;
    private final String applicationId;
    private final long patience;

    /**
     * What is not as it was left.
     *
     * @param gone changelogs that are gone although the group has worked through records that they rest on; none for a group
     *     that begins, or that begins again at the start of its topics
     * @param resized changelogs with another number of partitions than their stores have parts, with both numbers
     */
    record Findings(Set<String> gone, List<Resized> resized) {}

    /**
     * A changelog of another number of partitions.
     *
     * @param changelog its topic
     * @param partitions how many it has
     * @param parts how many its store has: as many as each of the topics that are read into it has partitions
     */
    record Resized(String changelog, int partitions, int parts) {
        @Override
        public String toString() {
            return changelog + " has " + partitions + " instead of " + parts;
        }
    }

    /**
     * A check.
     *
     * @param applicationId consumer group, which names the changelogs as well
     * @param patience ms to wait for each of Kafka's answers
     */
    ChangelogCheck(Admin admin, String applicationId, long patience) {
        this.admin = admin;
        this.applicationId = applicationId;
        this.patience = patience;
    }

    /**
     * Looks at the changelogs of a topology.
     *
     * @param sources all partitions of all topics that it reads
     */
    Findings look(Topology topology, Set<TopicPartition> sources)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Integer> parts = new TreeMap<>();
        Set<String> lasting = new TreeSet<>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            int count = parts(part, sources);
            stores(part).forEach(store -> {
                String changelog = Names.changelog(applicationId, store);
                parts.put(changelog, count);
                if (LASTING.contains(store)) {
                    lasting.add(changelog);
                }
            });
        }
        List<Resized> resized = new ArrayList<>();
        Set<String> gone = new TreeSet<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
                admin.describeTopics(parts.keySet()).topicNameValues().entrySet()) {
            String changelog = asked.getKey();
            try {
                int partitions = asked.getValue()
                        .get(patience, TimeUnit.MILLISECONDS)
                        .partitions()
                        .size();
                int wanted = parts.getOrDefault(changelog, partitions);
                if (partitions != wanted) {
                    resized.add(new Resized(changelog, partitions, wanted));
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                // A store without a changelog is asked for as well: it has never had one.
                if (lasting.contains(changelog)) {
                    gone.add(changelog);
                }
            }
        }
        return new Findings(gone.isEmpty() || !hasWorked() ? Set.of() : gone, resized);
    }

    private static Stream<String> stores(TopologyDescription.Subtopology part) {
        return part.nodes().stream()
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream());
    }

    /** How many tasks a part of a topology is divided into: one for each partition of the topic that has most. */
    private static int parts(TopologyDescription.Subtopology part, Set<TopicPartition> sources) {
        Set<String> topics = StreamsRole.sourceTopics(part);
        return sources.stream()
                .filter(source -> topics.contains(source.topic()))
                .mapToInt(source -> source.partition() + 1)
                .max()
                .orElse(0);
    }

    /** Whether the group has committed an offset behind the first record that its partition still holds. */
    private boolean hasWorked() throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> committed = admin
                .listConsumerGroupOffsets(applicationId)
                .partitionsToOffsetAndMetadata()
                .get(patience, TimeUnit.MILLISECONDS)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
        Map<TopicPartition, ListOffsetsResultInfo> firsts = admin.listOffsets(committed.keySet().stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.earliest())))
                .all()
                .get(patience, TimeUnit.MILLISECONDS);
        return firsts.entrySet().stream()
                .anyMatch(first -> committed.getOrDefault(first.getKey(), 0L)
                        > first.getValue().offset());
    }
}

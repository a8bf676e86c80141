package org.eridanus.stream;

import java.util.Map;
import java.util.Set;
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
 * Whether the changelogs are there that a role's committed work rests on. Kafka Streams makes the changelogs that it does
 * not find, at a first start as well as after somebody has deleted one: then stores would be empty, and the role would go on
 * behind what it has committed as if nothing had been before, the trainer with a model that has learned nothing.
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
     * The changelogs of a topology that are gone although the group has worked through records that they rest on; empty for a
     * group that begins, or that begins again at the start of its topics.
     */
    Set<String> gone(Topology topology) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> missing = new TreeSet<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> asked :
                admin.describeTopics(lasting(topology)).topicNameValues().entrySet()) {
            try {
                asked.getValue().get(patience, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                missing.add(asked.getKey());
            }
        }
        return missing.isEmpty() || !hasWorked() ? Set.of() : missing;
    }

    private Set<String> lasting(Topology topology) {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream())
                .filter(LASTING::contains)
                .map(store -> Names.changelog(applicationId, store))
                .collect(Collectors.toSet());
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

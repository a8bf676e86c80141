package org.eridanus.stream;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds partitions in which a role's consumer stands still although committed records come behind it. What a batch begins
 * with, its offset and its length, is in no checksum of Kafka's: where they have changed on the broker's disk, the broker may
 * answer each fetch with nothing, for ever, and no client calls that a fault.
 *
 * <p>A consumer also stands where Kafka Streams has taken as many records from it as it buffers, because records of other
 * topics are older: then there are many between what is committed and where it stands. And one that waits for a transaction
 * that is not yet decided is at the end of what is committed.
 *
 * <p>Threading: for one thread at a time.
 */
final class StallWatch {
    /** For how long a consumer has to stand still; rebalances and transactions without an end are over by then. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final Set<String> topics;
    private final long buffered;
    private final LongSupplier nanoTime;
    private final Map<TopicPartition, Standing> standing = new HashMap<>();

    /**
     * Where a consumer is.
     *
     * @param lead records and marks of transactions between the first one of the partition and the next one to read
     * @param since when it came there, ns
     */
    private record Standing(long lead, long since) {}

    /**
     * A watch that has seen nothing.
     *
     * @param topics those that the role reads
     * @param buffered Kafka Streams asks for no more records of a partition while it has more than these
     * @param nanoTime a clock in nanoseconds that never goes back
     */
    StallWatch(Set<String> topics, long buffered, LongSupplier nanoTime) {
        this.topics = Set.copyOf(topics);
        this.buffered = buffered;
        this.nanoTime = nanoTime;
    }

    /** Forgets what it has seen: partitions may be with other consumers from now on. */
    void forget() {
        standing.clear();
    }

    /**
     * Looks at where a role's consumers are.
     *
     * @param metrics of all its clients
     * @return the leads of partitions in which a consumer has stood for {@link #PATIENCE} in front of records
     */
    Map<TopicPartition, Long> look(Map<MetricName, ? extends Metric> metrics) {
        Map<TopicPartition, Long> leads = values(metrics, "records-lead");
        Map<TopicPartition, Long> lags = values(metrics, "records-lag");
        lags.values().removeIf(lag -> lag <= 0);
        leads.keySet().retainAll(lags.keySet());
        long now = nanoTime.getAsLong();
        standing.keySet().retainAll(leads.keySet());
        leads.forEach((partition, lead) -> {
            Standing before = standing.get(partition);
            if (before == null || before.lead() != lead) {
                standing.put(partition, new Standing(lead, now));
            }
        });
        return standing.entrySet().stream()
                .filter(each -> now - each.getValue().since() >= PATIENCE.toNanos())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().lead()));
    }

    private Map<TopicPartition, Long> values(Map<MetricName, ? extends Metric> metrics, String name) {
        Map<TopicPartition, Long> values = new HashMap<>();
        metrics.forEach((key, metric) -> {
            Map<String, String> tags = key.tags();
            if (key.group().equals("consumer-fetch-manager-metrics")
                    && key.name().equals(name)
                    && !tags.getOrDefault("client-id", "").endsWith("-restore-consumer")
                    && topics.contains(tags.getOrDefault("topic", ""))
                    && metric.metricValue() instanceof Number number
                    && !Double.isNaN(number.doubleValue())) {
                values.put(
                        new TopicPartition(
                                tags.getOrDefault("topic", ""), Integer.parseInt(tags.getOrDefault("partition", "0"))),
                        number.longValue());
            }
        });
        return values;
    }

    /**
     * Which of these partitions the broker says to have committed records in behind where their consumers stand, with the
     * offset that they wait for.
     *
     * @param leads as {@link #look} tells them
     * @param group the role's consumer group
     * @param patience ms to wait for each of Kafka's answers
     */
    Map<TopicPartition, Long> behind(Admin admin, Map<TopicPartition, Long> leads, String group, long patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(patience, TimeUnit.MILLISECONDS)
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return behind(
                leads,
                offsets(admin, leads.keySet(), OffsetSpec.earliest(), patience),
                offsets(admin, leads.keySet(), OffsetSpec.latest(), patience),
                committed);
    }

    /** The same by the first offsets, those behind the last committed record, and what the group has committed. */
    Map<TopicPartition, Long> behind(
            Map<TopicPartition, Long> leads,
            Map<TopicPartition, Long> firsts,
            Map<TopicPartition, Long> ends,
            Map<TopicPartition, Long> committed) {
        Map<TopicPartition, Long> behind = new TreeMap<>(BY_NAME);
        leads.forEach((partition, lead) -> {
            long next = firsts.getOrDefault(partition, 0L) + lead;
            // What a table is read from whole is committed by nobody, and waits in no buffer.
            boolean waits = next - committed.getOrDefault(partition, next) > buffered;
            if (ends.getOrDefault(partition, 0L) > next && !waits) {
                behind.put(partition, next);
            }
        });
        return behind;
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Set<TopicPartition> partitions, OffsetSpec which, long patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get(patience, TimeUnit.MILLISECONDS)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }
}

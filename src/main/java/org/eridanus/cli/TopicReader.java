package org.eridanus.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eridanus.config.Configuration;

/**
 * Reads one topic, all partitions of it and what is committed alone; joins no group and commits nothing.
 *
 * <p>Threading: for one thread.
 */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    /**
     * A reader at the start of a topic.
     *
     * @param topic one of {@link org.eridanus.topic.Topics#ALL}
     * @throws CommandException if the cluster has no such topic
     */
    TopicReader(Configuration configuration, String topic) {
        Map<String, Object> config = configuration.streams().consumerConfig();
        Map<String, Object> ours = new HashMap<>(config);
        ours.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        ours.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // What retention removes before it is read must not be passed over.
        ours.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        ours.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer = new KafkaConsumer<>(ours, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            String name = configuration.topics().names().of(topic);
            List<PartitionInfo> found = consumer.partitionsFor(name);
            if (found == null || found.isEmpty()) {
                throw new CommandException("topic " + name + " does not exist at "
                        + configuration.streams().bootstrapServers()
                        + "; name another cluster or prefix, or create it by: eridanus topics apply");
            }
            partitions = found.stream()
                    .map(each -> new TopicPartition(name, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Whether nothing that was ever written is gone, by retention or by hand. */
    boolean isWhole() {
        return consumer.beginningOffsets(partitions).values().stream().allMatch(offset -> offset == 0);
    }

    /** The oldest offset that is left, of a topic with one partition. */
    long beginning() {
        return consumer.beginningOffsets(List.of(only())).values().iterator().next();
    }

    /** Goes to an offset of a topic with one partition. */
    void seek(long offset) {
        consumer.seek(only(), offset);
    }

    /** Goes to an offset of a partition; where retention has removed it, to what is left. */
    void seek(TopicPartition partition, long offset) {
        long left = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.seek(partition, Math.max(offset, left));
    }

    List<TopicPartition> partitions() {
        return partitions;
    }

    /** The offset in each partition up to which everything was handed over. */
    Map<TopicPartition, Long> positions() {
        return partitions.stream().collect(Collectors.toMap(Function.identity(), consumer::position));
    }

    private TopicPartition only() {
        if (partitions.size() != 1) {
            throw new CommandException("the topic must have one partition, as it does by its file, got "
                    + partitions.size() + "; do not add any");
        }
        return partitions.get(0);
    }

    /** Goes to where the topic ends now. */
    void seekToEnd() {
        consumer.seekToEnd(partitions);
        // Seeking is lazy: what is written from here on has to be read.
        partitions.forEach(consumer::position);
    }

    /**
     * Hands over what has arrived, waiting 100 ms at most.
     *
     * @throws CommandException if retention has removed records that were to be read
     */
    void poll(Consumer<ConsumerRecord<byte[], byte[]>> records) {
        try {
            consumer.poll(POLL).forEach(records);
        } catch (OffsetOutOfRangeException e) {
            throw new CommandException(
                    "records must stay until they are read, and retention has removed some: "
                            + e.offsetOutOfRangePartitions() + " are no longer there; try again, and keep more (see"
                            + " retention.ms in the topic's file)",
                    e);
        }
    }

    /**
     * Reads on to where the topic ends now.
     *
     * @param check called now and then; throws if there is no point in going on
     */
    void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> records, Runnable check) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            check.run();
            poll(records);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}

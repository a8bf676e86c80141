package org.eridanus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A broker for tests, with clients of it: the {@linkplain #shared() shared one}, which all tests of a JVM use under
 * {@linkplain #uniqueName names of their own}, or {@linkplain #start() one of a test's own}, for those that need the
 * real names of topics or stop the broker.
 */
public final class TestBroker implements AutoCloseable {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Map<BrokerProvider, TestBroker> SHARED = new EnumMap<>(BrokerProvider.class);

    private final BrokerServer server;

    /** Clients of a broker of the caller's own, to be closed by it. */
    public TestBroker(BrokerServer server) {
        this.server = server;
    }

    /** The embedded broker of this JVM, started on first use and stopped when the JVM ends; do not close it. */
    public static TestBroker shared() {
        return shared(BrokerProvider.EMBEDDED);
    }

    /** The broker of this JVM from a provider, started on first use and stopped when the JVM ends; do not close it. */
    public static synchronized TestBroker shared(BrokerProvider provider) {
        return SHARED.computeIfAbsent(provider, each -> {
            TestBroker started = start(each);
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "test-broker-stop"));
            return started;
        });
    }

    /** An embedded broker of the caller's own, to be closed by it. */
    public static TestBroker start() {
        return start(BrokerProvider.EMBEDDED);
    }

    /** An embedded broker of the caller's own, to be closed by it, with some of Kafka's settings different. */
    public static TestBroker start(Map<String, String> settings) {
        return new TestBroker(new EmbeddedServer(settings));
    }

    /** A broker of the caller's own, to be closed by it. */
    public static TestBroker start(BrokerProvider provider) {
        return new TestBroker(provider.start());
    }

    /** Stops the broker and starts it again on the same data and port. */
    public void restart() {
        server.stop();
        server.start();
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return server.bootstrapServers();
    }

    /** A name that no other test of this JVM uses, for topics, prefixes and applications. */
    public static String uniqueName(String start) {
        return start + "-" + NAMES.incrementAndGet();
    }

    /** An admin client of this broker. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    /** Creates topics and waits until the broker answers for each of their partitions. */
    public void create(NewTopic... topics) {
        try (Admin admin = admin()) {
            create(admin, topics);
        }
    }

    /** The same on any broker: it may learn of a topic after its controller has made it. */
    public static void create(Admin admin, NewTopic... topics) {
        try {
            admin.createTopics(List.of(topics)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("topics could not be created", e);
        }
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        Await.until(Duration.ofSeconds(30), () -> answers(admin, ends), "leaders of " + ends.keySet());
    }

    private static boolean answers(Admin admin, Map<TopicPartition, OffsetSpec> ends) {
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new AssertionError("the broker does not answer for " + ends.keySet(), e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for leaders", e);
        }
    }

    /**
     * A producer to this broker that waits for all acknowledgements.
     *
     * @param settings go before those of this class
     */
    public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrapServers());
        config.put("acks", "all");
        config.put("linger.ms", 0);
        config.putAll(settings);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends a text record, which carries the time at which it is sent, and waits until it is there. */
    public static void send(KafkaProducer<byte[], byte[]> producer, String topic, String key, String value)
            throws InterruptedException, ExecutionException {
        send(producer, topic, null, key, value);
    }

    /** The same, with a time of the caller's in ms since the epoch, null for the time at which it is sent. */
    public static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, @Nullable Long timestamp, String key, String value)
            throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>(topic, null, timestamp, key.getBytes(UTF_8), value.getBytes(UTF_8)))
                .get();
    }

    /**
     * Reads a topic from its start to where it ends now for readers of committed records: what was committed a moment
     * ago may not be among it.
     *
     * @return its records, by partition and offset
     */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Await.until(
                    Duration.ofSeconds(30),
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                        return ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                    },
                    "reading " + topic + " to its end");
        }
        records.sort(java.util.Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
                .thenComparingLong(ConsumerRecord::offset));
        return records;
    }

    @Override
    public void close() {
        server.close();
    }
}

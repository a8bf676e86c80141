package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.serde.EventJson;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events as any producer outside would: JSON under string keys, acknowledged by all replicas, each written
 * once. A record that was not acknowledged fails the next call.
 *
 * <p>Threading: for one thread.
 */
final class EventPublisher implements AutoCloseable {
    private final TopicNames names;
    private final Producer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Set<String> announced = new HashSet<>();
    private boolean announcing;

    /** A publisher to topics without a prefix. */
    EventPublisher(String bootstrapServers) {
        this(bootstrapServers, TopicNames.PLAIN);
    }

    /** A publisher to a broker that asks for no more than its address. */
    EventPublisher(String bootstrapServers, TopicNames names) {
        this(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), names);
    }

    /**
     * A publisher.
     *
     * @param client how to reach the cluster; the rest is set here
     * @param names how topics are called
     */
    EventPublisher(Map<String, Object> client, TopicNames names) {
        this(new KafkaProducer<>(config(client), new ByteArraySerializer(), new ByteArraySerializer()), names);
    }

    /** A publisher by a given producer, which it closes. */
    EventPublisher(Producer<byte[], byte[]> producer, TopicNames names) {
        this.producer = producer;
        this.names = names;
    }

    private static Map<String, Object> config(Map<String, Object> client) {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "eridanus-publisher");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        return config;
    }

    void publish(UserProfile profile) {
        send(Topics.USERS, profile.id(), EventJson.userProfile(profile));
    }

    void publish(Item item) {
        send(Topics.ITEMS, item.id(), EventJson.item(item));
    }

    /** Publishes an interaction; see {@link #announceItemsAsSeen}. */
    void publish(Interaction interaction) {
        send(Topics.INTERACTIONS, interaction.user(), EventJson.interaction(interaction));
        if (announcing && announced.add(interaction.item())) {
            publish(new Item(interaction.item(), interaction.item(), Attributes.NONE));
        }
    }

    /** From now on an item is announced after its first interaction: for data sets that list none. */
    void announceItemsAsSeen() {
        announcing = true;
    }

    /**
     * Publishes any record of a topic that people write to.
     *
     * @param topic one of {@link Topics#INPUT}
     */
    void send(String topic, String key, byte @Nullable [] value) {
        check();
        producer.send(new ProducerRecord<>(names.of(topic), key.getBytes(UTF_8), value), (metadata, e) -> {
            if (e == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** Publishes a record and waits until it is acknowledged; says where it stands. */
    Coordinate ask(String topic, String key, byte[] value) {
        try {
            RecordMetadata at = producer.send(new ProducerRecord<>(names.of(topic), key.getBytes(UTF_8), value))
                    .get();
            return new Coordinate(at.partition(), at.offset());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while a record was sent", e);
        } catch (ExecutionException e) {
            throw new KafkaException("the broker did not take a record: " + e.getCause(), e);
        }
    }

    /** Publishes a tombstone: the user is to be forgotten, or the item is withdrawn. */
    void remove(String topic, String key) {
        send(topic, key, null);
    }

    /** Waits until everything published so far is acknowledged. */
    void flush() {
        producer.flush();
        check();
    }

    /** Records acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    private void check() {
        Exception e = failure.get();
        if (e != null) {
            throw new KafkaException("the broker did not take a record: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}

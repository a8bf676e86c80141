package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.serde.EventJson;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events as any producer outside would: JSON under string keys, acknowledged by all replicas, each written
 * once. A record that was not acknowledged fails the next call.
 *
 * <p>Threading: for one thread.
 */
final class EventPublisher implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    EventPublisher(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "demo",
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void publish(UserProfile profile) {
        send(Topics.USERS, profile.id(), EventJson.userProfile(profile));
    }

    void publish(Item item) {
        send(Topics.ITEMS, item.id(), EventJson.item(item));
    }

    void publish(Interaction interaction) {
        send(Topics.INTERACTIONS, interaction.user(), EventJson.interaction(interaction));
    }

    private void send(String topic, String key, byte[] value) {
        check();
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value), (metadata, e) -> {
            if (e == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.compareAndSet(null, e);
            }
        });
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

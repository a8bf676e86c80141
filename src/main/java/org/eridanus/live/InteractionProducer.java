package org.eridanus.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.serde.EventJson;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;

/**
 * Tells of single interactions and of where they then stand. Like any producer outside it writes JSON under string keys,
 * acknowledged by all replicas.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class InteractionProducer implements AutoCloseable {
    private static final int BLOCK_MS = 2_000;
    private static final int DELIVERY_MS = 10_000;
    private static final int REQUEST_MS = 5_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    /**
     * A producer.
     *
     * @param clients how to connect, {@code bootstrap.servers} at least
     * @param topics how topics are called
     */
    public InteractionProducer(Map<String, Object> clients, TopicNames topics) {
        this.topic = topics.of(Topics.INTERACTIONS);
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "live-interactions");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Tells of an interaction.
     *
     * @return where it stands in {@code interactions}; fails with a {@link KafkaException} if the broker does not take it, or this is
     *     closed
     */
    public CompletableFuture<Coordinate> send(Interaction interaction) {
        CompletableFuture<Coordinate> told = new CompletableFuture<>();
        try {
            producer.send(
                    new ProducerRecord<>(topic, interaction.user().getBytes(UTF_8), EventJson.interaction(interaction)),
                    (metadata, e) -> {
                        if (e == null) {
                            told.complete(new Coordinate(metadata.partition(), metadata.offset()));
                        } else {
                            told.completeExceptionally(e);
                        }
                    });
        } catch (KafkaException e) {
            told.completeExceptionally(e);
        } catch (IllegalStateException e) {
            // As the client says that it is closed, while requests still come.
            told.completeExceptionally(new KafkaException("the producer is closed", e));
        }
        return told;
    }

    @Override
    public void close() {
        producer.close();
    }
}

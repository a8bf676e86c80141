package org.eridanus.example;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * How an application takes recommendations from Eridanus: it follows the topic, reads what is committed alone, and keeps
 * the latest list of each user where it serves them from. A record without a value means that the user was forgotten.
 */
public final class ShopConsumer implements AutoCloseable {
    private final Consumer<String, String> consumer;

    /** A consumer that goes on where its group stopped, and begins with what the topic holds. */
    public ShopConsumer(String bootstrapServers, String group) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of("recommendations"));
    }

    /**
     * Hands over what has arrived, then remembers that it was.
     *
     * @param keep takes a user and the list as JSON, null for a user who was forgotten; being told twice must do no harm
     */
    public void poll(BiConsumer<String, String> keep) {
        for (ConsumerRecord<String, String> list : consumer.poll(Duration.ofSeconds(1))) {
            keep.accept(list.key(), list.value());
        }
        consumer.commitSync();
    }

    @Override
    public void close() {
        consumer.close();
    }

    public static void main(String[] args) {
        try (ShopConsumer shop = new ShopConsumer(args.length > 0 ? args[0] : "localhost:9092", "shop")) {
            while (!Thread.currentThread().isInterrupted()) {
                shop.poll((user, list) -> System.out.println(user + " " + list));
            }
        }
    }
}

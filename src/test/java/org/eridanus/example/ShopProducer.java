package org.eridanus.example;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How an application tells Eridanus what happens: plain JSON under string keys, with Kafka's own client and nothing else.
 * The key of an interaction is the user, so that a user's events keep their order.
 */
public final class ShopProducer implements AutoCloseable {
    private final Producer<String, String> producer;

    /** A producer whose records are acknowledged by all replicas and written once. */
    public ShopProducer(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "enable.idempotence", true),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Announces an item, or announces it anew with other attributes. */
    public void announce(String item, String title, String department, int price)
            throws InterruptedException, ExecutionException {
        send("items", item, """
                {"title": "%s", "departments": ["%s"], "price": %d}""".formatted(title, department, price));
    }

    /** Withdraws an item: it is in no list from now on. */
    public void withdraw(String item) throws InterruptedException, ExecutionException {
        send("items", item, null);
    }

    /** Tells what is known of a user. */
    public void introduce(String user, String country) throws InterruptedException, ExecutionException {
        send("users", user, """
                {"country": "%s"}""".formatted(country));
    }

    /** Tells that a user bought an item; the time is that of the record. */
    public void bought(String user, String item) throws InterruptedException, ExecutionException {
        send("interactions", user, """
                {"user": "%s", "item": "%s", "type": "purchase"}""".formatted(user, item));
    }

    private void send(String topic, String key, String value) throws InterruptedException, ExecutionException {
        // Waiting for each record is slow and simple; a busy application gives send a callback that looks at the error.
        producer.send(new ProducerRecord<>(topic, key, value)).get();
    }

    @Override
    public void close() {
        producer.close();
    }

    public static void main(String[] args) throws Exception {
        try (ShopProducer shop = new ShopProducer(args.length > 0 ? args[0] : "localhost:9092")) {
            shop.announce("lamp", "A Lamp", "light", 40);
            shop.announce("bulb", "A Bulb", "light", 4);
            shop.introduce("anna", "IT");
            shop.bought("anna", "lamp");
        }
    }
}

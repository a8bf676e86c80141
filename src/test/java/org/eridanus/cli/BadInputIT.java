package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Ledger;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.testing.Await;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input among good: the pipeline goes on, and nothing is lost uncounted. */
class BadInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int GOOD = 400;
    private static final int STRANGERS = 3_000;

    @TempDir
    private Path folder;

    private final Map<String, Long> refusals = new TreeMap<>();
    private long interactions;
    private long refused;

    @Test
    void shouldRefuseWithReasonOrTakeInAndAccountForEverything() {
        Dataset world = SyntheticWorld.generate(
                SyntheticWorld.Settings.defaults().withSize(40, 100, 1_000).withClusters(4));
        try (LocalPipeline pipeline = SmallWorld.demo(folder);
                AccountingReader accounting = new AccountingReader(pipeline.bootstrapServers(), List.of());
                EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers());
                KafkaProducer<byte[], byte[]> raw = rawProducer(pipeline.bootstrapServers())) {
            accounting.start();
            SmallWorld.publishCatalogue(world, pipeline, publisher);
            String item = world.items().get(0).id();

            for (int i = 0; i < GOOD; i++) {
                publisher.publish(world.interactions().get(i));
                interactions++;
                if (i == GOOD / 2) {
                    produceBad(raw, item);
                    produceOdd(raw, item);
                }
            }
            produceBadElsewhere(raw);
            publisher.flush();
            raw.flush();

            Await.until(
                    PATIENCE,
                    () -> {
                        pipeline.check();
                        return accounting.progress().read() == interactions
                                && accounting.progress().settled();
                    },
                    "everything to settle");
            Ledger ledger = accounting.finish(PATIENCE);
            Balance balance = ledger.balance();
            assertThat(balance.violations()).isEmpty();
            assertThat(balance.read()).isEqualTo(interactions);
            assertThat(balance.deadLettered()).isEqualTo(refused);
            assertThat(balance.enriched()).isEqualTo(interactions - refused);
            assertThat(ledger.refusals()).isEqualTo(refusals);
            // Strangers have their one event each and no list before it.
            assertThat(ledger.served().unserved()).isGreaterThan(STRANGERS - 1);
        }
    }

    private void produceBad(KafkaProducer<byte[], byte[]> raw, String item) {
        String good = "{\"user\":\"u\",\"item\":\"" + item + "\",\"type\":\"rating\",\"timestamp\":1}";
        bad(raw, "malformed", "u", bytes(0xff, 0x00, 0x80, 0x7b));
        bad(raw, "malformed", "u", "not json");
        bad(raw, "malformed", "u", "{\"user\":\"u\",\"item\":");
        bad(raw, "malformed", "u", "[" + good + "]");
        bad(raw, "empty", "u", "");
        bad(raw, "empty", "u", (byte[]) null);
        bad(raw, "too-large", "u", good.replace("}", ",\"note\":\"" + "x".repeat(70_000) + "\"}"));
        bad(raw, "too-large", "u", good.replace(item, "i".repeat(129)));
        bad(raw, "missing-key", null, good.getBytes(UTF_8));
        bad(raw, "key-mismatch", "somebody else", good);
        bad(raw, "missing-field", "u", "{\"user\":\"u\"}");
        bad(raw, "missing-field", "u", "{\"user\":\"u\",\"item\":\"\"}");
        bad(raw, "invalid-field", "u", good.replace("}", ",\"rating\":NaN}"));
        bad(raw, "invalid-field", "u", good.replace("}", ",\"rating\":1e7}"));
        bad(raw, "invalid-field", "u", good.replace(item, "a\\u0000b"));
        bad(raw, "in-the-future", "u", good.replace(":1}", ":" + (System.currentTimeMillis() + 86_400_000L) + "}"));
    }

    /** What is unusual, and accepted. */
    private void produceOdd(KafkaProducer<byte[], byte[]> raw, String item) {
        String good = "{\"user\":\"odd\",\"item\":\"" + item + "\",\"type\":\"rating\",\"timestamp\":1}";
        odd(raw, "odd", null, good);
        odd(raw, "odd", null, good.replace("}", ",\"unknown\":{\"deep\":[1,2,{}]}}"));
        odd(raw, "odd", null, good.replace(item, "never announced"));
        odd(raw, "odd", null, "{\"user\":\"odd\",\"item\":\"" + item + "\"}");
        // A producer with a partitioner of its own: one user's events in every partition.
        for (int partition = 0; partition < 4; partition++) {
            odd(raw, "odd", partition, good.replace(item, item + partition));
        }
        for (int i = 0; i < STRANGERS; i++) {
            odd(raw, "stranger-" + i, null, good.replace("odd", "stranger-" + i));
        }
    }

    private void produceBadElsewhere(KafkaProducer<byte[], byte[]> raw) {
        refuse(raw, "malformed", Topics.ITEMS, "i-bad", "not json".getBytes(UTF_8));
        refuse(raw, "malformed", Topics.USERS, "u-bad", "7".getBytes(UTF_8));
        refuse(raw, "invalid-field", Topics.MODEL_CONTROL, "", "{\"action\":\"explode\"}".getBytes(UTF_8));
        refuse(raw, "invalid-field", Topics.RECOMMENDATION_REQUESTS, "u", "{\"k\":0}".getBytes(UTF_8));
    }

    private void bad(KafkaProducer<byte[], byte[]> raw, String reason, String key, String value) {
        bad(raw, reason, key, value.getBytes(UTF_8));
    }

    private void bad(KafkaProducer<byte[], byte[]> raw, String reason, @Nullable String key, byte @Nullable [] value) {
        refuse(raw, reason, Topics.INTERACTIONS, key, value);
        interactions++;
        refused++;
    }

    private void refuse(
            KafkaProducer<byte[], byte[]> raw,
            String reason,
            String topic,
            @Nullable String key,
            byte @Nullable [] value) {
        raw.send(new ProducerRecord<>(topic, key == null ? null : key.getBytes(UTF_8), value));
        refusals.merge(reason, 1L, Long::sum);
    }

    private void odd(KafkaProducer<byte[], byte[]> raw, String key, @Nullable Integer partition, String value) {
        raw.send(new ProducerRecord<>(Topics.INTERACTIONS, partition, key.getBytes(UTF_8), value.getBytes(UTF_8)));
        interactions++;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static KafkaProducer<byte[], byte[]> rawProducer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }
}

package org.eridanus.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;

/** What a listener is told while more passes by than anybody can look at. */
class LiveFeedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SECONDS = 3;
    private static final int LISTS_PER_SECOND = 1_000;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final String USER = "busy";

    @Test
    void shouldTellOfListsAndVersionsAtABoundedPaceAndLoseNoCount() throws Exception {
        TestBroker broker = TestBroker.shared();
        TopicNames names = new TopicNames(TestBroker.uniqueName("feed") + "-");
        for (String topic : List.of(Topics.CATALOGUE, Topics.USERS, Topics.EVALUATIONS, Topics.RECOMMENDATIONS)) {
            broker.create(new NewTopic(names.of(topic), 1, (short) 1));
        }
        ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
        Told told = new Told();
        try (LiveFeed feed = new LiveFeed(
                        Map.of("bootstrap.servers", broker.bootstrapServers()), names, model, Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            feed.listen(told);
            feed.start();
            Await.until(
                    PATIENCE,
                    () -> {
                        list(producer, names, USER, "first");
                        return !told.lists.isEmpty();
                    },
                    "lists are read");
            Await.pass(Duration.ofMillis(500));
            told.lists.clear();
            told.versions.clear();
            told.passedOver = 0;
            int sent = 0;
            long version = 0;
            long began = System.nanoTime();

            while (sent < SECONDS * LISTS_PER_SECOND) {
                for (int i = 0; i < LISTS_PER_SECOND * STEP.toMillis() / 1_000; i++) {
                    list(producer, names, USER, Integer.toString(++sent));
                    list(producer, names, "another", "unseen");
                }
                model.publish(marker(++version));
                Await.pass(STEP);
            }

            int all = sent;
            long last = version;
            Await.until(
                    PATIENCE, () -> told.lists.size() + told.passedOver == all, "every list to be told of or counted");
            Await.until(PATIENCE, () -> told.versions.contains(last), "the last version");
            double seconds = (System.nanoTime() - began) / 1e9;
            assertThat(told.lists.get(told.lists.size() - 1)).isEqualTo(Integer.toString(all));
            assertThat(told.lists)
                    .as("lists told of in %.1f s", seconds)
                    .hasSizeBetween(2, (int) (LiveFeed.TOLD_PER_SECOND * seconds) + 2);
            assertThat(told.versions)
                    .as("versions told of in %.1f s", seconds)
                    .hasSizeLessThanOrEqualTo((int) (LiveFeed.TOLD_PER_SECOND * seconds) + 2)
                    .isSorted();
        }
    }

    private static void list(KafkaProducer<byte[], byte[]> producer, TopicNames names, String user, String list) {
        producer.send(
                new ProducerRecord<>(names.of(Topics.RECOMMENDATIONS), user.getBytes(UTF_8), list.getBytes(UTF_8)));
    }

    private static ModelRow.Marker marker(long version) {
        return new ModelRow.Marker(
                version,
                version,
                version,
                0,
                version,
                version,
                new TreeMap<>(),
                0,
                0,
                0,
                false,
                "tiny",
                TinyTrainer.DEFINITION.settings().hash(),
                "any");
    }

    /** Takes down what it is told. */
    private static final class Told implements LiveListener {
        private final List<String> lists = new CopyOnWriteArrayList<>();
        private final List<Long> versions = new CopyOnWriteArrayList<>();
        private volatile long passedOver;

        @Override
        public boolean listens() {
            return true;
        }

        @Override
        public void sampled(Sample sample) {}

        @Override
        public void passed(List<PassingEvent> events, long more) {}

        @Override
        public void served(ModelRow.Marker marker) {
            versions.add(marker.version());
        }

        @Override
        public boolean watches(String user) {
            return user.equals(USER);
        }

        @Override
        public void listed(String user, byte[] json, long more) {
            assertThat(user).isEqualTo(USER);
            passedOver += more;
            lists.add(new String(json, UTF_8));
        }
    }
}

package org.eridanus.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Item;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.CatalogueItemFormat;
import org.eridanus.serde.EvaluationJson;
import org.eridanus.serde.WireException;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.testing.TestClock;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener is told while more passes by than anybody can look at. */
class LiveFeedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SECONDS = 3;
    private static final int LISTS_PER_SECOND = 1_000;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final String USER = "busy";
    private static final String UNREADABLE = "no list";
    private static final String BREAKING = "what breaks a listener";

    private final TestBroker broker = TestBroker.shared();
    private final TopicNames names = new TopicNames(TestBroker.uniqueName("feed") + "-");
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
    private final Told told = new Told();

    @Test
    void shouldTellOfListsAndVersionsAtABoundedPaceAndLoseNoCount() throws Exception {
        try (LiveFeed feed = feed(Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            feed.listen(told);
            feed.start();
            awaitLists(producer);
            Await.pass(Duration.ofMillis(500));
            told.lists.clear();
            told.versions.clear();
            told.passedOver = 0;
            int sent = 0;
            long version = 0;
            long began = System.nanoTime();

            while (sent < SECONDS * LISTS_PER_SECOND) {
                for (int i = 0; i < LISTS_PER_SECOND * STEP.toMillis() / 1_000; i++) {
                    list(producer, USER, Integer.toString(++sent));
                    list(producer, "another", "unseen");
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

    /** Records that are not what their topic's format says, and behind them some that are. */
    @Test
    void shouldPassOverWhatItCannotReadAndTellOfIt() throws Exception {
        try (LiveFeed feed = feed(Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            feed.listen(told);
            feed.start();
            awaitLists(producer);

            send(producer, Topics.CATALOGUE, "i1", "no item".getBytes(UTF_8));
            send(producer, Topics.CATALOGUE, null, null);
            send(
                    producer,
                    Topics.CATALOGUE,
                    "i2",
                    new CatalogueItemFormat()
                            .encode(new CatalogueItem(new Item("i2", "Two", Attributes.NONE), Map.of())));
            send(producer, Topics.USERS, "u1", "{\"user\":\"another\"}".getBytes(UTF_8));
            send(producer, Topics.USERS, null, null);
            send(producer, Topics.USERS, "u2", "{\"user\":\"u2\"}".getBytes(UTF_8));
            send(producer, Topics.EVALUATIONS, "u1", "{}".getBytes(UTF_8));
            send(producer, Topics.EVALUATIONS, "u1", null);
            send(producer, Topics.RECOMMENDATIONS, null, "a list".getBytes(UTF_8));
            send(producer, Topics.RECOMMENDATIONS, USER, UNREADABLE.getBytes(UTF_8));

            Map<String, Integer> twiceEach =
                    Map.of(Topics.CATALOGUE, 2, Topics.USERS, 2, Topics.EVALUATIONS, 2, Topics.RECOMMENDATIONS, 2);
            Await.until(PATIENCE, () -> told.unreadable.equals(twiceEach), "what cannot be read to be told of");
            Await.until(
                    PATIENCE,
                    () -> feed.catalogue().find("i2").isPresent()
                            && feed.users().size() == 1,
                    "what comes behind it");
            assertThat(feed.users().profile("u2")).isPresent();
            assertThat(told.unreadable).isEqualTo(twiceEach);
        }
    }

    /** As after an outage: the events are older than this process, and are tested on now. */
    @Test
    void shouldShowEventsThatWereProducedBeforeItStarted() throws Exception {
        long old = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
        try (LiveFeed feed = feed(Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            evaluations(producer, old, 0, 3);
            producer.flush();
            feed.listen(told);
            feed.start();
            awaitLists(producer);
            assertThat(told.events).as("tested on before it started").isZero();

            evaluations(producer, old, 3, 8);

            Await.until(PATIENCE, () -> told.events == 5, "the events that were tested on since");
            Await.until(PATIENCE, () -> told.passed == 5, "the events shown");
        }
    }

    /** As after a restart: evaluations of what a user did before being forgotten are kept for longer than the user. */
    @Test
    void shouldNotOfferAForgottenUserAgain() throws Exception {
        long now = System.currentTimeMillis();
        try (LiveFeed feed = feed(Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            evaluations(producer, now - 1_000, 0, 2);
            evaluations(producer, now - Duration.ofDays(2).toMillis(), 2, 3);
            send(producer, Topics.USERS, "u0", null);
            producer.flush();
            feed.listen(told);
            feed.start();
            awaitLists(producer);
            evaluations(producer, now - 500, 0, 1);
            evaluations(producer, now + 60_000, 4, 5);

            Await.until(PATIENCE, () -> feed.users().search("", 10).contains("u4"), "who was active last");
            assertThat(feed.users().search("", 10)).containsExactly("u4", "u1");
        }
    }

    private void evaluations(KafkaProducer<byte[], byte[]> producer, long time, int from, int to) {
        for (int i = from; i < to; i++) {
            Evaluation test =
                    new Evaluation("u" + i, "i1", new Coordinate(0, i), i, Evaluation.Outcome.RANKED, 100, 3, 1, 2, 3);
            producer.send(new ProducerRecord<>(
                    names.of(Topics.EVALUATIONS),
                    null,
                    time,
                    test.user().getBytes(UTF_8),
                    EvaluationJson.write(test, Generation.FIRST)));
        }
    }

    /** A fault stops reading for a second. */
    @Test
    void shouldTellAfterAFaultOfWhatCameMeanwhileAndNotOfWhatLedToIt() throws Exception {
        try (LiveFeed feed = feed(Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            feed.listen(told);
            feed.start();
            awaitLists(producer);
            Await.pass(Duration.ofMillis(500));
            told.lists.clear();
            told.passedOver = 0;

            list(producer, USER, BREAKING);
            Await.until(PATIENCE, () -> told.faults > 0, "the fault");
            list(producer, USER, "meanwhile");

            Await.until(PATIENCE, () -> told.lists.contains("meanwhile"), "what came meanwhile");
            assertThat(told.faults).isEqualTo(1);
            assertThat(told.lists).as("once, and nothing of before").containsExactly("meanwhile");
            assertThat(told.passedOver).isZero();
        }
    }

    /** A record that breaks the reader itself. */
    @Test
    void shouldNotMeetARecordAgainThatLedToAFault() throws Exception {
        try (LiveFeed feed = feed(Clock.systemUTC());
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            feed.listen(told);
            feed.start();
            awaitLists(producer);

            list(producer, BREAKING, "a list");
            list(producer, USER, "behind");

            Await.until(PATIENCE, () -> told.lists.contains("behind"), "what is behind it");
            assertThat(told.faults).isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnTellingWhereTheClockWasSetBack() throws Exception {
        TestClock clock = new TestClock(Instant.ofEpochMilli(1_767_225_600_000L));
        try (LiveFeed feed = feed(clock);
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            feed.listen(told);
            feed.start();
            Await.until(
                    PATIENCE,
                    () -> {
                        list(producer, USER, "first");
                        clock.advance(Duration.ofSeconds(1));
                        return !told.lists.isEmpty();
                    },
                    "lists are read");

            clock.advance(Duration.ofHours(-1));
            list(producer, USER, "after");

            Await.until(PATIENCE, () -> told.lists.contains("after"), "a list after the clock was set back");
        }
    }

    /** A broker creates what a client asks for, unless the client says not to, as Kafka comes. */
    @Test
    void shouldWaitForTopicsAndCreateNone() throws Exception {
        try (TestBroker obliging = TestBroker.start(Map.of("auto.create.topics.enable", "true"));
                LiveFeed feed = feed(obliging, Clock.systemUTC());
                Admin admin = obliging.admin()) {
            feed.start();
            Await.pass(Duration.ofSeconds(3));
            assertThat(admin.listTopics().names().get()).isEmpty();

            createTopics(obliging);

            Await.until(PATIENCE, () -> !feed.samples().isEmpty(), "figures");
        }
    }

    @BeforeEach
    void createTopics() {
        createTopics(broker);
    }

    private void createTopics(TestBroker on) {
        for (String topic : List.of(Topics.CATALOGUE, Topics.USERS, Topics.EVALUATIONS, Topics.RECOMMENDATIONS)) {
            on.create(new NewTopic(names.of(topic), 1, (short) 1));
        }
    }

    private LiveFeed feed(Clock clock) {
        return feed(broker, clock);
    }

    private LiveFeed feed(TestBroker on, Clock clock) {
        return new LiveFeed(Map.of("bootstrap.servers", on.bootstrapServers()), names, model, clock);
    }

    private void awaitLists(KafkaProducer<byte[], byte[]> producer) {
        Await.until(
                PATIENCE,
                () -> {
                    list(producer, USER, "first");
                    return !told.lists.isEmpty();
                },
                "lists are read");
    }

    private void list(KafkaProducer<byte[], byte[]> producer, String user, String list) {
        send(producer, Topics.RECOMMENDATIONS, user, list.getBytes(UTF_8));
    }

    private void send(
            KafkaProducer<byte[], byte[]> producer, String topic, @Nullable String key, byte @Nullable [] value) {
        producer.send(new ProducerRecord<>(names.of(topic), key == null ? null : key.getBytes(UTF_8), value));
    }

    private static ModelRow.Marker marker(long version) {
        return new ModelRow.Marker(
                version,
                version,
                version,
                0,
                version,
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
        private final Map<String, Integer> unreadable = new ConcurrentHashMap<>();
        private volatile long passedOver;
        private volatile int faults;
        private volatile long events;
        private volatile long passed;

        @Override
        public boolean listens() {
            return true;
        }

        @Override
        public void sampled(Sample sample) {
            events = sample.events();
        }

        @Override
        public void passed(List<PassingEvent> shown, long more) {
            passed += shown.size() + more;
        }

        @Override
        public void served(ModelRow.Marker marker) {
            versions.add(marker.version());
        }

        @Override
        public boolean watches(String user) {
            if (user.equals(BREAKING)) {
                faults++;
                throw new IllegalStateException("a fault");
            }
            return user.equals(USER);
        }

        @Override
        public void listed(String user, byte[] json, long more) {
            assertThat(user).isEqualTo(USER);
            passedOver += more;
            String list = new String(json, UTF_8);
            if (list.equals(UNREADABLE)) {
                throw new WireException("no list");
            }
            if (list.equals(BREAKING)) {
                faults++;
                throw new IllegalStateException("a fault");
            }
            lists.add(list);
        }

        @Override
        public void unreadable(String topic) {
            unreadable.merge(topic, 1, Integer::sum);
        }
    }
}

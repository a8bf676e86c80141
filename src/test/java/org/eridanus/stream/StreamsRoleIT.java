package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.Generation;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role with a topology of two nodes and a store: it counts the records of each key. */
class StreamsRoleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STORE = "count-store";
    private static final String POISON = "poison";

    private final TestBroker broker = TestBroker.shared();
    private String in = "";
    private String out = "";
    private StreamsSettings settings = StreamsSettings.of("nowhere:1", Path.of("."));

    @TempDir
    private Path folder;

    @BeforeEach
    void createTopics() throws Exception {
        in = TestBroker.uniqueName("role-in");
        out = TestBroker.uniqueName("role-out");
        settings =
                StreamsSettings.of(broker.bootstrapServers(), folder).withPrefix(TestBroker.uniqueName("role") + "-");
        broker.create(new NewTopic(in, 3, (short) 1), new NewTopic(out, 1, (short) 1));
    }

    @Test
    void shouldCountOnWhenClosedAndStartedAgain() throws Exception {
        List<Long> closings = new ArrayList<>();
        List<Long> starts = new ArrayList<>();
        for (int run = 1; run <= 3; run++) {
            try (StreamsRole role = new StreamsRole(Role.FEATURES, counting(in), settings)) {
                long began = System.nanoTime();
                role.start();
                role.awaitRunning(PATIENCE);
                starts.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                assertThat(role.missing()).isEmpty();
                assertThat(assignedPartitions(role)).isEqualTo(3);

                produce("a", "b", "c", "d");
                int expected = 4 * run;
                Await.until(PATIENCE, () -> read().size() == expected, "all counted in run " + run);

                began = System.nanoTime();
                role.close();
                closings.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                assertThat(role.missing())
                        .hasValueSatisfying(missing -> assertThat(missing).contains("NOT_RUNNING"));
                assertThat(role.failure()).isNotDone();
            }
        }

        assertThat(read())
                .containsExactlyInAnyOrder(
                        "a=1", "b=1", "c=1", "d=1", "a=2", "b=2", "c=2", "d=2", "a=3", "b=3", "c=3", "d=3");
        assertThat(closings).allMatch(millis -> millis < 5_000);
        assertThat(starts).allMatch(millis -> millis < 5_000);
        System.out.println("started in " + starts + " ms, closed in " + closings + " ms");
    }

    @Test
    void shouldLetGoOfWhatChangelogsHoldWithinAStatedTime() throws Exception {
        try (StreamsRole role = new StreamsRole(Role.FEATURES, counting(in), settings);
                Admin admin = broker.admin()) {
            role.start();
            role.awaitRunning(PATIENCE);

            ConfigResource changelog = new ConfigResource(
                    ConfigResource.Type.TOPIC, Names.changelog(settings.applicationId(Role.FEATURES), STORE));
            Config config = admin.describeConfigs(List.of(changelog))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(changelog);
            assertThat(List.of("max.compaction.lag.ms", "delete.retention.ms", "segment.ms"))
                    .allSatisfy(setting ->
                            assertThat(config.get(setting).value()).as(setting).isEqualTo("86400000"));
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
        }
    }

    @Test
    void shouldStopWhenATopicIsGoneForGood() throws Exception {
        StreamsSettings attentive = settings.withOverrides(Map.of("metadata.max.age.ms", "500"));
        try (StreamsRole role = new StreamsRole(Role.FEATURES, counting(in), attentive);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            role.start();
            role.awaitRunning(PATIENCE);

            admin.deleteTopics(List.of(in)).all().get(10, TimeUnit.SECONDS);

            Await.until(PATIENCE, () -> role.failure().isDone(), "the role stops");
            assertThat(role.missing())
                    .hasValueSatisfying(missing -> assertThat(missing).contains("create the topics again"));
        }
    }

    @Test
    void shouldWaitUntilEveryPartitionIsWithAnInstance(@TempDir Path otherFolder) throws Exception {
        StreamsSettings other =
                StreamsSettings.of(broker.bootstrapServers(), otherFolder).withPrefix(settings.prefix());
        try (StreamsRole first = new StreamsRole(Role.TRAINER, counting(in), settings);
                StreamsRole second = new StreamsRole(
                        Role.TRAINER, counting(in), other.withOverrides(Map.of("client.id", "second")))) {
            first.start();
            first.awaitRunning(PATIENCE);
            second.start();
            second.awaitRunning(PATIENCE);
            first.awaitRunning(PATIENCE);

            Await.until(
                    PATIENCE,
                    () -> assignedPartitions(second) > 0 && assignedPartitions(first) + assignedPartitions(second) == 3,
                    "two instances share the partitions");
            first.awaitRunning(PATIENCE);
            second.awaitRunning(PATIENCE);
        }
    }

    @Test
    void shouldTakeTheKilledInstancesPlaceBeforeItsSessionEnds() throws Exception {
        Duration session = Duration.ofSeconds(60);
        StreamsSettings patient = new StreamsSettings(
                settings.bootstrapServers(),
                settings.stateFolder(),
                settings.prefix(),
                settings.commitInterval(),
                settings.linger(),
                settings.threads(),
                settings.cacheBytes(),
                session,
                settings.standbys(),
                settings.replication(),
                Generation.FIRST,
                Map.of(),
                Map.of());
        try (StreamsRole gone = new StreamsRole(Role.FEATURES, counting(in), patient)) {
            gone.start();
            gone.awaitRunning(PATIENCE);
            // Leaves no group, as a killed process does not.
            gone.streams().close(PATIENCE);

            long began = System.nanoTime();
            try (StreamsRole again = new StreamsRole(Role.FEATURES, counting(in), patient)) {
                again.start();
                again.awaitRunning(session);
                produce("a", "b", "c", "d");
                Await.until(PATIENCE, () -> read().size() == 4, "all counted");

                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(session.dividedBy(2));
            }
        }
    }

    @Test
    void shouldNameTopicThatIsMissing() {
        try (StreamsRole role = new StreamsRole(Role.SCORER, counting("nobody-made-me"), settings)) {
            assertThatThrownBy(role::start)
                    .isInstanceOf(RoleException.class)
                    .hasMessage("role scorer: topic nobody-made-me does not exist; create the topics first");
            assertThat(role.missing()).contains("not started");
        }
    }

    @Test
    void shouldRefuseTopicsThatMeetWithUnequalPartitions() throws Exception {
        String wider = TestBroker.uniqueName("role-wider");
        broker.create(new NewTopic(wider, 4, (short) 1));

        try (StreamsRole role = new StreamsRole(Role.SCORER, counting(in, wider), settings)) {
            assertThatThrownBy(role::start)
                    .isInstanceOf(RoleException.class)
                    .hasMessageContaining("equal numbers of partitions")
                    .hasMessageContaining(in + "=3")
                    .hasMessageContaining(wider + "=4");
        }
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() {
        StreamsSettings nowhere = StreamsSettings.of("127.0.0.1:1", folder);
        try (StreamsRole role = new StreamsRole(Role.SCORER, counting(in), nowhere)) {
            assertThatThrownBy(role::start)
                    .isInstanceOf(RoleException.class)
                    .hasMessageContaining("Kafka at 127.0.0.1:1")
                    .hasMessageContaining("is it up");
        }
    }

    @Test
    void shouldStopAtRecordThatCannotBeProcessedAndSayWhich() throws Exception {
        try (StreamsRole role = new StreamsRole(Role.TRAINER, counting(in), settings)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce("a", POISON);

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure)
                    .hasMessageStartingWith("role trainer: stopped: cannot process record " + in + "-")
                    .hasMessageContaining("@")
                    .hasMessageContaining("in count: java.lang.IllegalStateException: poisoned");
            assertThat(role.missing()).contains(failure.reason());
            assertThatThrownBy(() -> role.awaitRunning(PATIENCE)).isSameAs(failure);
        }
    }

    @Test
    void shouldStopAtRecordThatCannotBeReadAndSayWhich() throws Exception {
        Topology topology = new Topology()
                .addSource("source", new StringDeserializer(), new IntegerDeserializer(), in)
                .addSink("sink", out, new StringSerializer(), new IntegerSerializer(), "source");
        try (StreamsRole role = new StreamsRole(Role.TRAINER, topology, settings)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce("a");

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure)
                    .hasMessageContaining("cannot read record " + in + "-")
                    .hasMessageContaining("@0")
                    .hasMessageContaining("SerializationException");
        }
    }

    @Test
    void shouldStopAtRecordOfAGlobalStoreThatCannotBeReadAndSayWhich() throws Exception {
        Topology topology = new FeaturesTopology(
                        FeaturesSettings.of("online", FeatureSchema.online()),
                        new TopicNames(in + "."),
                        Clock.systemUTC(),
                        FeaturesMonitor.NONE)
                .build();
        broker.create(Topics.ALL.stream()
                .map(topic -> new NewTopic(in + "." + topic, 1, (short) 1))
                .toArray(NewTopic[]::new));
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(new ProducerRecord<>(in + "." + Topics.CATALOGUE, new byte[] {'i'}, new byte[] {9}))
                    .get();
        }
        try (StreamsRole role = new StreamsRole(Role.FEATURES, topology, settings)) {
            assertThatThrownBy(() -> {
                        role.start();
                        role.awaitRunning(PATIENCE);
                    })
                    .isInstanceOf(RoleException.class)
                    .hasMessageContaining("cannot read record " + in + "." + Topics.CATALOGUE + "-0@0")
                    .hasMessageContaining("version 9 found, version 1 expected");
        }
    }

    @Test
    void shouldRefuseToGoOnWithoutTheChangelogOfWhatItHasDone() throws Exception {
        String changelog = Names.changelog(settings.applicationId(Role.FEATURES), Names.HISTORY_STORE);
        try (StreamsRole role = new StreamsRole(Role.FEATURES, countingInto(Names.HISTORY_STORE, in), settings)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce("a");
            Await.until(PATIENCE, () -> read().size() == 1, "counted and committed");
        }
        try (Admin admin = broker.admin()) {
            admin.deleteTopics(List.of(changelog)).all().get(30, TimeUnit.SECONDS);

            Await.until(PATIENCE, () -> !isKnown(admin, changelog), "the changelog is gone");
            try (StreamsRole role = new StreamsRole(Role.FEATURES, countingInto(Names.HISTORY_STORE, in), settings)) {
                assertThatThrownBy(role::start)
                        .isInstanceOf(RoleException.class)
                        .hasMessageContaining("these do not: " + changelog)
                        .hasMessageContaining("deleting consumer group " + settings.applicationId(Role.FEATURES));
            }
            assertThat(isKnown(admin, changelog)).isFalse();

            admin.deleteConsumerGroups(List.of(settings.applicationId(Role.FEATURES)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            try (StreamsRole role = new StreamsRole(
                    Role.FEATURES,
                    countingInto(Names.HISTORY_STORE, in),
                    StreamsSettings.of(broker.bootstrapServers(), folder.resolve("new"))
                            .withPrefix(settings.prefix()))) {
                role.start();
                role.awaitRunning(PATIENCE);
                Await.until(PATIENCE, () -> read().equals(List.of("a=1", "a=1")), "begun anew");
            }
        }
    }

    @Test
    void shouldRefuseAChangelogWithMorePartitionsUntilItHasAsManyAsBefore() throws Exception {
        String changelog = Names.changelog(settings.applicationId(Role.FEATURES), STORE);
        try (StreamsRole role = new StreamsRole(Role.FEATURES, counting(in), settings)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce("a", "b", "c");
            Await.until(PATIENCE, () -> read().size() == 3, "counted and committed");
        }
        try (Admin admin = broker.admin()) {
            admin.createPartitions(Map.of(changelog, NewPartitions.increaseTo(5)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            try (StreamsRole role = new StreamsRole(Role.FEATURES, counting(in), settings)) {
                assertThatThrownBy(role::start)
                        .isInstanceOf(RoleException.class)
                        .hasMessageContaining("these do not: " + changelog + " has 5 instead of 3; ")
                        .hasMessageContaining("start without the state folder");
            }

            List<ConsumerRecord<byte[], byte[]>> copy = broker.read(changelog);
            admin.deleteTopics(List.of(changelog)).all().get(30, TimeUnit.SECONDS);
            Await.until(PATIENCE, () -> !isKnown(admin, changelog), "the changelog is gone");
            broker.create(new NewTopic(changelog, 3, (short) 1).configs(Map.of("cleanup.policy", "compact")));
            try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                for (ConsumerRecord<byte[], byte[]> record : copy) {
                    producer.send(new ProducerRecord<>(changelog, record.partition(), record.key(), record.value()))
                            .get();
                }
            }
        }
        try (StreamsRole role = new StreamsRole(
                Role.FEATURES,
                counting(in),
                StreamsSettings.of(broker.bootstrapServers(), folder.resolve("new"))
                        .withPrefix(settings.prefix()))) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce("a", "b", "c");
            Await.until(PATIENCE, () -> read().size() == 6, "counted on");
        }
        assertThat(read()).containsExactlyInAnyOrder("a=1", "b=1", "c=1", "a=2", "b=2", "c=2");
    }

    private Topology counting(String... topics) {
        return countingInto(STORE, topics);
    }

    private Topology countingInto(String store, String... topics) {
        Topology topology = new Topology();
        topology.addSource("source", new StringDeserializer(), new StringDeserializer(), topics)
                .addProcessor("count", () -> new Counter(store), "source")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(store), Serdes.String(), Serdes.Long())
                                .withCachingEnabled(),
                        "count")
                .addSink("sink", out, new StringSerializer(), new StringSerializer(), "count");
        return topology;
    }

    private static boolean isKnown(Admin admin, String topic) {
        return admin.listTopics()
                .names()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .contains(topic);
    }

    private static int assignedPartitions(StreamsRole role) {
        return role.streams().metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .mapToInt(task -> task.topicPartitions().size())
                .sum();
    }

    private List<String> read() {
        return broker.read(out).stream()
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private void produce(String... keys) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            for (String key : keys) {
                byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(in, bytes, bytes)).get();
            }
        }
    }

    /** Counts the records of each key, and throws at {@link #POISON}. */
    private static final class Counter extends ContextualProcessor<String, String, String, String> {
        private final String store;

        Counter(String store) {
            this.store = store;
        }

        @Override
        public void process(Record<String, String> record) {
            if (record.key().equals(POISON)) {
                throw new IllegalStateException("poisoned");
            }
            KeyValueStore<String, Long> counts = context().getStateStore(store);
            Long before = counts.get(record.key());
            long count = before == null ? 1 : before + 1;
            counts.put(record.key(), count);
            context().forward(record.withValue(record.key() + "=" + count));
        }
    }
}

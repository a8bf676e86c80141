package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.assignment.ApplicationState;
import org.apache.kafka.streams.processor.assignment.assignors.StickyTaskAssignor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.model.Presets;
import org.eridanus.recommend.ServedModel;
import org.eridanus.testing.Await;
import org.eridanus.testing.BrokerServer;
import org.eridanus.testing.CuttableProxy;
import org.eridanus.testing.RelayedServer;
import org.eridanus.testing.SmallDisk;
import org.eridanus.testing.TestBroker;
import org.eridanus.testing.TestClock;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong around a role, and what becomes of it: it goes on exactly once, or stops and says why. */
class FaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String STORE = "count-store";
    private static final int BATCH = 16_384;
    private static final Duration TASK_TIMEOUT = Duration.ofSeconds(2);

    private final String in = TestBroker.uniqueName("faults-in");
    private final String out = TestBroker.uniqueName("faults-out");
    private final String prefix = TestBroker.uniqueName("faults") + "-";

    @TempDir
    private Path folder;

    @Test
    void shouldWaitForRoomInTheBufferOfAProducerWhoseBrokerDoesNotAnswer() throws Exception {
        try (RelayedServer server = new RelayedServer(folder.resolve("broker"))) {
            TestBroker broker = new TestBroker(server);
            try (StreamsRole role = roleWithAFullBuffer(broker, server.relay(), "60000")) {
                Await.until(PATIENCE, () -> producers(role, "waiting-threads") >= 1, "a send that waits for room");
                Await.pass(TASK_TIMEOUT.multipliedBy(2));
                assertThat(producers(role, "waiting-threads"))
                        .as("it waits on, task.timeout.ms or not")
                        .isEqualTo(1);
                assertThat(producers(role, "buffer-available-bytes")).isLessThan(BATCH);
                server.relay().release();

                Await.until(PATIENCE, () -> broker.read(out).size() >= 100, "all counted");
                assertThat(role.streams().metadataForLocalThreads())
                        .as("the thread that waited goes on")
                        .allMatch(thread -> thread.threadName().endsWith("-1"));
                assertThat(role.failure()).isNotDone();
            }
            assertCountedOnce(broker, 100);
        }
    }

    @Test
    void shouldGoOnInAnotherThreadAfterABufferThatWasFullForTooLong() throws Exception {
        try (RelayedServer server = new RelayedServer(folder.resolve("broker"))) {
            TestBroker broker = new TestBroker(server);
            try (StreamsRole role = roleWithAFullBuffer(broker, server.relay(), "1000")) {
                Await.until(PATIENCE, () -> producers(role, "buffer-exhausted-total") >= 1, "no room for too long");
                Await.until(PATIENCE, () -> role.missing().isPresent(), "not ready while the broker does not answer");
                Await.pass(TASK_TIMEOUT.multipliedBy(2));
                assertThat(role.failure()).as("task.timeout.ms is over").isNotDone();
                server.relay().release();

                Await.until(PATIENCE, () -> broker.read(out).size() >= 100, "all counted");
                assertThat(role.failure()).isNotDone();
            }
            assertCountedOnce(broker, 100);
        }
    }

    /** A role that is about to send 90 records of 10 kB by a buffer of 64 kB, and nobody takes them out. */
    private StreamsRole roleWithAFullBuffer(TestBroker broker, CuttableProxy relay, String longestSend)
            throws Exception {
        createTopics(broker);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Work work = count -> {
            if (count == 10) {
                reached.countDown();
                await(goOn);
            }
        };
        Map<String, String> small = Map.of(
                "producer.buffer.memory",
                "65536",
                "producer.batch.size",
                String.valueOf(BATCH),
                "producer.max.block.ms",
                longestSend,
                "task.timeout.ms",
                String.valueOf(TASK_TIMEOUT.toMillis()));
        StreamsRole role = role(broker, folder.resolve("state"), small, work, 10_000);
        role.start();
        role.awaitRunning(PATIENCE);
        produce(broker, 100);
        await(reached);
        relay.hold();
        goOn.countDown();
        return role;
    }

    /** A figure of all producers of a role together. */
    private static double producers(StreamsRole role, String name) {
        return role.streams().metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals("producer-metrics")
                        && metric.metricName().name().equals(name))
                .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
                .sum();
    }

    @Test
    void shouldGoOnWhenATransactionHasTimedOut() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        AtomicBoolean first = new AtomicBoolean(true);
        Work slow = count -> {
            if (count == 10 && first.getAndSet(false)) {
                Await.until(PATIENCE, () -> open(broker), "an open transaction");
                Await.until(PATIENCE, () -> !open(broker), "the broker to end a transaction that takes too long");
            }
        };
        Map<String, String> hasty = Map.of("producer.transaction.timeout.ms", "2000", "commit.interval.ms", "1000");
        try (StreamsRole role = role(broker, folder, hasty, slow, 10)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce(broker, 20);

            Await.until(PATIENCE, () -> broker.read(out).size() >= 20, "all counted");
            assertThat(role.failure()).isNotDone();
        }
        assertThat(first).isFalse();
        assertCountedOnce(broker, 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoOnBeforeTheSessionOfAThreadThatWasReplacedEnds(int threads) throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        Duration session = Duration.ofSeconds(60);
        Duration soon = session.dividedBy(2);
        AtomicBoolean first = new AtomicBoolean(true);
        Work failing = count -> {
            if (count == 10 && first.getAndSet(false)) {
                throw new TimeoutException("a broker that does not answer in time");
            }
        };
        Map<String, String> overrides = Map.of(
                "num.stream.threads", String.valueOf(threads),
                "main.consumer.session.timeout.ms", String.valueOf(session.toMillis()),
                "task.assignor.class", FailingAssignor.class.getName());
        try (StreamsRole role = role(broker, folder, overrides, failing, 10)) {
            role.start();
            role.awaitRunning(PATIENCE);
            CountDownLatch looked = FailingAssignor.fail(2);
            produce(broker, 20);

            Await.until(soon, () -> role.missing().isPresent(), "not ready while nobody has the partition");
            looked.countDown();

            Await.until(soon, () -> broker.read(out).size() >= 20, "all counted");
            assertThat(FailingAssignor.left()).isZero();
            assertThat(role.failure()).isNotDone();
            role.awaitRunning(PATIENCE);
        }
        assertThat(first).isFalse();
        assertCountedOnce(broker, 20);
    }

    @Test
    void shouldStopWhenAFaultComesBackAfterThreeReplacementsWithinFiveMinutes() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE);
        AtomicInteger faults = new AtomicInteger();
        Work failing = count -> {
            if (count == 10) {
                if (faults.incrementAndGet() == 4) {
                    clock.addAndGet(Replacements.WINDOW.toNanos() + 1);
                }
                throw new TimeoutException("a broker that does not answer in time");
            }
        };
        try (StreamsRole role = role(broker, folder, Map.of(), failing, 10, clock::get)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce(broker, 20);

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure)
                    .hasMessage(
                            "role features: stopped: TimeoutException: a broker that does not answer in time; it came"
                                    + " back after 3 replacements within 5 minutes, or in a thread that cannot be replaced: look"
                                    + " after the broker, then start again");
            assertThat(faults)
                    .as("three replacements, and five minutes later three more")
                    .hasValue(7);
            assertThat(role.missing()).contains(failure.reason());
        }
        assertThat(broker.read(out).size()).isLessThan(10);
    }

    @Test
    void shouldStopWhenAChangelogIsGivenMorePartitionsAndWorkIsSharedAnew() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        String changelog = Names.changelog(prefix + "eridanus-features", STORE);
        Work altering = count -> {
            if (count == 10) {
                try (Admin admin = broker.admin()) {
                    admin.createPartitions(Map.of(changelog, NewPartitions.increaseTo(2)))
                            .all()
                            .get();
                } catch (InterruptedException | ExecutionException e) {
                    throw new AssertionError("the changelog must be altered", e);
                }
                throw new TimeoutException("a broker that does not answer in time");
            }
        };
        try (StreamsRole role = role(broker, folder, Map.of(), altering, 10)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce(broker, 20);

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure)
                    .hasMessageContaining("stopped: a changelog was altered: Existing internal topic " + changelog
                            + " has invalid partitions: expected: 1; actual: 2; no topic can give partitions back");
        }
        assertThat(broker.read(out).size()).isLessThan(10);
    }

    @Test
    void shouldStopOneOfTwoInstancesWithCopiesOfAStateFolder() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        Path originals = folder.resolve("original");
        Path copies = folder.resolve("copy");
        try (StreamsRole original = role(broker, originals, Map.of(), count -> {}, 10)) {
            original.start();
            original.awaitRunning(PATIENCE);
            produce(broker, 10);
            Await.until(PATIENCE, () -> broker.read(out).size() >= 10, "the first counted");
            Files.createDirectories(copies);
            Files.copy(originals.resolve(InstanceId.FILE), copies.resolve(InstanceId.FILE));
            Path process = Path.of(prefix + "eridanus-features", "kafka-streams-process-metadata");
            Files.createDirectories(copies.resolve(process).getParent());
            Files.copy(originals.resolve(process), copies.resolve(process));
            try (StreamsRole copy = role(broker, copies, Map.of(), count -> {}, 10)) {
                copy.start();

                Await.until(
                        PATIENCE,
                        () -> original.failure().isDone() || copy.failure().isDone(),
                        "one stops");
                StreamsRole stopped = original.failure().isDone() ? original : copy;
                StreamsRole left = stopped == original ? copy : original;
                assertThat(stopped.failure().get())
                        .hasMessageContaining("another process has taken this instance's place in its group")
                        .hasMessageContaining("give every instance a state folder of its own");
                produce(broker, 10);
                Await.until(PATIENCE, () -> broker.read(out).size() >= 20, "all counted");
                left.awaitRunning(PATIENCE);
                assertThat(left.failure()).isNotDone();
            }
        }
        assertCountedOnce(broker, 20);
    }

    @Test
    void shouldRefuseAStateFolderThatAnotherInstanceHas() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        try (StreamsRole first = role(broker, folder, Map.of(), count -> {}, 10)) {
            first.start();
            first.awaitRunning(PATIENCE);

            assertThatThrownBy(() -> role(broker, folder, Map.of(), count -> {}, 10))
                    .isInstanceOf(RoleException.class)
                    .hasMessageContaining("let no other process use the state folder " + folder);

            produce(broker, 10);
            Await.until(PATIENCE, () -> broker.read(out).size() >= 10, "the first goes on");
            assertThat(first.failure()).isNotDone();
        }
        assertCountedOnce(broker, 10);
    }

    @Test
    void shouldStopWhenTheThreadThatCannotBeReplacedFails() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        Topology topology = new Topology()
                .addGlobalStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(STORE), Serdes.String(), Serdes.String())
                                .withLoggingDisabled(),
                        "source",
                        new StringDeserializer(),
                        new StringDeserializer(),
                        in,
                        "fail",
                        Failing::new);
        try (StreamsRole role = new StreamsRole(
                Role.FEATURES,
                topology,
                StreamsSettings.of(broker.bootstrapServers(), folder).withPrefix(prefix))) {
            role.start();
            produce(broker, 1);

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure).hasMessageContaining("TimeoutException");
        }
    }

    @Test
    void shouldStopAtARecordThatIsTooLarge() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        try (StreamsRole role = role(broker, folder, Map.of(), count -> {}, 3 << 20)) {
            role.start();
            role.awaitRunning(PATIENCE);
            produce(broker, 1);

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure)
                    .hasMessageContaining("a record is larger than Kafka takes")
                    .hasMessageContaining("raise max.message.bytes");
            assertThat(broker.read(out)).isEmpty();
        }
    }

    @Test
    void shouldStopWhenTheDiskOfTheStateFolderIsFull() throws Exception {
        TestBroker broker = TestBroker.shared();
        createTopics(broker);
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "16k");
                StreamsRole role = role(broker, disk.folder(), Map.of(), count -> {}, 10)) {
            role.start();
            produce(broker, 1);

            RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure)
                    .hasMessageContaining("the disk of the state folder is full")
                    .hasMessageContaining("make room");
            assertThat(role.missing()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Topics.TRAINING_LOG, Topics.ENRICHED_INTERACTIONS})
    void shouldStopAtARecordOfAnInternalTopicThatIsNone(String topic) throws Exception {
        TestBroker broker = TestBroker.shared();
        TopicNames names = new TopicNames(TestBroker.uniqueName("corrupt") + ".");
        createAll(broker, names);
        try (Pipeline pipeline = pipeline(broker, names, folder, Role.TRAINER, Role.SCORER);
                KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            pipeline.start();
            pipeline.awaitRunning(PATIENCE);
            producer.send(new ProducerRecord<>(
                            names.of(topic), "u1".getBytes(StandardCharsets.UTF_8), new byte[] {99, 1, 2}))
                    .get();

            RoleException failure = pipeline.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(failure).hasMessageContaining(names.of(topic) + "-").hasMessageContaining("@0");
            assertThat(pipeline.missing()).as("not ready any more").isNotEmpty();
        }
    }

    @Test
    void shouldStopAtABatchThatIsDamagedOnTheBrokersDiskUntilItsGroupIsMovedBehindIt() throws Exception {
        try (BrokerServer server = new RelayedServer(folder.resolve("broker"))) {
            TestBroker broker = new TestBroker(server);
            createTopics(broker);
            for (int batch = 0; batch < 3; batch++) {
                produce(broker, 1);
            }
            TopicPartition partition = new TopicPartition(in, 0);
            server.stop();
            damage(folder.resolve("broker"), partition, 1);
            server.start();

            try (StreamsRole role = role(broker, folder.resolve("state"), Map.of(), count -> {}, 10)) {
                role.start();

                RoleException failure = role.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

                assertThat(failure)
                        .hasMessageContaining("stopped: a topic is damaged on the broker's disk: ")
                        .hasMessageContaining(partition.toString())
                        .hasMessageContaining("offset 1")
                        .hasMessageContaining("bring the partition back from a replica or a copy");
            }
            String group = prefix + "eridanus-features";
            int done;
            try (Admin admin = broker.admin()) {
                done = (int) committed(admin, group, partition);
                assertThat(done)
                        .as("what comes before, if it was committed by then")
                        .isBetween(0, 1);
                assertCountedOnce(broker, done);
                // A group may be moved when the sessions of its members are over.
                Await.until(PATIENCE, () -> move(admin, group, partition, 2), "the group is moved");
            }
            try (StreamsRole role = role(broker, folder.resolve("state"), Map.of(), count -> {}, 10)) {
                role.start();
                Await.until(PATIENCE, () -> broker.read(out).size() == done + 1, "the record behind it");
                assertThat(role.failure()).isNotDone();
            }
            assertCountedOnce(broker, done + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {Topics.TRAINING_LOG, Topics.ENRICHED_INTERACTIONS, Topics.MODEL, ScorerNames.USER_CONTEXT_STORE})
    void shouldStopWhateverTopicIsDamagedOnTheBrokersDisk(String damaged) throws Exception {
        TopicNames names = new TopicNames("");
        String topic = damaged.equals(ScorerNames.USER_CONTEXT_STORE)
                ? Names.changelog("eridanus-scorer", damaged)
                : names.of(damaged);
        try (BrokerServer server = new RelayedServer(folder.resolve("broker"))) {
            TestBroker broker = new TestBroker(server);
            createAll(broker, names);
            if (!Topics.ALL.contains(damaged)) {
                broker.create(new NewTopic(topic, 2, (short) 1).configs(Map.of("cleanup.policy", "compact")));
            }
            try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
                producer.send(new ProducerRecord<>(topic, 0, "u1".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2}))
                        .get();
            }
            server.stop();
            damage(folder.resolve("broker"), new TopicPartition(topic, 0), 0);
            server.start();

            try (Pipeline pipeline = pipeline(broker, names, folder.resolve("state"), Role.TRAINER, Role.SCORER)) {
                assertThatThrownBy(() -> {
                            pipeline.start();
                            throw pipeline.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                        })
                        .isInstanceOf(RoleException.class)
                        .hasMessageContaining("a topic is damaged on the broker's disk: ")
                        .hasMessageContaining("Record batch for partition " + topic + "-0 at offset 0 is invalid");
                assertThat(pipeline.missing()).isNotEmpty();
            }
        }
    }

    @Test
    void shouldNotBeReadyWhereABatchLooksLikeTheEndOfItsPartition() throws Exception {
        AtomicLong passed = new AtomicLong();
        try (BrokerServer server = new RelayedServer(folder.resolve("broker"))) {
            TestBroker broker = new TestBroker(server);
            createTopics(broker);
            for (int batch = 0; batch < 3; batch++) {
                produce(broker, 1);
            }
            TopicPartition partition = new TopicPartition(in, 0);
            lengthen(folder.resolve("broker"), partition, 1, 1 << 20);

            try (PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
                    Pipeline pipeline = new Pipeline(
                            Map.of(Role.FEATURES, counting(count -> {}, 10)),
                            StreamsSettings.of(broker.bootstrapServers(), folder.resolve("state"))
                                    .withPrefix(prefix),
                            () -> System.nanoTime() + passed.get())) {
                metrics.bind(pipeline);
                pipeline.start();
                Await.until(PATIENCE, () -> broker.read(out).size() == 1, "the record before it");
                assertThat(pipeline.missing()).isEmpty();
                Await.until(
                        PATIENCE,
                        () -> {
                            passed.addAndGet(StallWatch.PATIENCE.toNanos());
                            return pipeline.stalled(Role.FEATURES);
                        },
                        "the records behind it to be missed");

                assertThat(pipeline.missing())
                        .singleElement()
                        .asString()
                        .startsWith("features: nothing was read for 3 minutes although committed records are there: "
                                + partition + " from offset 1; ");
                assertThat(running(metrics)).isZero();
                assertThat(pipeline.failure()).isNotDone();

                lengthen(folder.resolve("broker"), partition, 1, -(1 << 20));
                Await.until(PATIENCE, () -> broker.read(out).size() == 3, "the records behind it");
                Await.until(PATIENCE, () -> pipeline.missing().isEmpty(), "ready again");
                assertThat(running(metrics)).isEqualTo(1);
            }
            assertCountedOnce(broker, 3);
        }
    }

    private static double running(PipelineMetrics metrics) {
        return metrics.registry().get("eridanus.role.running").gauge().value();
    }

    private static long committed(Admin admin, String group, TopicPartition partition) throws Exception {
        OffsetAndMetadata committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        return committed == null ? 0 : committed.offset();
    }

    /** Sets what a group has committed; false where it still has members. */
    private static boolean move(Admin admin, String group, TopicPartition partition, long offset) {
        try {
            admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                    .all()
                    .get();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownMemberIdException) {
                return false;
            }
            throw new AssertionError("the group must be moved", e);
        }
    }

    /** Flips a bit in the records of a batch, counted from 0, on the disk of a broker that is stopped. */
    private static void damage(Path broker, TopicPartition partition, int batch) throws IOException {
        change(broker, partition, batch + 1, (log, end) -> log.put(end - 1, (byte) (log.get(end - 1) ^ 1)));
    }

    /** Changes the length that a batch, counted from 0, begins with, on the disk of a broker that may run. */
    private static void lengthen(Path broker, TopicPartition partition, int batch, int by) throws IOException {
        change(broker, partition, batch, (log, start) -> log.putInt(start + 8, log.getInt(start + 8) + by));
    }

    /** A change of a log's bytes, given where a batch begins. */
    private interface Change {
        void make(ByteBuffer log, int start);
    }

    private static void change(Path broker, TopicPartition partition, int batch, Change change) throws IOException {
        Path log;
        try (Stream<Path> files = Files.walk(broker)) {
            log = files.filter(file -> file.endsWith(Path.of(partition.toString(), "00000000000000000000.log")))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            int start = 0;
            for (int passed = 0; passed < batch; passed++) {
                // A batch begins with its offset, 8 bytes, and the length of what follows, 4 bytes.
                start += 12 + bytes.getInt(start + 8);
            }
            change.make(bytes, start);
            bytes.force();
        }
    }

    @Test
    void shouldStopAtAnEntryOfAChangelogThatIsNoneUntilATombstoneDropsIt() throws Exception {
        TestBroker broker = TestBroker.shared();
        TopicNames names = new TopicNames(TestBroker.uniqueName("damaged") + ".");
        String changelog = names.of(Names.changelog("eridanus-features", Names.HISTORY_STORE));
        createAll(broker, names);
        broker.create(new NewTopic(changelog, 2, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            byte[] user = "u1".getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(changelog, user, new byte[] {99, 1, 2}))
                    .get();
            TestBroker.send(producer, names.of(Topics.INTERACTIONS), "u1", "{\"user\":\"u1\",\"item\":\"i1\"}");
            try (Pipeline pipeline = pipeline(broker, names, folder.resolve("first"), Role.FEATURES)) {
                pipeline.start();

                RoleException failure = pipeline.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

                assertThat(failure)
                        .hasMessageContaining("cannot process record " + names.of(Topics.INTERACTIONS) + "-")
                        .hasMessageContaining("an entry of " + Names.HISTORY_STORE + " cannot be read: ")
                        .hasMessageContaining("version 99 found")
                        .hasMessageContaining("a tombstone under the key drops this entry");
                assertThat(pipeline.missing()).isNotEmpty();
            }
            assertThat(broker.read(names.of(Topics.ENRICHED_INTERACTIONS))).isEmpty();

            producer.send(new ProducerRecord<>(changelog, user, null)).get();
            try (Pipeline pipeline = pipeline(broker, names, folder.resolve("second"), Role.FEATURES)) {
                pipeline.start();
                Await.until(
                        PATIENCE,
                        () -> !broker.read(names.of(Topics.ENRICHED_INTERACTIONS))
                                .isEmpty(),
                        "the event is enriched");
                assertThat(pipeline.failure()).isNotDone();
            }
        }
        assertThat(broker.read(names.of(Topics.ENRICHED_INTERACTIONS))).hasSize(1);
    }

    @Test
    void shouldStopWhenTheClockIsSetBackAndLearnOnWhenStartedAgain() throws Exception {
        TestBroker broker = TestBroker.shared();
        TopicNames names = new TopicNames(TestBroker.uniqueName("clock") + ".");
        createAll(broker, names);
        TestClock clock = new TestClock(Clock.systemUTC());
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            TestBroker.send(producer, names.of(Topics.INTERACTIONS), "u1", "{\"user\":\"u1\",\"item\":\"i1\"}");
            try (Pipeline pipeline = pipeline(broker, names, folder, clock)) {
                pipeline.start();
                Await.until(
                        PATIENCE,
                        () -> broker.read(names.of(Topics.RECOMMENDATIONS)).size() == 1,
                        "a list");
                clock.advance(Duration.ofHours(-1));

                RoleException failure = pipeline.failure().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

                assertThat(failure).hasMessageContaining("stopped: the clock was set back by 3600 s");
                Await.until(PATIENCE, () -> pipeline.missing().size() == Role.values().length, "not ready any more");
            }
            try (Pipeline pipeline = pipeline(broker, names, folder, clock)) {
                pipeline.start();
                TestBroker.send(producer, names.of(Topics.INTERACTIONS), "u1", "{\"user\":\"u1\",\"item\":\"i2\"}");

                Await.until(
                        PATIENCE,
                        () -> broker.read(names.of(Topics.RECOMMENDATIONS)).size() == 2,
                        "a new list");
                Await.until(
                        PATIENCE,
                        () -> pipeline.model()
                                .flatMap(ServedModel::marker)
                                .map(marker -> marker.events() == 2)
                                .orElse(false),
                        "a version that has learned from both");
                assertThat(pipeline.failure()).isNotDone();
            }
        }
        assertThat(broker.read(names.of(Topics.EVALUATIONS))).hasSize(2);
    }

    private static Pipeline pipeline(TestBroker broker, TopicNames names, Path state, Clock clock) {
        return Pipeline.of(
                PipelineSettings.of(Presets.association()).withTopics(names),
                StreamsSettings.of(broker.bootstrapServers(), state).withPrefix(names.prefix()),
                clock,
                PipelineSettings.Monitors.NONE);
    }

    private static void createAll(TestBroker broker, TopicNames names) throws Exception {
        try (Admin admin = broker.admin()) {
            new TopicApplier(admin, new TopicSettings(2, 1, names))
                    .apply(TopicFiles.onClassPath().load());
        }
    }

    private static Pipeline pipeline(TestBroker broker, TopicNames names, Path state, Role first, Role... others) {
        return Pipeline.of(
                PipelineSettings.of(Presets.association())
                        .withRoles(EnumSet.of(first, others))
                        .withTopics(names),
                StreamsSettings.of(broker.bootstrapServers(), state).withPrefix(names.prefix()),
                Clock.systemUTC(),
                PipelineSettings.Monitors.NONE);
    }

    /** What a processor does beside counting. */
    private interface Work {
        void at(long count);
    }

    private StreamsRole role(TestBroker broker, Path state, Map<String, String> overrides, Work work, int bytes) {
        return role(broker, state, overrides, work, bytes, System::nanoTime);
    }

    private StreamsRole role(
            TestBroker broker, Path state, Map<String, String> overrides, Work work, int bytes, LongSupplier nanoTime) {
        return new StreamsRole(
                Role.FEATURES,
                counting(work, bytes),
                StreamsSettings.of(broker.bootstrapServers(), state)
                        .withPrefix(prefix)
                        .withOverrides(overrides),
                nanoTime);
    }

    private Topology counting(Work work, int bytes) {
        return new Topology()
                .addSource("source", new StringDeserializer(), new StringDeserializer(), in)
                .addProcessor("count", () -> new Counter(work, bytes), "source")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.Long())
                                .withCachingEnabled(),
                        "count")
                .addSink("sink", out, new StringSerializer(), new StringSerializer(), "count");
    }

    private void createTopics(TestBroker broker) {
        broker.create(new NewTopic(in, 1, (short) 1), new NewTopic(out, 1, (short) 1));
    }

    private void produce(TestBroker broker, int records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("linger.ms", 100))) {
            for (int i = 0; i < records; i++) {
                byte[] bytes = "key".getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(in, bytes, bytes));
            }
        }
    }

    private boolean open(TestBroker broker) {
        try (Admin admin = broker.admin()) {
            return admin.listTransactions().all().get().stream()
                    .anyMatch(each ->
                            each.transactionalId().startsWith(prefix) && each.state() == TransactionState.ONGOING);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the broker must tell of transactions", e);
        }
    }

    private void assertCountedOnce(TestBroker broker, int records) {
        List<String> counts = broker.read(out).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8).strip())
                .toList();
        assertThat(counts).hasSize(records);
        for (int i = 0; i < records; i++) {
            assertThat(counts.get(i)).isEqualTo(String.valueOf(i + 1));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody lets the processor go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Counts records, and forwards the count, padded. */
    private static final class Counter extends ContextualProcessor<String, String, String, String> {
        private final Work work;
        private final int bytes;

        Counter(Work work, int bytes) {
            this.work = work;
            this.bytes = bytes;
        }

        @Override
        public void process(Record<String, String> record) {
            KeyValueStore<String, Long> counts = context().getStateStore(STORE);
            Long before = counts.get(record.key());
            long count = before == null ? 1 : before + 1;
            counts.put(record.key(), count);
            String text = String.valueOf(count);
            context().forward(record.withValue(text + " ".repeat(bytes - text.length())));
            work.at(count);
        }
    }

    /** Fails like the broker's answer to what follows an assignment: its member is known to the group by then. */
    public static final class FailingAssignor extends StickyTaskAssignor {
        private static final AtomicInteger LEFT = new AtomicInteger();
        private static volatile CountDownLatch goOn = new CountDownLatch(0);

        /** Lets so many of the assignments to come fail, the first of them as late as the caller says. */
        static CountDownLatch fail(int assignments) {
            goOn = new CountDownLatch(1);
            LEFT.set(assignments);
            return goOn;
        }

        static int left() {
            return LEFT.get();
        }

        @Override
        public TaskAssignment assign(ApplicationState state) {
            if (LEFT.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                return super.assign(state);
            }
            await(goOn);
            throw new KafkaException(
                    "Unexpected error from SyncGroup: " + Errors.COORDINATOR_LOAD_IN_PROGRESS.message());
        }
    }

    private static final class Failing extends ContextualProcessor<String, String, Void, Void> {
        @Override
        public void process(Record<String, String> record) {
            throw new TimeoutException("a broker that does not answer in time");
        }
    }
}

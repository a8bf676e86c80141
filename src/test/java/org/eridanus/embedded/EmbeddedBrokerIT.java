package org.eridanus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    @TempDir
    private Path folder;

    @Test
    void shouldShowCommittedTransactionsAloneToReadCommittedReaders() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            createTopic(broker);

            try (KafkaProducer<String, String> producer = producer(broker)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", "first"));
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", "taken back"));
                producer.flush();
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", "second"));
                producer.commitTransaction();
            }

            assertThat(read(broker, 2)).containsExactly("first", "second");
        }
    }

    @Test
    void shouldKeepTopicsRecordsAndGroupsOverARestart() throws Exception {
        String clusterId;
        int port;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            port = broker.port();
            clusterId = clusterId(broker);
            createTopic(broker);
            try (KafkaProducer<String, String> producer = producer(broker)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", "kept"));
                producer.commitTransaction();
            }
            try (KafkaConsumer<String, String> consumer = consumer(broker)) {
                consumer.assign(List.of(EVENTS));
                consumer.commitSync(Map.of(EVENTS, new OffsetAndMetadata(1)));
            }
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            assertThat(broker.port()).isNotEqualTo(port);
            assertThat(broker.startTime()).isLessThan(Duration.ofSeconds(5));
            assertThat(clusterId(broker)).isEqualTo(clusterId);
            assertThat(read(broker, 1)).containsExactly("kept");
            try (KafkaConsumer<String, String> consumer = consumer(broker)) {
                assertThat(consumer.committed(Collections.singleton(EVENTS)))
                        .containsEntry(EVENTS, new OffsetAndMetadata(1));
            }
            // The producer's id survives as well: its next transaction follows the last one.
            try (KafkaProducer<String, String> producer = producer(broker)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("events", "after"));
                producer.commitTransaction();
            }
            assertThat(read(broker, 2)).containsExactly("kept", "after");
        }
    }

    @Test
    void shouldComeBackSoonWithWhatWasCommittedTheMomentBeforeItsProcessWasKilled() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProcess.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(KilledProcess.EXIT_CODE);

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            // Left to itself Kafka waits for the nine seconds of the killed broker's session first.
            assertThat(broker.startTime()).isLessThan(Duration.ofSeconds(9));
            assertThat(read(broker, 1)).containsExactly("kept");
        }
    }

    /** A process of its own that runs a broker, commits one record to it, and dies. */
    static final class KilledProcess {
        static final int EXIT_CODE = 9;

        private KilledProcess() {}

        public static void main(String[] args) throws Exception {
            try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), 0)) {
                createTopic(broker);
                try (KafkaProducer<String, String> producer = producer(broker)) {
                    producer.initTransactions();
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("events", "kept"));
                    producer.commitTransaction();
                    // Neither a hook nor a finally block runs after this, and the markers have hardly been written.
                    Runtime.getRuntime().halt(EXIT_CODE);
                }
            }
        }
    }

    @Test
    void shouldStartAfterItsProcessWasKilledBeforeItWasReady() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            createTopic(broker);
        }
        Files.delete(folder.resolve("broker").resolve(".kafka_cleanshutdown"));

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            assertThat(read(broker, 0)).isEmpty();
        }
    }

    @Test
    void shouldLeaveNothingBehindThatKeepsAProcessAliveWhenItIsNotReadyInTime() throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UnreadyProcess.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("ended: %s", Files.readString(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(output))
                .contains(
                        "did not start: not ready within 0.0 s; give it more of the processor or a faster disk, and try"
                                + " again")
                .contains(UnreadyProcess.DONE);
    }

    /**
     * A process that breaks off the start of brokers at several moments, starts others on their folders, and ends by what it
     * was told of a broken off one.
     */
    static final class UnreadyProcess {
        static final String DONE = "each folder could be used again";

        private UnreadyProcess() {}

        public static void main(String[] args) {
            Path folder = Path.of(args[0]);
            long millis;
            try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("usual"), 0)) {
                millis = broker.startTime().toMillis();
            }
            EmbeddedBrokerException last = null;
            // The second start of a process takes about a third of the time of its first one.
            for (int moment = 0; moment < 6; moment++) {
                Path data = folder.resolve("data-" + moment);
                try {
                    EmbeddedBroker.start(data, 0, Map.of(), Duration.ofMillis(millis * moment / 16))
                            .close();
                } catch (EmbeddedBrokerException e) {
                    System.out.println(e.getMessage());
                    last = e;
                }
                EmbeddedBroker.start(data, 0).close();
            }
            System.out.println(DONE);
            if (last != null) {
                throw last;
            }
        }
    }

    @Test
    void shouldListenOnLoopbackAlone() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            List<Integer> ports = List.of(broker.port(), broker.controllerPort());

            assertThat(ports)
                    .allSatisfy(port -> assertThat(answers(InetAddress.getByName("127.0.0.1"), port))
                            .isTrue());
            for (InetAddress address : otherAddresses()) {
                assertThat(ports)
                        .allSatisfy(port -> assertThat(answers(address, port))
                                .as("%s:%s answers", address, port)
                                .isFalse());
            }
            try (Admin admin = admin(broker)) {
                assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                        .extracting(Node::host, Node::port)
                        .containsExactly(org.assertj.core.groups.Tuple.tuple("127.0.0.1", broker.port()));
            }
        }
    }

    @Test
    void shouldStartOnAGivenPortAndRefuseItWhileItIsTaken() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();

            assertThatThrownBy(() -> EmbeddedBroker.start(folder, port).close())
                    .isInstanceOf(EmbeddedBrokerException.class)
                    .hasMessageContaining(String.valueOf(port))
                    .hasMessageContaining("choose another one");
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, port)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
        }
    }

    @Test
    void shouldRefuseAFolderInUseAndLeaveItsBrokerAlone() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0).close())
                    .isInstanceOf(EmbeddedBrokerException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("choose another folder");

            createTopic(broker);
        }
    }

    @Test
    void shouldSayWhyKafkaGaveUpAndStartOnceItIsMended() throws Exception {
        // given: something in Kafka's folder on which it ends the JVM
        Path foreign = Files.createDirectories(folder.resolve("broker").resolve("holiday pictures"));

        assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0).close())
                .isInstanceOf(EmbeddedBrokerException.class)
                .hasMessageContaining("a fatal fault, which Kafka has logged")
                .hasMessageContaining(folder.toString());
        assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0, Map.of("num.io.threads", "many"))
                        .close())
                .isInstanceOf(EmbeddedBrokerException.class)
                .hasMessageContaining("num.io.threads");

        Files.delete(foreign);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            createTopic(broker);
        }
    }

    @Test
    void shouldCloseTwice() {
        EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);

        broker.close();
        broker.close();

        assertThat(answers(InetAddress.getLoopbackAddress(), broker.port())).isFalse();
    }

    private static boolean answers(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Addresses that reach this machine and that only a listener on all interfaces would answer. */
    private static List<InetAddress> otherAddresses() throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        addresses.add(InetAddress.getByName("127.0.0.2"));
        addresses.add(InetAddress.getByName("::1"));
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(addresses::add);
        return addresses;
    }

    private static void createTopic(EmbeddedBroker broker) {
        try (Admin admin = admin(broker)) {
            TestBroker.create(admin, new NewTopic("events", 1, (short) 1));
        }
    }

    private static String clusterId(EmbeddedBroker broker) throws Exception {
        try (Admin admin = admin(broker)) {
            return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(EmbeddedBroker broker, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(EVENTS));
            consumer.seekToBeginning(List.of(EVENTS));
            // Not up to the end of the partition: what was just committed may not have its marker yet.
            Await.until(
                    Duration.ofSeconds(30),
                    () -> {
                        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
                            values.add(each.value());
                        }
                        return values.size() >= count;
                    },
                    count + " records in events");
        }
        return values;
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static KafkaProducer<String, String> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "writer"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedBroker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "readers",
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}

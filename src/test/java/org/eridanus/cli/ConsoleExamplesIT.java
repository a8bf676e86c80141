package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.eridanus.testing.BrokerProvider;
import org.eridanus.testing.ContainerServer;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines for kcat and for Kafka's console tools that README shows, as they stand there but for address and topic. */
class ConsoleExamplesIT {
    private static final int PARTITIONS = 4;
    private static final long PATIENCE_SECONDS = 60;
    /** Where a container's broker is for those inside. */
    private static final String INSIDE = "localhost:9093";

    @TempDir
    private Path folder;

    @Test
    void shouldReadAndWriteByKcat() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "kcat")));
        assumeTrue(there, "README's lines for kcat are not tested: kcat must be on PATH");
        TestBroker broker = TestBroker.shared();
        String prefix = TestBroker.uniqueName("kcat") + ".";
        createTopics(broker, prefix);
        List<String> reading = lines("kcat -C ");
        List<String> writing = lines("echo .* \\| kcat .*");
        assertThat(reading).hasSize(1);
        assertThat(writing).hasSize(2);

        for (String line : writing) {
            shell(line.replace("127.0.0.1:PORT", broker.bootstrapServers()).replace("-t ", "-t " + prefix));
        }
        String list = "{\"user\":\"196\"}";
        publish(broker, prefix, list);
        String read = shell(reading.get(0)
                .replace("127.0.0.1:PORT", broker.bootstrapServers())
                .replace("-t ", "-t " + prefix)
                .replace("-o end", "-o beginning -c 1 -q"));

        assertThat(read.strip()).isEqualTo(list);
        assertWritten(broker, prefix);
    }

    @Test
    void shouldReadAndWriteByKafkasConsole() throws Exception {
        BrokerProvider.CONTAINER.assume();
        ContainerServer server = new ContainerServer();
        try (TestBroker broker = new TestBroker(server)) {
            createTopics(broker, "");
            List<String> reading = lines("kafka-console-consumer ");
            List<String> writing = lines("echo .* \\| kafka-console-producer .*");
            assertThat(reading).hasSize(1);
            assertThat(writing).hasSize(2);

            for (String line : writing) {
                server.run("bash", "-c", inside(line));
            }
            String list = "{\"user\":\"196\"}";
            publish(broker, "", list);
            String read = server.run(
                    "bash", "-c", inside(reading.get(0)) + " --from-beginning --max-messages 1 --timeout-ms 30000");

            assertThat(read.lines()).contains(list);
            assertWritten(broker, "");
        }
    }

    private static String inside(String line) {
        return line.replace("127.0.0.1:PORT", INSIDE).replaceAll("(kafka-console-\\w+)", "/opt/kafka/bin/$1.sh");
    }

    /** README's lines that begin so. */
    private static List<String> lines(String start) throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.matches(start + ".*"))
                .toList();
    }

    private static void createTopics(TestBroker broker, String prefix) {
        Stream.of(Topics.INTERACTIONS, Topics.RECOMMENDATION_REQUESTS, Topics.RECOMMENDATIONS)
                .forEach(topic -> broker.create(new NewTopic(prefix + topic, PARTITIONS, (short) 1)));
    }

    private static void publish(TestBroker broker, String prefix, String list) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                            prefix + Topics.RECOMMENDATIONS, "196".getBytes(UTF_8), list.getBytes(UTF_8)))
                    .get();
        }
    }

    /** An event and a request, each in the partition in which Kafka's own clients put the user. */
    private static void assertWritten(TestBroker broker, String prefix) {
        assertRecord(broker.read(prefix + Topics.INTERACTIONS), "{\"user\":\"196\",\"item\":\"50\",\"type\":\"view\"}");
        assertRecord(broker.read(prefix + Topics.RECOMMENDATION_REQUESTS), "{\"k\":5,\"exclude\":[\"50\"]}");
    }

    private static void assertRecord(List<ConsumerRecord<byte[], byte[]>> records, String value) {
        assertThat(records).hasSize(1);
        ConsumerRecord<byte[], byte[]> record = records.get(0);
        assertThat(new String(record.key(), UTF_8)).isEqualTo("196");
        assertThat(new String(record.value(), UTF_8)).isEqualTo(value);
        assertThat(record.partition()).isEqualTo(BuiltInPartitioner.partitionForKey(record.key(), PARTITIONS));
    }

    private String shell(String line) throws Exception {
        File out = folder.resolve("out.txt").toFile();
        File err = folder.resolve("err.txt").toFile();
        Process process = new ProcessBuilder("bash", "-c", line)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(line)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("%s: %s", line, Files.readString(err.toPath()))
                .isZero();
        return Files.readString(out.toPath());
    }
}

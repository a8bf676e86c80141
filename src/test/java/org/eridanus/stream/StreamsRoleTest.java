package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsRoleTest {
    @Test
    void shouldReplaceAThreadAfterWhatAnotherStartGetsOver() {
        assertThat(StreamsRole.mayPass(new StreamsException(new TimeoutException("no answer"))))
                .isTrue();
        assertThat(StreamsRole.mayPass(new StreamsException(new InvalidTxnStateException("ended by the broker"))))
                .isTrue();
        assertThat(StreamsRole.mayPass(new StreamsException(new UnknownServerException("a fault of the broker's"))))
                .isTrue();
        assertThat(StreamsRole.mayPass(new StreamsException(
                        "Error encountered trying to commit a transaction",
                        new KafkaException(
                                "Unhandled error in EndTxnResponse: The server experienced an unexpected error"
                                        + " when processing the request."))))
                .as("as the producer tells it")
                .isTrue();
        assertThat(
                        StreamsRole.mayPass(
                                new StreamsException(
                                        new KafkaException(
                                                "Unexpected error from SyncGroup: The coordinator is loading and hence can't process requests."))))
                .as("as the consumer tells of a broker that has just come back")
                .isTrue();
        assertThat(StreamsRole.mayPass(new MissingSourceTopicException("the broker has just started")))
                .isTrue();
    }

    @Test
    void shouldStopAfterWhatStaysAsItIs() {
        assertThat(StreamsRole.mayPass(new StreamsException(new TopicAuthorizationException("model"))))
                .isFalse();
        assertThat(StreamsRole.mayPass(new IllegalStateException("a bug"))).isFalse();
        assertThat(StreamsRole.mayPass(new KafkaException("Failed to construct kafka producer")))
                .isFalse();
        assertThat(StreamsRole.mayPass(
                        new KafkaException("Unexpected error from SyncGroup: Group authorization failed.")))
                .isFalse();
    }

    @Test
    void shouldNotTakeDamageForAFaultThatPasses() {
        KafkaException damage = new KafkaException(
                "Received exception when fetching the next record from model-0. If needed, please seek past the record to"
                        + " continue consumption.",
                new CorruptRecordException("Found record size 0 smaller than minimum record overhead (14)."));

        assertThat(StreamsRole.mayPass(new StreamsException(damage))).isFalse();
        assertThat(StreamsRole.reason(new StreamsException(damage)))
                .startsWith("a topic is damaged on the broker's disk: ")
                .contains("model-0")
                .contains("Found record size 0")
                .doesNotContain("please seek past the record")
                .contains("bring the partition back from a replica or a copy");
    }

    @Test
    void shouldSayWhatToDoAboutWhatItKnows() {
        assertThat(StreamsRole.reason(new StreamsException(new FencedInstanceIdException("fenced"))))
                .contains("give every instance a state folder of its own");
        assertThat(StreamsRole.reason(new MissingSourceTopicException("gone"))).contains("create the topics again");
        assertThat(StreamsRole.reason(new StreamsException(new TopicAuthorizationException("model"))))
                .contains("Kafka does not allow it: ")
                .contains("eridanus topics acls");
        assertThat(StreamsRole.reason(new StreamsException(new InvalidTimestampException("out of range"))))
                .contains("set this machine's clock and the broker's right");
        assertThat(StreamsRole.reason(new StreamsException(new RecordTooLargeException("2 MB"))))
                .contains("raise max.message.bytes");
        assertThat(StreamsRole.reason(new StreamsException(new IOException("No space left on device"))))
                .contains("the disk of the state folder is full");
        assertThat(StreamsRole.reason(new StreamsException(new TimeoutException("no answer"))))
                .contains("look after the broker");
    }

    @Test
    void shouldRefuseAStateFolderThatIsNone(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        StreamsSettings settings = StreamsSettings.of("127.0.0.1:1", file);
        Topology topology =
                new Topology().addSource("source", new StringDeserializer(), new StringDeserializer(), "topic");

        assertThatThrownBy(() -> new StreamsRole(Role.SCORER, topology, settings))
                .isInstanceOf(RoleException.class)
                .hasMessageContaining("the state folder must be writable, got " + file);
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.testing.BrokerProvider;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What Eridanus relies on of a broker, on the embedded one and on one in a container of Kafka's image. */
@ParameterizedClass(name = "{0}")
@EnumSource
class BrokerIT {
    private final BrokerProvider provider;

    @TempDir
    private Path folder;

    BrokerIT(BrokerProvider provider) {
        this.provider = provider;
    }

    @BeforeEach
    void assumeBroker() {
        provider.assume();
    }

    @Test
    void shouldShowReadersWhatWasCommittedAlone() {
        TestBroker broker = TestBroker.shared(provider);
        String topic = TestBroker.uniqueName("committed");
        broker.create(new NewTopic(topic, 1, (short) 1));
        try (KafkaProducer<byte[], byte[]> producer =
                broker.producer(Map.of("transactional.id", TestBroker.uniqueName("writer")))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "aborted".getBytes(UTF_8)));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "committed".getBytes(UTF_8)));
            producer.commitTransaction();
        }

        assertThat(broker.read(topic))
                .extracting(each -> new String(each.value(), UTF_8))
                .containsExactly("committed");
    }

    @Test
    void shouldAccountForEveryEvent() throws Exception {
        EventsOnBroker.accountForAll(TestBroker.shared(provider), folder, () -> {});
    }

    @Test
    void shouldLoseNothingWhenTheBrokerIsRestartedMidStream() throws Exception {
        try (TestBroker broker = TestBroker.start(provider)) {
            EventsOnBroker.accountForAll(broker, folder, broker::restart);
        }
    }
}

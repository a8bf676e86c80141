package org.eridanus.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {

    @Test
    void shouldHaveFourPartitionsAndOneReplicaByDefault() {
        assertThat(TopicSettings.DEFAULT).isEqualTo(new TopicSettings(4, 1, TopicNames.PLAIN));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, '', topics.partitions must be 1..1000",
        "1001, 1, '', topics.partitions must be 1..1000",
        "4, 0, '', topics.replication must be at least 1",
        "4, 1, 'my shop', topics.prefix must be"
    })
    void shouldRefuseWhatKafkaWouldNotTake(int partitions, int replication, String prefix, String message) {
        assertThatThrownBy(() -> new TopicSettings(partitions, replication, new TopicNames(prefix)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

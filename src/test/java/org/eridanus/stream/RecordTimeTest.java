package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTimeTest {
    private final RecordTime recordTime = new RecordTime();

    @Test
    void shouldTakeTheRecordsOwnTime() {
        assertThat(recordTime.extract(at(5), 900)).isEqualTo(5);
        assertThat(recordTime.extract(at(0), 900)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"900, 900", "-1, 0"})
    void shouldTakeThePartitionsTimeWhereTheRecordHasNone(long partitionTime, long expected) {
        assertThat(recordTime.extract(at(-1), partitionTime)).isEqualTo(expected);
    }

    private static ConsumerRecord<Object, Object> at(long timestamp) {
        return new ConsumerRecord<>(
                "interactions",
                0,
                0,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                "k",
                "v",
                new RecordHeaders(),
                Optional.empty());
    }
}

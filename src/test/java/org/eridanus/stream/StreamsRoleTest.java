package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class StreamsRoleTest {
    @Test
    void shouldReplaceAThreadAfterWhatAnotherStartGetsOver() {
        assertThat(StreamsRole.mayPass(new StreamsException(new TimeoutException("no answer"))))
                .isTrue();
        assertThat(StreamsRole.mayPass(new StreamsException(new InvalidTxnStateException("ended by the broker"))))
                .isTrue();
    }

    @Test
    void shouldStopAfterWhatStaysAsItIs() {
        assertThat(StreamsRole.mayPass(new StreamsException(new TopicAuthorizationException("model"))))
                .isFalse();
        assertThat(StreamsRole.mayPass(new IllegalStateException("a bug"))).isFalse();
    }
}

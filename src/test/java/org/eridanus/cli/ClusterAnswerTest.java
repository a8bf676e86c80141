package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class ClusterAnswerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String RULE = "the cluster must tell of the group g";

    private final KafkaFutureImpl<String> future = new KafkaFutureImpl<>();

    @Test
    void shouldGiveTheAnswer() {
        KafkaFuture<String> answered = KafkaFuture.completedFuture("yes");

        assertThat(ClusterAnswer.of(answered, LONG, RULE)).isEqualTo("yes");
        assertThat(ClusterAnswer.ofGroup(answered, LONG, RULE)).contains("yes");
    }

    @Test
    void shouldSayWhatTheClusterRefusesAndWhy() {
        future.completeExceptionally(GroupAuthorizationException.forGroupId("g"));

        for (Runnable question : questions(LONG)) {
            assertThatThrownBy(question::run)
                    .isInstanceOf(KafkaException.class)
                    .hasMessageStartingWith(RULE + ": org.apache.kafka.common.errors.GroupAuthorizationException");
        }
    }

    @Test
    void shouldTakeAMissingGroupForAnAnswerWhereAGroupIsAskedAbout() {
        future.completeExceptionally(new GroupIdNotFoundException("no g"));

        assertThat(ClusterAnswer.ofGroup(future, LONG, RULE)).isEmpty();
        assertThatThrownBy(() -> ClusterAnswer.of(future, LONG, RULE)).hasMessageContaining("no g");
    }

    @Test
    void shouldNotWaitForEver() {
        for (Runnable question : questions(Duration.ofMillis(1))) {
            assertThatThrownBy(question::run)
                    .isInstanceOf(KafkaException.class)
                    .hasMessage("the cluster did not answer within 0 s");
        }
    }

    private Runnable[] questions(Duration patience) {
        return new Runnable[] {
            () -> ClusterAnswer.of(future, patience, RULE), () -> ClusterAnswer.ofGroup(future, patience, RULE)
        };
    }
}

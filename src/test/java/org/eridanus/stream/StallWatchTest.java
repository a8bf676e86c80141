package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.testing.TestMetrics;
import org.junit.jupiter.api.Test;

class StallWatchTest {
    private static final TopicPartition LOG = new TopicPartition("training-log", 0);
    private static final TopicPartition MODEL = new TopicPartition("model", 0);
    private static final String MAIN = "eridanus-trainer-StreamThread-1-consumer";

    private final AtomicLong nanos = new AtomicLong(7);
    private final StallWatch watch = new StallWatch(Set.of("training-log", "model"), 200, nanos::get);
    private final Map<MetricName, Metric> metrics = new HashMap<>();

    @Test
    void shouldFindAConsumerThatStandsInFrontOfRecords() {
        stands(MAIN, LOG, 40, 2);
        stands("eridanus-scorer-global-consumer", MODEL, 0, 1);

        assertThat(watch.look(metrics)).isEmpty();
        pass(StallWatch.PATIENCE.minusSeconds(1));
        assertThat(watch.look(metrics)).isEmpty();
        stands(MAIN, LOG, 40, 900);
        pass(Duration.ofSeconds(1));
        assertThat(watch.look(metrics))
                .as("whatever is produced meanwhile")
                .containsExactlyInAnyOrderEntriesOf(Map.of(LOG, 40L, MODEL, 0L));
    }

    @Test
    void shouldCountAnewWhereTheConsumerGoesOn() {
        stands(MAIN, LOG, 40, 2);
        watch.look(metrics);
        pass(StallWatch.PATIENCE);

        stands(MAIN, LOG, 41, 1);
        assertThat(watch.look(metrics)).as("it has read a record").isEmpty();
        pass(StallWatch.PATIENCE);
        stands(MAIN, LOG, 41, 0);
        assertThat(watch.look(metrics)).as("it is at the end").isEmpty();
        stands(MAIN, LOG, 41, 1);
        assertThat(watch.look(metrics)).as("there is something new").isEmpty();
        pass(StallWatch.PATIENCE);
        watch.forget();
        assertThat(watch.look(metrics)).as("after a rebalance").isEmpty();
    }

    @Test
    void shouldPassOverWhatIsNoInput() {
        stands("eridanus-trainer-StreamThread-1-restore-consumer", LOG, 40, 2);
        stands(MAIN, new TopicPartition("another", 0), 40, 2);
        stands(MAIN, MODEL, Double.NaN, Double.NaN);

        watch.look(metrics);
        pass(StallWatch.PATIENCE);

        assertThat(watch.look(metrics)).isEmpty();
    }

    @Test
    void shouldTellStandingStillFromWaiting() {
        Map<TopicPartition, Long> leads = Map.of(LOG, 40L);
        Map<TopicPartition, Long> firsts = Map.of(LOG, 1_000L);

        assertThat(watch.behind(leads, firsts, Map.of(LOG, 1_050L), Map.of(LOG, 1_038L)))
                .as("marks of transactions stand between what is committed and what comes next")
                .containsExactly(Map.entry(LOG, 1_040L));
        assertThat(watch.behind(leads, firsts, Map.of(LOG, 1_050L), Map.of()))
                .as("nothing was committed yet, or never is")
                .containsExactly(Map.entry(LOG, 1_040L));
        assertThat(watch.behind(leads, firsts, Map.of(LOG, 1_040L), Map.of(LOG, 1_038L)))
                .as("what comes next is not committed")
                .isEmpty();
        assertThat(watch.behind(leads, firsts, Map.of(LOG, 1_050L), Map.of(LOG, 1_040L - 200)))
                .as("Kafka Streams would take more")
                .containsExactly(Map.entry(LOG, 1_040L));
        assertThat(watch.behind(leads, firsts, Map.of(LOG, 1_050L), Map.of(LOG, 1_040L - 201)))
                .as("Kafka Streams has as much as it buffers")
                .isEmpty();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void stands(String client, TopicPartition partition, double lead, double lag) {
        put(client, partition, "records-lead", lead);
        put(client, partition, "records-lag", lag);
    }

    private void put(String client, TopicPartition partition, String name, double value) {
        MetricName key = new MetricName(
                name,
                "consumer-fetch-manager-metrics",
                "",
                Map.of(
                        "client-id",
                        client,
                        "topic",
                        partition.topic(),
                        "partition",
                        Integer.toString(partition.partition())));
        metrics.put(key, TestMetrics.of(key, value));
    }
}

package org.eridanus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.eridanus.metrics.KafkaMeters.RoleFigures;
import org.eridanus.testing.TestMetrics;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {
    private final RoleFigures figures = new RoleFigures();
    private final Map<MetricName, org.apache.kafka.common.Metric> threads = new HashMap<>();

    @Test
    void shouldSumUpWhatThreadsCountAndNotFallWhenOneIsReplaced() {
        thread("1", "process-total", 100);
        thread("2", "process-total", 50);
        figures.take(threads);
        double both = figures.total(Metric.PROCESSED);

        threads.remove(name("stream-thread-metrics", "process-total", "2"));
        thread("1", "process-total", 110);
        figures.take(threads);
        double oneEnded = figures.total(Metric.PROCESSED);
        thread("2", "process-total", 5);
        figures.take(threads);
        double replaced = figures.total(Metric.PROCESSED);
        thread("2", "process-total", 3);
        figures.take(threads);

        assertThat(both).isEqualTo(100 + 50);
        assertThat(oneEnded).isEqualTo(110 + 50);
        assertThat(replaced).isEqualTo(110 + 50 + 5);
        assertThat(figures.total(Metric.PROCESSED))
                .as("replaced between two looks")
                .isEqualTo(110 + 50 + 5 + 3);
    }

    @Test
    void shouldShowTheBusiestThread() {
        thread("1", "process-ratio", .2);
        thread("1", "poll-ratio", .7);
        thread("2", "process-ratio", .9);
        thread("2", "poll-ratio", .05);
        thread("3", "process-ratio", Double.NaN);
        figures.take(threads);

        assertThat(figures.figure(Metric.PROCESS_RATIO)).isEqualTo(.9);
        assertThat(figures.figure(Metric.POLL_RATIO)).isEqualTo(.05);

        threads.clear();
        figures.take(threads);

        assertThat(figures.figure(Metric.PROCESS_RATIO)).isNaN();
    }

    @Test
    void shouldLeaveOutConsumersThatRestore() {
        put("consumer-metrics", "last-poll-seconds-ago", "scorer-StreamThread-1-consumer", 2);
        put("consumer-metrics", "last-poll-seconds-ago", "scorer-StreamThread-1-restore-consumer", 900);
        figures.take(threads);

        assertThat(figures.figure(Metric.SINCE_POLL)).isEqualTo(2);
    }

    private void thread(String thread, String name, double value) {
        put("stream-thread-metrics", name, thread, value);
    }

    private void put(String group, String name, String client, double value) {
        MetricName key = name(group, name, client);
        threads.put(key, TestMetrics.of(key, value));
    }

    private static MetricName name(String group, String name, String client) {
        return new MetricName(name, group, "", Map.of(group.startsWith("stream") ? "thread-id" : "client-id", client));
    }
}

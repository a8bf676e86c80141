package org.eridanus.testing;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;

/** Meters of Kafka's clients with values that a test says. */
public final class TestMetrics {
    private TestMetrics() {}

    /** A meter that has this value. */
    public static KafkaMetric of(MetricName name, double value) {
        return new KafkaMetric(
                new Object(), name, (Gauge<Double>) (config, now) -> value, new MetricConfig(), Time.SYSTEM);
    }
}

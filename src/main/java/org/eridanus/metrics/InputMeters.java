package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Rejection;

/** Counts the records that people send to one role, by topic, and by reason where they were rejected. */
final class InputMeters {
    private final Map<String, Counter> accepted = new HashMap<>();
    private final Map<String, Map<Rejection.Reason, Counter>> rejected = new HashMap<>();

    InputMeters(MeterRegistry registry, List<String> topics) {
        for (String topic : topics) {
            accepted.put(topic, Metric.INPUT_ACCEPTED.counter(registry, topic));
            Map<Rejection.Reason, Counter> reasons = new EnumMap<>(Rejection.Reason.class);
            for (Rejection.Reason reason : Rejection.Reason.values()) {
                reasons.put(reason, Metric.INPUT_REJECTED.counter(registry, topic, reason.label()));
            }
            rejected.put(topic, reasons);
        }
    }

    void accepted(String topic) {
        of(accepted, topic).increment();
    }

    void rejected(String topic, Rejection.Reason reason) {
        of(of(rejected, topic), reason).increment();
    }

    private static <K, V> V of(Map<K, V> meters, K key) {
        V meter = meters.get(key);
        if (meter == null) {
            throw new IllegalArgumentException("no meter for " + key + "; known are " + meters.keySet());
        }
        return meter;
    }
}

package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.stream.Role;

/**
 * Meters of the roles on Kafka: those that Kafka Streams and its clients bring and the {@linkplain
 * Metric table} names, and what is summed up of them here.
 *
 * <p>Threading: {@link #bind} and {@link #close} by one thread at a time, {@link #refresh} by any.
 */
final class KafkaMeters implements AutoCloseable {
    /** Partitions with a series of their own; the others are summed as {@value #OTHER}. */
    static final int PARTITIONS = 16;

    static final String OTHER = "other";

    private final MeterRegistry registry;
    private final MultiGauge lags;
    private final MultiGauge restoring;
    private final Map<Role, KafkaStreams> roles = new TreeMap<>();
    private final List<KafkaStreamsMetrics> bound = new ArrayList<>();

    /** A partition whose lag has a series. */
    private record Series(Role role, String topic, String partition) {
        Tags tags() {
            return Metric.INPUT_LAG.tags(role.label(), topic, partition);
        }
    }

    KafkaMeters(MeterRegistry registry) {
        this.registry = registry;
        lags = Metric.INPUT_LAG.gauges(registry);
        restoring = Metric.RESTORE_REMAINING.gauges(registry);
    }

    /** Registers the meters of a role. */
    synchronized void bind(Role role, KafkaStreams streams) {
        Metric.ROLE_RUNNING.gauge(
                registry, streams, each -> each.state() == KafkaStreams.State.RUNNING ? 1 : 0, role.label());
        // Micrometer takes a meter with fewer tags than Kafka's metric has for an outdated one and removes it, and the
        // table leaves tags out. Between it and the registry, a registry for each role keeps meters with all their
        // tags.
        CompositeMeterRegistry whole = new CompositeMeterRegistry();
        whole.add(registry);
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams, Tags.of("role", role.label()));
        metrics.bindTo(whole);
        bound.add(metrics);
        roles.put(role, streams);
    }

    /** Looks again at what partitions and stores there are, and how far behind they are. */
    synchronized void refresh() {
        Map<Series, Double> lag = new HashMap<>();
        List<MultiGauge.Row<?>> remaining = new ArrayList<>();
        roles.forEach((role, streams) -> {
            double records = 0;
            for (org.apache.kafka.common.Metric metric : streams.metrics().values()) {
                MetricName name = metric.metricName();
                if (isLagOfPartition(name)) {
                    Series series = new Series(role, name.tags().getOrDefault("topic", OTHER), partition(name));
                    lag.merge(series, value(metric), Double::sum);
                } else if (name.name().equals("restore-remaining-records-total")) {
                    records += value(metric);
                }
            }
            remaining.add(MultiGauge.Row.of(Metric.RESTORE_REMAINING.tags(role.label()), records));
        });
        lags.register(
                lag.entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                                each -> MultiGauge.Row.of(each.getKey().tags(), each.getValue()))
                        .toList(),
                true);
        restoring.register(remaining, true);
    }

    private static double value(org.apache.kafka.common.Metric metric) {
        return metric.metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())
                ? number.doubleValue()
                : 0;
    }

    private static String partition(MetricName name) {
        String partition = name.tags().getOrDefault("partition", OTHER);
        return partition.length() > 2 || Integer.parseInt(partition) >= PARTITIONS ? OTHER : partition;
    }

    private static boolean isLagOfPartition(MetricName name) {
        if (!name.group().equals("consumer-fetch-manager-metrics")
                || !name.name().equals("records-lag")) {
            return false;
        }
        String client = name.tags().getOrDefault("client-id", "");
        return !client.endsWith("-restore-consumer") && !client.endsWith("-global-consumer");
    }

    @Override
    public synchronized void close() {
        bound.forEach(KafkaStreamsMetrics::close);
        bound.clear();
        roles.clear();
    }
}

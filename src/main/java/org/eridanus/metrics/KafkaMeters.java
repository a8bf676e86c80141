package org.eridanus.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.stream.Role;

/**
 * Meters of the roles on Kafka. Kafka Streams and its clients have over 400 of each stream thread; those that the
 * {@linkplain Metric table} names are taken of all threads of a role together, so that there are as many however many
 * threads there are.
 *
 * <p>A counter is the sum of what its threads' counters have grown by: it does not fall when a thread is replaced. What a
 * thread counts between the last look, a second ago at most, and its end is missing from it.
 *
 * <p>Threading: {@link #bind} and {@link #close} by one thread at a time, {@link #refresh} by any.
 */
final class KafkaMeters implements AutoCloseable {
    /** Partitions with a series of their own; the others are summed as {@value #OTHER}. */
    static final int PARTITIONS = 8;

    static final String OTHER = "other";

    private static final String STREAMS = "stream-metrics";
    private static final String THREAD = "stream-thread-metrics";
    private static final String PRODUCER = "producer-metrics";
    private static final String CONSUMER = "consumer-metrics";
    private static final String COORDINATOR = "consumer-coordinator-metrics";

    private static final Map<String, Map<String, Source>> SOURCES = Stream.of(
                    new Source(Metric.STREAM_THREADS_ALIVE, STREAMS, "alive-stream-threads", Double::sum),
                    new Source(Metric.STREAM_THREADS_FAILED, STREAMS, "failed-stream-threads", Double::sum),
                    new Source(Metric.PROCESSED, THREAD, "process-total", Double::sum),
                    new Source(Metric.PROCESS_RATIO, THREAD, "process-ratio", Math::max),
                    new Source(Metric.PUNCTUATE_RATIO, THREAD, "punctuate-ratio", Math::max),
                    new Source(Metric.COMMIT_RATIO, THREAD, "commit-ratio", Math::max),
                    new Source(Metric.POLL_RATIO, THREAD, "poll-ratio", Math::min),
                    new Source(Metric.COMMITS, THREAD, "commit-total", Double::sum),
                    new Source(Metric.COMMIT_LATENCY_MAX, THREAD, "commit-latency-max", Math::max),
                    new Source(Metric.TRANSACTION_COMMIT_TIME, PRODUCER, "txn-commit-time-ns-total", Double::sum),
                    new Source(Metric.PRODUCER_BUFFER, PRODUCER, "buffer-available-bytes", Math::min),
                    new Source(Metric.SINCE_POLL, CONSUMER, "last-poll-seconds-ago", Math::max),
                    new Source(Metric.REBALANCES, COORDINATOR, "rebalance-total", Double::sum),
                    new Source(Metric.REBALANCES_FAILED, COORDINATOR, "failed-rebalance-total", Double::sum),
                    new Source(Metric.ASSIGNED_PARTITIONS, COORDINATOR, "assigned-partitions", Double::sum))
            .collect(Collectors.groupingBy(Source::group, Collectors.toMap(Source::name, each -> each)));

    private final MeterRegistry registry;
    private final MultiGauge lags;
    private final MultiGauge restoring;
    private final Map<Role, Bound> roles = new TreeMap<>();

    /**
     * Where a meter comes from.
     *
     * @param metric the meter
     * @param group Kafka's group of metrics
     * @param name Kafka's name, once in the group for each thread or client
     * @param together makes one figure of those of two threads
     */
    private record Source(Metric metric, String group, String name, DoubleBinaryOperator together) {
        boolean counts() {
            return metric.kind() == Metric.Kind.COUNTER;
        }
    }

    /** A partition whose lag has a series. */
    private record Series(Role role, String topic, String partition) {
        Tags tags() {
            return Metric.INPUT_LAG.tags(role.label(), topic, partition);
        }
    }

    /** A role whose meters are registered. */
    private record Bound(KafkaStreams streams, RoleFigures figures) {}

    /**
     * What is exported of one role, as it was at the last look.
     *
     * <p>Threading: written by one thread at a time, read by all.
     */
    static final class RoleFigures {
        private final Map<Metric, Double> figures = new ConcurrentHashMap<>();
        private Map<MetricName, Double> counted = new HashMap<>();

        /** NaN where no thread has one. */
        double figure(Metric metric) {
            return figures.getOrDefault(metric, Double.NaN);
        }

        /** The sum since the start. */
        double total(Metric metric) {
            return figures.getOrDefault(metric, 0.0);
        }

        /** Looks at the metrics of all threads and clients of the role. */
        void take(Map<MetricName, ? extends org.apache.kafka.common.Metric> metrics) {
            Map<Metric, Double> gauges = new EnumMap<>(Metric.class);
            Map<MetricName, Double> counts = new HashMap<>();
            metrics.forEach((name, metric) -> {
                Source source = SOURCES.getOrDefault(name.group(), Map.of()).get(name.name());
                if (source == null
                        || isOfRestoring(name)
                        || !(metric.metricValue() instanceof Number number)
                        || Double.isNaN(number.doubleValue())) {
                    return;
                }
                double value = number.doubleValue();
                if (source.counts()) {
                    counts.put(name, value);
                    double before = counted.getOrDefault(name, 0.0);
                    // A thread that takes another one's place counts from 0.
                    figures.merge(source.metric(), value >= before ? value - before : value, Double::sum);
                } else {
                    gauges.merge(source.metric(), value, source.together()::applyAsDouble);
                }
            });
            counted = counts;
            figures.keySet().removeIf(each -> each.kind() == Metric.Kind.GAUGE && !gauges.containsKey(each));
            figures.putAll(gauges);
        }
    }

    KafkaMeters(MeterRegistry registry) {
        this.registry = registry;
        lags = Metric.INPUT_LAG.gauges(registry);
        restoring = Metric.RESTORE_REMAINING.gauges(registry);
    }

    /**
     * Registers the meters of a role.
     *
     * @param stalled whether it gets no records although some are there
     */
    synchronized void bind(Role role, KafkaStreams streams, BooleanSupplier stalled) {
        Metric.ROLE_RUNNING.gauge(
                registry,
                streams,
                each -> each.state() == KafkaStreams.State.RUNNING && !stalled.getAsBoolean() ? 1 : 0,
                role.label());
        RoleFigures figures = new RoleFigures();
        SOURCES.values()
                .forEach(group -> group.values().forEach(source -> {
                    Metric metric = source.metric();
                    if (source.counts()) {
                        metric.total(registry, figures, each -> each.total(metric), role.label());
                    } else {
                        metric.gauge(registry, figures, each -> each.figure(metric), role.label());
                    }
                }));
        roles.put(role, new Bound(streams, figures));
    }

    /** Looks again at what threads, partitions and stores there are, what they have done and how far behind they are. */
    synchronized void refresh() {
        Map<Series, Double> lag = new HashMap<>();
        List<MultiGauge.Row<?>> remaining = new ArrayList<>();
        roles.forEach((role, bound) -> {
            Map<MetricName, ? extends org.apache.kafka.common.Metric> metrics =
                    bound.streams().metrics();
            bound.figures().take(metrics);
            double records = 0;
            for (org.apache.kafka.common.Metric metric : metrics.values()) {
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
        return !isOfRestoring(name) && !client(name).endsWith("-global-consumer");
    }

    private static boolean isOfRestoring(MetricName name) {
        return client(name).endsWith("-restore-consumer");
    }

    private static String client(MetricName name) {
        return name.tags().getOrDefault("client-id", "");
    }

    @Override
    public synchronized void close() {
        roles.clear();
    }
}

package org.eridanus.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Set;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.stream.Role;

/**
 * The meters of Kafka Streams and its clients that are worth a series. There are over 400 of one thread; those on the
 * list exist once a client or thread, never once a partition or topic.
 */
final class KafkaMeters {
    private static final String KAFKA = "kafka.";
    private static final Set<String> ALLOWED = Set.of(
            "kafka.stream.alive.stream.threads",
            "kafka.stream.failed.stream.threads",
            "kafka.stream.thread.process.rate",
            "kafka.stream.thread.process.latency.avg",
            "kafka.stream.thread.process.ratio",
            "kafka.stream.thread.commit.rate",
            "kafka.stream.thread.commit.latency.avg",
            "kafka.stream.thread.commit.latency.max",
            "kafka.stream.thread.commit.ratio",
            "kafka.stream.thread.poll.records.avg",
            "kafka.stream.thread.poll.ratio",
            "kafka.stream.thread.punctuate.latency.avg",
            "kafka.stream.thread.punctuate.ratio",
            "kafka.stream.thread.task.created.total",
            "kafka.stream.thread.task.closed.total",
            "kafka.consumer.coordinator.rebalance.total",
            "kafka.consumer.coordinator.failed.rebalance.total",
            "kafka.consumer.coordinator.last.rebalance.seconds.ago",
            "kafka.consumer.coordinator.assigned.partitions");

    private KafkaMeters() {}

    /** Lets those on the list pass, and everything that is not Kafka's. */
    static MeterFilter allowList() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return id.getName().startsWith(KAFKA) && !ALLOWED.contains(id.getName())
                        ? MeterFilterReply.DENY
                        : MeterFilterReply.NEUTRAL;
            }
        };
    }

    /** Registers the meters of a role; to be closed. */
    static KafkaStreamsMetrics bind(Role role, KafkaStreams streams, MeterRegistry registry) {
        Tags tags = Tags.of(Tag.of("role", role.label()));
        Gauge.builder("eridanus.input.lag", streams, KafkaMeters::lag)
                .description("Records that the role has not yet read, of all its partitions")
                .baseUnit("records")
                .tags(tags)
                .register(registry);
        Gauge.builder("eridanus.role.running", streams, each -> each.state() == KafkaStreams.State.RUNNING ? 1 : 0)
                .description("1 while the role runs, 0 while it starts, rebalances or has stopped")
                .tags(tags)
                .register(registry);
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams, tags);
        metrics.bindTo(registry);
        return metrics;
    }

    private static double lag(KafkaStreams streams) {
        return streams.metrics().values().stream()
                .filter(metric -> isLagOfPartition(metric.metricName()))
                .mapToDouble(metric -> metric.metricValue() instanceof Double value && !value.isNaN() ? value : 0)
                .sum();
    }

    private static boolean isLagOfPartition(MetricName name) {
        if (!name.group().equals("consumer-fetch-manager-metrics")
                || !name.name().equals("records-lag")) {
            return false;
        }
        String client = name.tags().getOrDefault("client-id", "");
        return !client.endsWith("-restore-consumer") && !client.endsWith("-global-consumer");
    }
}

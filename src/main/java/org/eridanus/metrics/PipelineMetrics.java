package org.eridanus.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.stream.Role;

/**
 * All meters of this process, in a registry that Prometheus can scrape: the JVM's from the start, the roles' as their
 * monitors are asked for, Kafka's as they are bound.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class PipelineMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Runnable> closing = new ArrayList<>();
    private final FeaturesMetrics features;
    private final TrainerMetrics trainer;
    private final ScorerMetrics scorer;

    /**
     * Registers the meters of the JVM and of all roles.
     *
     * @param clock tells how far behind a version is
     */
    public PipelineMetrics(Clock clock) {
        registry.config().meterFilter(KafkaMeters.allowList());
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(registry);
        closing.add(collections::close);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new ProcessMemory().bindTo(registry);
        features = new FeaturesMetrics(registry);
        trainer = new TrainerMetrics(registry, clock);
        scorer = new ScorerMetrics(registry);
    }

    /** The registry. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** The monitor of the features role. */
    public FeaturesMetrics features() {
        return features;
    }

    /** The monitor of the trainer role. */
    public TrainerMetrics trainer() {
        return trainer;
    }

    /** The monitor of the scorer role. */
    public ScorerMetrics scorer() {
        return scorer;
    }

    /** Registers Kafka's meters of a role, those on a short list. */
    public synchronized void bind(Role role, KafkaStreams streams) {
        closing.add(KafkaMeters.bind(role, streams, registry)::close);
    }

    @Override
    public synchronized void close() {
        closing.forEach(Runnable::run);
        closing.clear();
        registry.close();
    }
}

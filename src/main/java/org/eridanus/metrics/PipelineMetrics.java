package org.eridanus.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.recommend.ServedModel;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.stream.TrainerMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All meters of this process, in a registry that Prometheus can scrape: the JVM's from the start, the roles' as their
 * monitors are asked for, those of Kafka and of the served model as a pipeline is bound. Exactly those of the {@linkplain
 * Metric table}.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class PipelineMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineMetrics.class);
    private static final long REFRESH_MILLIS = 1_000;

    private final Clock clock;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final List<Runnable> refreshed = new CopyOnWriteArrayList<>();
    private final KafkaMeters kafka;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "metrics-refresh");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable FeaturesMetrics features;
    private @Nullable TrainerMetrics trainer;
    private @Nullable ScorerMetrics scorer;

    /**
     * Registers the meters of the JVM.
     *
     * @param clock tells how old models and events are
     */
    public PipelineMetrics(Clock clock) {
        this.clock = clock;
        registry.config().meterFilter(new TableFilter());
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(registry);
        JvmHeapPressureMetrics pressure = new JvmHeapPressureMetrics();
        pressure.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new ProcessMemory().bindTo(registry);
        new OffHeapMemory().bindTo(registry);
        kafka = new KafkaMeters(registry);
        closing.addAll(List.of(collections, pressure, kafka));
        refreshed.add(kafka::refresh);
        refresher.scheduleWithFixedDelay(this::refresh, REFRESH_MILLIS, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The registry. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Monitors of the roles that run here; their meters, and no others', are exported. */
    public PipelineSettings.Monitors monitors(Set<Role> roles) {
        return new PipelineSettings.Monitors(
                roles.contains(Role.FEATURES) ? features() : FeaturesMonitor.NONE,
                roles.contains(Role.TRAINER) ? trainer() : TrainerMonitor.NONE,
                roles.contains(Role.SCORER) ? scorer() : ScorerMonitor.NONE);
    }

    /** The monitor of the features role. */
    public synchronized FeaturesMetrics features() {
        FeaturesMetrics made = features;
        if (made == null) {
            made = new FeaturesMetrics(registry);
            features = made;
        }
        return made;
    }

    /** The monitor of the trainer role. */
    public synchronized TrainerMetrics trainer() {
        TrainerMetrics made = trainer;
        if (made == null) {
            made = new TrainerMetrics(registry, clock);
            trainer = made;
        }
        return made;
    }

    /** The monitor of the scorer role. */
    public synchronized ScorerMetrics scorer() {
        ScorerMetrics made = scorer;
        if (made == null) {
            made = new ScorerMetrics(registry, clock);
            scorer = made;
        }
        return made;
    }

    /** Registers Kafka's meters of the roles that run here, and those of the model that is served here. */
    public void bind(Pipeline pipeline) {
        for (Role role : pipeline.roles()) {
            pipeline.streams(role).ifPresent(streams -> kafka.bind(role, streams, () -> pipeline.stalled(role)));
        }
        pipeline.model().ifPresent(this::bind);
    }

    /** Registers Kafka's meters of a role by itself. */
    public void bind(Role role, KafkaStreams streams) {
        kafka.bind(role, streams, () -> false);
    }

    /** Registers the meters of a model that is served. */
    void bind(ServedModel model) {
        SizeWatch sizes = new SizeWatch(model);
        scorer().bind(model, sizes);
        refreshed.add(sizes::refresh);
    }

    /** Looks again at what is too expensive, or too changeable, for every scrape; this happens by itself every second. */
    void refresh() {
        for (Runnable each : refreshed) {
            try {
                each.run();
            } catch (RuntimeException e) {
                // The next look may succeed; a thread that gave up would freeze the figures.
                LOG.warn("meters cannot be refreshed: {}", e.toString());
            }
        }
    }

    @Override
    public synchronized void close() {
        refresher.shutdownNow();
        for (AutoCloseable each : closing) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.warn("meters cannot be closed: {}", e.toString());
            }
        }
        closing.clear();
        registry.close();
    }
}

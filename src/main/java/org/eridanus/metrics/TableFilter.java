package org.eridanus.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lets only meters of the {@linkplain Metric table} pass, each with the labels and the meaning it has there. Libraries bring
 * their own, with labels of their own.
 */
final class TableFilter implements MeterFilter {
    private static final double NANOS = 1e9;

    private static final Map<String, Metric> BY_NAME =
            Arrays.stream(Metric.values()).collect(Collectors.toMap(Metric::meter, Function.identity()));

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        return BY_NAME.containsKey(id.getName()) ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        Metric metric = BY_NAME.get(id.getName());
        if (metric == null) {
            return id;
        }
        List<Tag> tags = id.getTags().stream()
                .filter(tag -> metric.labels().contains(tag.getKey()))
                .toList();
        return new Meter.Id(id.getName(), Tags.of(tags), metric.unit().orElse(null), metric.meaning(), id.getType());
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        Metric metric = BY_NAME.get(id.getName());
        if (metric == null || metric.bounds().isEmpty()) {
            return config;
        }
        double scale = id.getType() == Meter.Type.TIMER ? NANOS : 1.0;
        return DistributionStatisticConfig.builder()
                .serviceLevelObjectives(metric.bounds().stream()
                        .mapToDouble(bound -> Math.rint(bound * scale))
                        .toArray())
                .build()
                .merge(config);
    }
}

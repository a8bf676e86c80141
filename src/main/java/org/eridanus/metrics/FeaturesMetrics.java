package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import org.eridanus.event.Rejection;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.topic.Topics;

/** Meters of the features role. */
public final class FeaturesMetrics implements FeaturesMonitor {
    private final InputMeters input;
    private final Timer enriched;
    private final Counter unknownUser;
    private final Counter unknownItem;
    private final Counter repeat;
    private final Counter seenSetDrops;
    private final Counter forgottenUsers;
    private final Counter evictedUsers;
    private final Counter ticks;

    /** Registers the meters. */
    FeaturesMetrics(MeterRegistry registry) {
        input = new InputMeters(
                registry, List.of(Topics.INTERACTIONS, Topics.USERS, Topics.ITEMS, Topics.MODEL_CONTROL));
        enriched = Metric.FRESHNESS.timer(registry, "enriched");
        unknownUser = Metric.UNUSUAL.counter(registry, "unknown-user");
        unknownItem = Metric.UNUSUAL.counter(registry, "unknown-item");
        repeat = Metric.UNUSUAL.counter(registry, "repeat");
        seenSetDrops = Metric.FEATURES_SEEN_DROPPED.counter(registry);
        forgottenUsers = Metric.FORGOTTEN_USERS.counter(registry);
        evictedUsers = Metric.EVICTED_USERS.counter(registry);
        ticks = Metric.TICKS.counter(registry);
    }

    @Override
    public void accepted(String topic) {
        input.accepted(topic);
    }

    @Override
    public void rejected(String topic, Rejection.Reason reason) {
        input.rejected(topic, reason);
    }

    @Override
    public void enriched(long age) {
        enriched.record(Duration.ofMillis(age));
    }

    @Override
    public void unknownUser() {
        unknownUser.increment();
    }

    @Override
    public void unknownItem() {
        unknownItem.increment();
    }

    @Override
    public void repeat() {
        repeat.increment();
    }

    @Override
    public void seenSetDropped() {
        seenSetDrops.increment();
    }

    @Override
    public void userForgotten() {
        forgottenUsers.increment();
    }

    @Override
    public void userEvicted() {
        evictedUsers.increment();
    }

    @Override
    public void ticked() {
        ticks.increment();
    }
}

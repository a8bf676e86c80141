package org.eridanus.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.eridanus.event.Rejection;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.topic.Topics;

/** Meters of the features role. */
public final class FeaturesMetrics implements FeaturesMonitor {
    private final InputMeters input;
    private final Counter unknownUser;
    private final Counter unknownItem;
    private final Counter repeat;
    private final Counter seenSetDrops;
    private final Counter forgottenUsers;
    private final Counter ticks;

    /** Registers the meters. */
    public FeaturesMetrics(MeterRegistry registry) {
        input = new InputMeters(
                registry, List.of(Topics.INTERACTIONS, Topics.USERS, Topics.ITEMS, Topics.MODEL_CONTROL));
        unknownUser = unusual(registry, "unknown-user");
        unknownItem = unusual(registry, "unknown-item");
        repeat = unusual(registry, "repeat");
        seenSetDrops = Counter.builder("eridanus.features.seen.dropped.items")
                .description("Items that full seen-sets of the features role have forgotten")
                .baseUnit("items")
                .register(registry);
        forgottenUsers = Counter.builder("eridanus.features.forgotten.users")
                .description("Users forgotten on request")
                .baseUnit("users")
                .register(registry);
        ticks = Counter.builder("eridanus.features.ticks")
                .description(
                        "Ticks written to the training log; with no other traffic they close the trainer's versions")
                .baseUnit("ticks")
                .register(registry);
    }

    private static Counter unusual(MeterRegistry registry, String kind) {
        return Counter.builder("eridanus.features.unusual.interactions")
                .description("Accepted interactions of a user without profile, with an item that is not announced,"
                        + " or with an item the user has met before")
                .baseUnit("interactions")
                .tag("kind", kind)
                .register(registry);
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
    public void ticked() {
        ticks.increment();
    }
}

package org.eridanus.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.model.Presets;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;

/** A small world's events on their way through all roles on a broker, and an account of what became of each. */
final class EventsOnBroker {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Dataset WORLD = SmallWorld.generate();

    private EventsOnBroker() {}

    /**
     * Publishes the world, does something after the first half of the events, and fails unless each event was read,
     * trained on, evaluated and covered by a list, once.
     *
     * @param folder for the state of the roles
     * @param midway what is done to the broker
     */
    static void accountForAll(TestBroker broker, Path folder, Runnable midway) throws Exception {
        accountForAll(broker, folder, new TopicNames(TestBroker.uniqueName("events") + "."), midway);
    }

    /** The same with given names of topics. */
    static void accountForAll(TestBroker broker, Path folder, TopicNames names, Runnable midway) throws Exception {
        try (Admin admin = broker.admin()) {
            new TopicApplier(admin, new TopicSettings(2, 1, names))
                    .apply(TopicFiles.onClassPath().load());
        }
        try (Pipeline pipeline = pipeline(broker, folder, names)) {
            pipeline.start();
            pipeline.awaitRunning(PATIENCE);
            Balance balance =
                    SmallWorld.replay(broker.bootstrapServers(), names, WORLD, () -> failIfStopped(pipeline), midway);

            SmallWorld.assertComplete(balance, WORLD);
        }
    }

    /** All roles with everything by default. */
    static Pipeline pipeline(TestBroker broker, Path folder, TopicNames names) {
        return Pipeline.of(
                PipelineSettings.of(Presets.online()).withTopics(names),
                StreamsSettings.of(broker.bootstrapServers(), folder).withPrefix(names.prefix()),
                Clock.systemUTC(),
                PipelineSettings.Monitors.NONE);
    }

    private static void failIfStopped(Pipeline pipeline) {
        if (pipeline.failure().isDone()) {
            throw new AssertionError("a role stopped", pipeline.failure().join());
        }
    }
}

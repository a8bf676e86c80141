package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.model.Presets;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.StreamsSettings;
import org.eridanus.testing.Await;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;

/** A small world's events on their way through all roles on a broker, and an account of what became of each. */
final class EventsOnBroker {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Dataset WORLD = SyntheticWorld.generate(
            SyntheticWorld.Settings.defaults().withSize(60, 150, 1_500).withClusters(6));

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
        try (Pipeline pipeline = pipeline(broker, folder, names);
                AccountingReader accounting = new AccountingReader(broker.bootstrapServers(), names, List.of());
                EventPublisher publisher = new EventPublisher(broker.bootstrapServers(), names)) {
            pipeline.start();
            accounting.start();
            WORLD.users().forEach(publisher::publish);
            WORLD.items().forEach(publisher::publish);
            publisher.flush();
            pipeline.awaitRunning(PATIENCE);
            Await.until(
                    PATIENCE,
                    () -> accounting.progress().announced() >= WORLD.items().size(),
                    "the announced items");

            List<Interaction> events = WORLD.interactions();
            int middle = events.size() / 2;
            Replay replay =
                    new Replay(publisher, accounting::progress, () -> failIfStopped(pipeline), 0, Screen.none());
            events.subList(0, middle).forEach(publisher::publish);
            publisher.flush();
            midway.run();
            replay.run(events.subList(middle, events.size()));
            Await.until(
                    PATIENCE,
                    () -> accounting.progress().read() >= events.size()
                            && accounting.progress().settled(),
                    "everything to settle");

            Balance balance = accounting.finish(PATIENCE).balance();
            assertThat(balance.violations()).isEmpty();
            assertThat(balance.read()).isEqualTo(events.size());
            assertThat(balance.trained()).isEqualTo(events.size());
            assertThat(balance.evaluated()).isEqualTo(events.size());
            assertThat(balance.covered()).isEqualTo(events.size());
        }
    }

    /** All roles with everything by default. */
    static Pipeline pipeline(TestBroker broker, Path folder, TopicNames names) {
        PipelineSettings preset = PipelineSettings.of(Presets.online());
        PipelineSettings settings = new PipelineSettings(
                preset.roles(),
                names,
                preset.model(),
                preset.schema(),
                preset.generation(),
                preset.feedback(),
                preset.limits(),
                preset.trainer(),
                preset.scorer());
        return Pipeline.of(
                settings,
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

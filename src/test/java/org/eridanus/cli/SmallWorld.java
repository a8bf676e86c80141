package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.model.ModelDefinition;
import org.eridanus.testing.Await;
import org.eridanus.topic.TopicNames;

/** A world that is small enough for tests, a demo's pipeline for it, and an account of what became of each event. */
final class SmallWorld {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private SmallWorld() {}

    /** 60 users, 150 items, 1500 interactions. */
    static Dataset generate() {
        return SyntheticWorld.generate(
                SyntheticWorld.Settings.defaults().withSize(60, 150, 1_500).withClusters(6));
    }

    /** Starts broker and pipeline with four partitions, as the demo does. */
    static LocalPipeline demo(Path folder) {
        return LocalPipeline.start(
                new DemoOptions(
                        ModelDefinition.ofPreset("online"),
                        0,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.of(0),
                        0,
                        4),
                folder);
    }

    /** Publishes users and items, and waits until they are known. */
    static void publishCatalogue(Dataset world, LocalPipeline pipeline, EventPublisher publisher) {
        world.users().forEach(publisher::publish);
        world.items().forEach(publisher::publish);
        publisher.flush();
        pipeline.awaitRunning(PATIENCE);
        Await.until(PATIENCE, () -> pipeline.knows(world.items()), "users and items known");
    }

    /**
     * Publishes everything, does something in the middle of the events, and accounts for all of them.
     *
     * @param check called often; throws if there is no point in going on
     */
    static Balance replay(String servers, TopicNames names, Dataset world, Runnable check, Runnable midway) {
        List<Interaction> interactions = world.interactions();
        try (AccountingReader accounting = new AccountingReader(servers, names, List.of());
                EventPublisher publisher = new EventPublisher(servers, names)) {
            accounting.start();
            world.users().forEach(publisher::publish);
            world.items().forEach(publisher::publish);
            publisher.flush();
            Await.until(
                    PATIENCE,
                    () -> accounting.progress().announced() >= world.items().size(),
                    "the announced items");
            Replay replay = new Replay(publisher, accounting::progress, check, 0, Screen.none());
            int middle = interactions.size() / 2;
            interactions.subList(0, middle).forEach(publisher::publish);
            publisher.flush();
            midway.run();
            replay.run(interactions.subList(middle, interactions.size()));
            Await.until(
                    PATIENCE,
                    () -> accounting.progress().read() >= interactions.size()
                            && accounting.progress().settled(),
                    "everything to settle");
            return accounting.finish(PATIENCE).balance();
        }
    }

    /** Fails unless each event was read, trained on, evaluated and covered by a list, once. */
    static void assertComplete(Balance balance, Dataset world) {
        long events = world.interactions().size();
        assertThat(balance.violations()).isEmpty();
        assertThat(balance.read()).isEqualTo(events);
        assertThat(balance.trained()).isEqualTo(events);
        assertThat(balance.evaluated()).isEqualTo(events);
        assertThat(balance.covered()).isEqualTo(events);
    }
}

package org.eridanus.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Progress;
import org.eridanus.config.Configuration;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Replaces one version by another, one instance after the other, while events flow, and judges by what is in the topics.
 *
 * <p>A broker and two instances with all roles run in processes of their own; each instance has its state folder, which the
 * new version goes on with. An instance is told to stop by SIGTERM, and the next one is not touched before the new one runs
 * and events are finished again. At the end a read-committed account of every topic has to balance.
 *
 * <p>Threading: for one thread; the events have another.
 */
final class UpgradeProof {
    private static final List<String> INSTANCES = List.of("one", "two");
    /** Users for each event a second, who have so much to meet that events last for {@link #LONGEST}. */
    private static final int USERS = 6;

    private static final int FEWEST_USERS = 60;
    private static final int ITEMS = 300;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STALL = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(30);
    /** Events of so many seconds are finished before an instance is touched. */
    private static final int BETWEEN_SECONDS = 5;

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Settings settings;
    private final Path folder;
    private final Screen screen;
    private final Runnable check;
    private final ProofBroker broker;
    private final Map<String, ChildJvm> running = new LinkedHashMap<>();

    /**
     * What to prove.
     *
     * @param from the launcher of the version before
     * @param to the launcher of the version after
     * @param rate events a second
     * @param seed of the events
     */
    record Settings(Path from, Path to, int rate, long seed) {
        Settings {
            if (rate < 1 || rate > 1_000) {
                throw new IllegalArgumentException("--rate must be in [1, 1000] events a second, got " + rate);
            }
            for (Path launcher : List.of(from, to)) {
                if (!Files.isExecutable(launcher)) {
                    throw new IllegalArgumentException("--from and --to must name the file eridanus of an installation,"
                            + " got " + launcher + ", which is none that can be executed");
                }
            }
        }
    }

    /**
     * A proof.
     *
     * @param folder where broker, stores and logs go; without any from before
     * @param screen where to tell how it goes
     * @param check called often; throws if there is no point in going on
     */
    UpgradeProof(Settings settings, Path folder, Screen screen, Runnable check) {
        this.settings = settings;
        this.folder = folder;
        this.screen = screen;
        this.check = check;
        this.broker = new ProofBroker(folder, check);
    }

    /**
     * Runs it.
     *
     * @throws CommandException if an instance ends by itself or does not start
     */
    UpgradeResult run() {
        INSTANCES.forEach(this::configure);
        String before = version("from", settings.from());
        String after = version("to", settings.to());
        screen.line("starting a broker and two instances of " + before + " ...");
        Dataset world = SyntheticWorld.generate(SyntheticWorld.Settings.defaults()
                .withSeed(settings.seed())
                .withSize(
                        Math.max(FEWEST_USERS, USERS * settings.rate()),
                        ITEMS,
                        Math.toIntExact(settings.rate() * LONGEST.toSeconds())));
        try {
            broker.start();
            INSTANCES.forEach(instance -> start(instance, settings.from()));
            INSTANCES.forEach(this::awaitRunning);
            try (AccountingReader accounting = new AccountingReader(broker.servers(), List.of());
                    EventPublisher publisher = new EventPublisher(broker.servers())) {
                accounting.start();
                world.users().forEach(publisher::publish);
                world.items().forEach(publisher::publish);
                publisher.flush();
                await(
                        () -> accounting.progress().announced() >= world.items().size(),
                        "the catalogue must be taken in");
                return upgrade(world, accounting, publisher, before, after);
            }
        } finally {
            // The instances first, or they say for long that there is no broker.
            running.values().forEach(ChildJvm::close);
            broker.close();
        }
    }

    private UpgradeResult upgrade(
            Dataset world, AccountingReader accounting, EventPublisher publisher, String before, String after) {
        List<UpgradeResult.Instance> replaced = new ArrayList<>();
        long events;
        double pause;
        try (Flow flow = new Flow(world.interactions(), accounting, publisher)) {
            awaitMore(accounting);
            for (String instance : INSTANCES) {
                screen.status("replacing instance " + instance + " ...");
                replaced.add(replace(instance));
                awaitMore(accounting);
            }
            events = flow.end();
            pause = flow.longestPause();
        }
        long published = events;
        await(
                () -> accounting.progress().settled() && accounting.progress().read() >= published,
                "every event must be processed");
        running.values().forEach(instance -> instance.stop(STOP));
        screen.status("reading everything, training again ...");
        Balance balance = accounting.finish(START).balance();
        Optional<String> difference = LogReplay.run(
                        Configuration.load(configuration(INSTANCES.get(0)), Map.of()), null, Screen.none(), check)
                .difference();
        screen.clear();
        return new UpgradeResult(before, after, settings.rate(), events, replaced, pause, balance, difference);
    }

    private UpgradeResult.Instance replace(String name) {
        ChildJvm old = instance(name);
        long asked = System.nanoTime();
        OptionalInt exitCode = old.stop(STOP);
        if (exitCode.isEmpty()) {
            old.kill();
        }
        double stopped = seconds(asked);
        start(name, settings.to());
        awaitRunning(name);
        return new UpgradeResult.Instance(name, exitCode.orElse(-1), stopped, seconds(asked));
    }

    /** Waits until the events of some seconds are finished, counted from now. */
    private void awaitMore(AccountingReader accounting) {
        long wanted = accounting.progress().read() + (long) BETWEEN_SECONDS * settings.rate();
        await(() -> accounting.progress().done() >= wanted, "events must be finished again");
    }

    private void await(BooleanSupplier condition, String rule) {
        Runnable alive = () -> {
            check.run();
            broker.requireAlive();
            running.values().forEach(ChildJvm::requireAlive);
        };
        new Waiting(PAUSE, alive).orTell(condition, STALL, rule, screen);
    }

    private void start(String instance, Path launcher) {
        running.put(
                instance,
                ChildJvm.launch(
                        "instance " + instance,
                        folder.resolve(instance + ".log"),
                        launcher,
                        List.of("run", "--config", configuration(instance).toString())));
    }

    private void awaitRunning(String instance) {
        instance(instance).awaitSaid(RunCommand.RUNNING, START, check);
    }

    private ChildJvm instance(String name) {
        ChildJvm found = running.get(name);
        if (found == null) {
            throw new IllegalStateException("instance " + name + " was not started");
        }
        return found;
    }

    private Path configuration(String instance) {
        return folder.resolve(instance + ".yaml");
    }

    private void configure(String instance) {
        ProofFolder.configure(
                folder, configuration(instance), """
                kafka: {bootstrap-servers: '%s', standby-replicas: 1}
                topics: {partitions: 2, replication: 1}
                state: {folder: '%s'}
                http: {port: 0}
                """.formatted(broker.servers(), folder.resolve("state-" + instance)));
    }

    private String version(String which, Path launcher) {
        try (ChildJvm child =
                ChildJvm.launch(launcher.toString(), folder.resolve(which + ".log"), launcher, List.of("--version"))) {
            if (!child.await(START).equals(OptionalInt.of(0))) {
                throw new CommandException("--" + which + " must name the file eridanus of an installation, and "
                        + launcher + " did not tell its version; it said:\n" + child.lastLines());
            }
            String[] lines = child.lastLines().split("\n");
            return lines[lines.length - 1];
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** The events, evenly in time, and a look at how long nothing is finished though some wait. */
    private final class Flow implements AutoCloseable {
        private final List<Interaction> interactions;
        private final AccountingReader accounting;
        private final EventPublisher publisher;
        private final Thread thread = new Thread(this::publish, "events");
        private volatile boolean ending;
        private volatile @Nullable RuntimeException failure;
        private int published;
        private long longestPause;

        Flow(List<Interaction> interactions, AccountingReader accounting, EventPublisher publisher) {
            this.interactions = interactions;
            this.accounting = accounting;
            this.publisher = publisher;
            thread.start();
        }

        private void publish() {
            try {
                long start = System.nanoTime();
                Standstill standstill = new Standstill();
                while (!ending) {
                    long due = (long) (seconds(start) * settings.rate());
                    while (published < Math.min(due, interactions.size())) {
                        publisher.publish(interactions.get(published++));
                    }
                    Progress progress = accounting.progress();
                    long pause = standstill
                            .look(progress.done(), progress.done() < published)
                            .toNanos();
                    longestPause = Math.max(longestPause, pause);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
                publisher.flush();
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        /** Ends it and tells how many events there were. */
        long end() {
            close();
            RuntimeException failed = failure;
            if (failed != null) {
                throw failed;
            }
            return published;
        }

        double longestPause() {
            return longestPause / 1e9;
        }

        @Override
        public void close() {
            ending = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted while events were published", e);
            }
        }
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Ledger;
import org.eridanus.accounting.Progress;
import org.eridanus.cli.RecoveryResult.Kill;
import org.eridanus.cli.RecoveryResult.Moment;
import org.eridanus.config.Configuration;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.file.Folders;
import org.eridanus.model.ModelSettings;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Kills the pipeline again and again while events flow, and judges by what is in the topics.
 *
 * <p>The broker runs in one process, {@code eridanus run} with all roles in another, and this one publishes and reads. A
 * kill is a SIGKILL; then the pipeline is started again at once, on the same state folder or, once in a round, without. At the end a read-committed
 * account of every topic has to balance, and a new trainer on the training log has to come to the same bytes.
 *
 * <p>Threading: for one thread.
 */
final class RecoveryProof {
    private static final int USERS = 200;
    private static final int ITEMS = 300;
    private static final int PARTITIONS = 2;

    /** One interaction in so many is none, to be refused. */
    private static final int MALFORMED_EVERY = 50;

    private static final int SMALLEST_WINDOW = 20;
    private static final int LARGEST_WINDOW = 500;

    /** Share of the other kills that hit a pipeline while it starts. */
    private static final double STARTING_SHARE = .3;

    /**
     * In so many kills the second hits a pipeline that has no task yet, the third goes with a stop of the broker, the fourth
     * with the state folder, and the fifth hits one of which the first role has restored what was lost, and others may not
     * have.
     */
    private static final int ROUND = 6;

    /** A kill follows the event that it waits for within so many ms: two commits of every role. */
    private static final int JITTER_MS = 400;

    /** The event that a kill waits for is among this share of those that are its own. */
    private static final double WAITED_SHARE = .7;

    private static final Set<TransactionState> UNFINISHED =
            EnumSet.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    /** How long after its start a starting pipeline is killed, ms: from loading classes to restoring. */
    private static final int STARTING_MS = 4_000;

    /** How long after its first word a pipeline is killed that is to have no task, ms: from making clients to joining groups. */
    private static final int WITHOUT_TASKS_MS = 200;

    /** How long after its first role has its tasks a pipeline is killed that is to start, ms. */
    private static final int WITH_TASKS_MS = 500;

    /** What a pipeline says of a role that runs its tasks, with {@link #LOQUACIOUS}. */
    private static final String HAS_TASKS = "-> RUNNING";

    private static final List<String> LOQUACIOUS = List.of("-Deridanus.log=DEBUG");

    /** What was committed before a kill has been read by then, and no new process has come so far. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STALL = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Settings settings;
    private final Path folder;
    private final Path configuration;
    private final Path state;
    private final Screen screen;
    private final Runnable check;
    private final Random random;
    private final ProofBroker broker;
    private final List<Kill> kills = new ArrayList<>();
    private final List<Double> brokerRestarts = new ArrayList<>();

    /**
     * What to prove.
     *
     * @param kills how often the pipeline is killed, at least once
     * @param events interactions to publish, at least ten for each kill
     * @param seed of the events and of the moments
     * @param model what is trained, a preset
     * @param brokerAway seconds that the broker is away each time it is stopped, beside its own stop and start
     */
    record Settings(int kills, int events, long seed, ModelSettings model, int brokerAway) {
        Settings {
            if (brokerAway < 0 || brokerAway > 3_600) {
                throw new IllegalArgumentException("--broker-away must be in [0, 3600] seconds, got " + brokerAway);
            }
            if (kills < 1 || kills > 10_000) {
                throw new IllegalArgumentException("--kills must be in [1, 10000], got " + kills);
            }
            if (events > Ledger.MOST_EVENTS) {
                throw new IllegalArgumentException("--events must be at most " + Ledger.MOST_EVENTS
                        + ", which are accounted for one by one, got " + events);
            }
            if (events < 10 * (kills + 1)) {
                throw new IllegalArgumentException("--events must be at least ten for each part of the way, "
                        + 10 * (kills + 1) + " for " + kills + " kills, got " + events);
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
    RecoveryProof(Settings settings, Path folder, Screen screen, Runnable check) {
        this.settings = settings;
        this.folder = folder;
        this.configuration = folder.resolve("eridanus.yaml");
        this.state = folder.resolve("state");
        this.screen = screen;
        this.check = check;
        this.random = new Random(settings.seed());
        this.broker = new ProofBroker(folder, check);
    }

    /**
     * Runs it.
     *
     * @return what came of it; if something of the harness itself fails there is nothing to judge
     * @throws CommandException if the pipeline ends by itself, or gets nowhere for two minutes
     */
    RecoveryResult run() {
        configure();
        Dataset world = SyntheticWorld.generate(
                SyntheticWorld.Settings.defaults().withSeed(settings.seed()).withSize(USERS, ITEMS, settings.events()));
        screen.line(
                "starting a broker and a pipeline, preset " + settings.model().preset() + " ...");
        try (Processes processes = new Processes()) {
            broker.start();
            processes.startPipeline();
            processes.pipeline().awaitSaid(RunCommand.RUNNING, START, check);
            try (AccountingReader accounting = new AccountingReader(broker.servers(), List.of());
                    EventPublisher publisher = new EventPublisher(broker.servers())) {
                accounting.start();
                publishCatalogue(world, accounting, publisher, processes);
                new Flow(world.interactions(), accounting, publisher, processes).run();
                awaitSettled(accounting, processes);
                long asked = System.nanoTime();
                OptionalInt exitCode = processes.pipeline().stop(STOP);
                double stopSeconds = seconds(asked);
                screen.status("reading everything, training again ...");
                Balance balance = accounting.finish(START).balance();
                return result(balance, exitCode, stopSeconds);
            }
        }
    }

    private void configure() {
        ProofFolder.configure(folder, configuration, """
                kafka: {bootstrap-servers: '%s'}
                topics: {partitions: %d, replication: 1}
                state: {folder: '%s'}
                http: {port: 0}
                model: {preset: %s}
                """.formatted(
                        broker.servers(), PARTITIONS, state, settings.model().preset()));
    }

    private void publishCatalogue(
            Dataset world, AccountingReader accounting, EventPublisher publisher, Processes processes) {
        world.users().forEach(publisher::publish);
        world.items().forEach(publisher::publish);
        publisher.flush();
        await(
                processes,
                () -> accounting.progress().announced() >= world.items().size(),
                "the catalogue must be taken in");
    }

    private void awaitSettled(AccountingReader accounting, Processes processes) {
        await(
                processes,
                () -> accounting.progress().settled() && accounting.progress().read() >= settings.events(),
                "every event must be processed");
    }

    private void await(Processes processes, BooleanSupplier condition, String rule) {
        Runnable alive = () -> {
            check.run();
            processes.requireAlive();
        };
        new Waiting(PAUSE, alive).orTell(condition, STALL, rule, screen);
    }

    private RecoveryResult result(Balance balance, OptionalInt exitCode, double stopSeconds) {
        Configuration loaded = Configuration.load(configuration, Map.of());
        ModelSnapshot served = ModelSnapshot.read(loaded, check);
        Retraining retraining =
                new Retraining(loaded.pipeline(), served.marker().version());
        try (TopicReader log = new TopicReader(loaded, Topics.TRAINING_LOG)) {
            log.readToEnd(record -> retraining.take(record.offset(), record.value()), check);
        }
        screen.clear();
        return new RecoveryResult(
                settings.model().preset(),
                settings.seed(),
                settings.events(),
                kills,
                brokerRestarts,
                balance,
                served,
                retraining.model(),
                exitCode,
                stopSeconds);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** The broker's process and the pipeline's. */
    private final class Processes implements AutoCloseable {
        private @Nullable ChildJvm pipeline;

        void startPipeline() {
            pipeline = ChildJvm.start(
                    "the pipeline",
                    folder.resolve("pipeline.log"),
                    "512m",
                    LOQUACIOUS,
                    List.of("run", "--config", configuration.toString()));
        }

        /** Deletes the stores of a pipeline that is not running, and with them the instance's name. */
        void loseState() {
            try {
                Folders.delete(state);
            } catch (IOException e) {
                throw new CommandException(state + " must be a folder that can be deleted: " + e, e);
            }
        }

        ChildJvm pipeline() {
            ChildJvm running = pipeline;
            if (running == null) {
                throw new IllegalStateException("the pipeline was not started");
            }
            return running;
        }

        void requireAlive() {
            broker.requireAlive();
            pipeline().requireAlive();
        }

        @Override
        public void close() {
            // The pipeline first, or it says for long that there is no broker.
            if (pipeline != null) {
                pipeline.close();
            }
            broker.close();
        }
    }

    /** The events, and what is done to the pipeline among them. */
    private final class Flow {
        private final List<Interaction> interactions;
        private final AccountingReader accounting;
        private final EventPublisher publisher;
        private final Processes processes;
        private final List<Step> steps = steps();
        private final Standstill standstill = new Standstill();
        private final int part;
        private final int window;
        private int cap;
        private int published;
        private @Nullable Recovery recovery;

        Flow(
                List<Interaction> interactions,
                AccountingReader accounting,
                EventPublisher publisher,
                Processes processes) {
            this.interactions = interactions;
            this.accounting = accounting;
            this.publisher = publisher;
            this.processes = processes;
            this.part = settings.events() / (steps.size() + 1);
            this.window = Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, part));
        }

        void run() {
            for (int i = 0; i < steps.size(); i++) {
                // Each step has events of its own on their way, and leaves some to show that all roles work again.
                cap = (i + 2) * part - 1;
                Step step = steps.get(i);
                if (step == Step.KILL_WITHOUT_TASKS) {
                    processes.pipeline().awaitSaid(RunCommand.STARTING, START, check);
                    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(WITHOUT_TASKS_MS));
                    work(() -> System.nanoTime() - until > 0);
                } else if (step == Step.KILL_WITH_TASKS) {
                    processes.pipeline().awaitSaid(HAS_TASKS, START, check);
                    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(WITH_TASKS_MS));
                    work(() -> recovery == null || System.nanoTime() - until > 0);
                } else if (step == Step.KILL_STARTING) {
                    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(STARTING_MS));
                    work(() -> recovery == null || System.nanoTime() - until > 0);
                } else {
                    work(() -> recovery == null);
                    long target = (long) ((i + WAITED_SHARE * random.nextDouble()) * part);
                    work(() -> accounting.progress().done() >= target);
                    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(JITTER_MS));
                    work(() -> System.nanoTime() - until > 0);
                }
                take(step);
            }
            cap = interactions.size();
            work(() -> recovery == null && accounting.progress().done() >= interactions.size());
        }

        private void take(Step step) {
            long began = System.nanoTime();
            long done = accounting.progress().done();
            if (step == Step.RESTART_BROKER) {
                broker.stop();
                stayAway(processes.pipeline()::requireAlive);
                broker.start();
                recovery = new Recovery(-1, began, accounting.progress());
                return;
            }
            processes.pipeline().kill();
            boolean hadTasks = processes.pipeline().hasSaid(HAS_TASKS);
            Moment moment;
            int open = -1;
            if (step == Step.KILL_WITH_BROKER) {
                moment = Moment.WITH_BROKER;
                broker.stop();
                stayAway(() -> {});
                // It begins without a broker, for as long as the broker takes to start.
                processes.startPipeline();
                broker.start();
            } else {
                open = openTransactions();
                if (step == Step.KILL_WITH_STATE) {
                    moment = Moment.WITH_STATE;
                    processes.loseState();
                } else {
                    // A pipeline that was to be killed before it works may have been faster.
                    moment = recovery == null ? Moment.AT_WORK : hadTasks ? Moment.STARTING : Moment.WITHOUT_TASKS;
                }
                processes.startPipeline();
            }
            kills.add(new Kill(moment, done, open, Double.NaN));
            if (screen.terminal()) {
                screen.status(text(
                        "kill %d of %d, %s, at event %,d ...", kills.size(), settings.kills(), moment.label(), done));
            }
            recovery = new Recovery(kills.size() - 1, began, null);
        }

        private void stayAway(Runnable look) {
            new Waiting(LOOK, () -> {
                        check.run();
                        look.run();
                    })
                    .until(() -> false, Duration.ofSeconds(settings.brokerAway()));
        }

        private void work(BooleanSupplier until) {
            while (!until.getAsBoolean()) {
                look();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }

        private void look() {
            check.run();
            processes.requireAlive();
            Progress now = accounting.progress();
            while (published < cap && published - now.done() < window) {
                publish(published++);
            }
            if (recovery != null) {
                recovery = recovery(recovery, now, System.nanoTime());
            }
            boolean waits = published < cap || now.done() < cap;
            if (standstill.look(now.done(), waits).compareTo(STALL) > 0) {
                throw new CommandException("an event must be processed within " + STALL.toSeconds()
                        + " s, and none was: " + now.describe() + "; the pipeline's last lines:\n"
                        + processes.pipeline().lastLines());
            }
        }

        private @Nullable Recovery recovery(Recovery since, Progress now, long nanos) {
            Progress before = since.before();
            if (before == null) {
                return nanos - since.began() < QUIET.toNanos() ? since : new Recovery(since.kill(), since.began(), now);
            }
            if (now.enriched() <= before.enriched()
                    || now.evaluated() <= before.evaluated()
                    || now.covered() <= before.covered()) {
                return since;
            }
            double took = seconds(since.began());
            if (since.kill() < 0) {
                brokerRestarts.add(took);
                screen.line(text("broker stopped and started: every role works again after %.1f s", took));
            } else {
                Kill kill = kills.get(since.kill());
                kills.set(since.kill(), new Kill(kill.moment(), kill.events(), kill.openTransactions(), took));
                screen.line(text(
                        "kill %d of %d, %s, at event %,d%s: every role works again after %.1f s",
                        since.kill() + 1,
                        settings.kills(),
                        kill.moment().label(),
                        kill.events(),
                        kill.openTransactions() > 0 ? ", " + kill.openTransactions() + " transactions open" : "",
                        took));
            }
            return null;
        }

        private void publish(int number) {
            Interaction interaction = interactions.get(number);
            boolean last = number >= interactions.size() - 2;
            if (number % MALFORMED_EVERY == MALFORMED_EVERY / 2 && !last) {
                publisher.send(Topics.INTERACTIONS, interaction.user(), "{\"user\":".getBytes(UTF_8));
            } else {
                publisher.publish(interaction);
            }
        }
    }

    /** What is done to the pipeline. */
    private enum Step {
        KILL,
        KILL_WITHOUT_TASKS,
        KILL_WITH_TASKS,
        KILL_STARTING,
        KILL_WITH_BROKER,
        KILL_WITH_STATE,
        RESTART_BROKER
    }

    /**
     * What is waited for after a step.
     *
     * @param kill its number, negative if the broker alone was stopped
     * @param began when it was taken
     * @param before how far the pipeline had come; null while that may still grow by what was done before
     */
    private record Recovery(int kill, long began, @Nullable Progress before) {}

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int kill = 0; kill < settings.kills(); kill++) {
            steps.add(
                    switch (kill % ROUND) {
                        case 0 -> Step.KILL;
                        case 1 -> Step.KILL_WITHOUT_TASKS;
                        case 2 -> Step.KILL_WITH_BROKER;
                        case 3 -> Step.KILL_WITH_STATE;
                        case 4 -> Step.KILL_WITH_TASKS;
                        default -> random.nextDouble() < STARTING_SHARE ? Step.KILL_STARTING : Step.KILL;
                    });
            if (kill % ROUND == ROUND - 1) {
                steps.add(Step.RESTART_BROKER);
            }
        }
        return steps;
    }

    /** Transactions of the roles that the broker has open, negative if it does not say. */
    private int openTransactions() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.servers()))) {
            return (int) admin.listTransactions().all().get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .filter(each -> UNFINISHED.contains(each.state()))
                    .count();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while asking for transactions", e);
        } catch (ExecutionException | TimeoutException e) {
            return -1;
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

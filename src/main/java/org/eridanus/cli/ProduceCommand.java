package org.eridanus.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.eridanus.config.Configuration;
import org.eridanus.dataset.DataSets;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.DatasetException;
import org.eridanus.event.Rejection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eridanus produce}: interactions, users or items from a file or a data set into their topics. */
@Command(
        name = "produce",
        mixinStandardHelpOptions = true,
        description = {
            "Produce interactions, users or items into their topics, from CSV, JSON lines or a data set. Each record is"
                    + " checked first, acknowledged by all replicas, and written once.",
            "",
            "CSV has a line of names: user,item,type,rating,timestamp for interactions (type, rating and timestamp may be"
                    + " absent; ms since the epoch or 2026-01-31T12:00:00Z); user and attributes for users; item, title"
                    + " and attributes for items, several values separated by |."
        },
        footer = {
            "",
            "Examples:",
            "  eridanus produce items items.csv --config eridanus.yaml",
            "  eridanus produce interactions clicks.jsonl --bootstrap localhost:9092 --rate 500",
            "  zcat clicks.csv.gz | eridanus produce interactions - --format csv --config eridanus.yaml",
            "  eridanus produce --data ml-100k --bootstrap localhost:9092",
            "",
            "Exit code: 0 every record was produced, 1 some were refused or the broker did not take them, 2 wrong usage or"
                    + " configuration."
        })
final class ProduceCommand implements Callable<Integer> {
    private static final int SHOWN_REFUSALS = 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            description = "What the file holds: interactions, users or items.")
    private EventFile.@Nullable Kind kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "The file, or - for standard input.")
    private @Nullable String file;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "Instead of a file: users, items and interactions of a data set, 'synthetic', 'synthetic-sparse',"
                            + " 'movielens' (downloaded if it is nowhere), or a data set's folder, or the name of one below"
                            + " ERIDANUS_DATA.")
    private @Nullable String data;

    @Option(names = "--format", description = "csv or jsonl (default: as the file's name says).")
    private EventFile.@Nullable Format format;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records a second; 0 is as fast as the broker takes them (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "The first N records, of a data set interactions, alone.")
    private long events = Long.MAX_VALUE;

    @Override
    public Integer call() {
        if (!(rate >= 0 && rate <= 1e6)) {
            throw usage(
                    "--rate must be 0 to 1000000 records/s, got " + rate + "; 0 is as fast as the broker takes them");
        }
        if (events < 1) {
            throw usage("--events must be at least 1, got " + events);
        }
        if ((data == null) == (kind == null || file == null)) {
            throw usage("either KIND and FILE or --data must be given; see the examples below");
        }
        Configuration configuration = config.load();
        Dataset dataset = data == null ? null : dataset(data);
        Screen screen = Screen.standard(System.getenv());
        try (Stopping stopping = new Stopping();
                EventPublisher publisher = new EventPublisher(
                        configuration.streams().producerConfig(),
                        configuration.topics().names())) {
            Sending sending = new Sending(publisher, screen, stopping, rate);
            boolean complete = true;
            try {
                if (dataset != null) {
                    produce(dataset, sending);
                } else {
                    complete = produce(sending);
                }
                publisher.flush();
            } catch (Stopping.StoppedException e) {
                publisher.flush();
                complete = false;
                screen.line("stopped before the end");
            } finally {
                screen.clear();
            }
            screen.line(sending.summary(publisher.acknowledged()));
            return complete ? 0 : 1;
        }
    }

    private static void produceAll(Dataset dataset, EventPublisher publisher) {
        dataset.users().forEach(publisher::publish);
        dataset.items().forEach(publisher::publish);
    }

    private void produce(Dataset dataset, Sending sending) {
        produceAll(dataset, sending.publisher);
        dataset.interactions().stream().limit(events).forEach(interaction -> {
            sending.await();
            sending.publisher.publish(interaction);
            sending.sent();
        });
    }

    private boolean produce(Sending sending) {
        EventFile.Kind what = Objects.requireNonNull(kind);
        Map<Rejection.Reason, Long> refused = new EnumMap<>(Rejection.Reason.class);
        List<String> shown = new ArrayList<>();
        String name = Objects.requireNonNull(file);
        try (EventFile in = EventFile.open(what, name, format)) {
            for (long i = 0; i < events; i++) {
                Optional<EventFile.Entry> next = in.next();
                if (next.isEmpty()) {
                    break;
                }
                EventFile.Entry entry = next.get();
                Rejection rejection = entry.rejection();
                if (rejection != null) {
                    refused.merge(rejection.reason(), 1L, Long::sum);
                    if (shown.size() < SHOWN_REFUSALS) {
                        shown.add(name + ":" + entry.line() + ": "
                                + rejection.reason().label() + ": " + rejection.detail());
                    }
                    continue;
                }
                sending.await();
                sending.publisher.send(what.topic(), entry.key(), entry.value());
                sending.sent();
            }
        }
        if (!refused.isEmpty()) {
            shown.forEach(spec.commandLine().getErr()::println);
            spec.commandLine()
                    .getErr()
                    .println("refused, and not produced: "
                            + refused.entrySet().stream()
                                    .map(each -> each.getKey().label() + " " + each.getValue())
                                    .collect(Collectors.joining(", ")));
        }
        return refused.isEmpty();
    }

    private Dataset dataset(String name) {
        try {
            return DataSets.from(System.getenv()).load(name);
        } catch (DatasetException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Sends at a rate, and tells how far it is. */
    private static final class Sending {
        private static final long ON_TERMINAL = 250_000_000L;
        private static final long ELSEWHERE = 5_000_000_000L;
        private static final long PAUSE = 1_000_000L;
        private static final int LOOK_EVERY = 64;

        final EventPublisher publisher;
        private final Screen screen;
        private final Stopping stopping;
        private final double rate;
        private final long began = System.nanoTime();
        private long shown = began;
        private long sent;

        Sending(EventPublisher publisher, Screen screen, Stopping stopping, double rate) {
            this.publisher = publisher;
            this.screen = screen;
            this.stopping = stopping;
            this.rate = rate;
        }

        /** Returns when the next record is due. */
        void await() {
            if (rate > 0) {
                long due = began + (long) (sent * 1e9 / rate);
                while (System.nanoTime() < due) {
                    look();
                    LockSupport.parkNanos(Math.max(1, Math.min(PAUSE, due - System.nanoTime())));
                }
            }
            if (sent % LOOK_EVERY == 0) {
                look();
            }
        }

        void sent() {
            sent++;
        }

        private void look() {
            stopping.check();
            long now = System.nanoTime();
            if (now - shown > (screen.terminal() ? ON_TERMINAL : ELSEWHERE)) {
                shown = now;
                screen.status(
                        String.format(Locale.ROOT, "%,d records, %,d/s", sent, Math.round(sent * 1e9 / (now - began))));
            }
        }

        String summary(long acknowledged) {
            double seconds = (System.nanoTime() - began) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "%,d records produced in %.1f s, %,d/s",
                    acknowledged,
                    seconds,
                    Math.round(acknowledged / Math.max(1e-3, seconds)));
        }
    }
}

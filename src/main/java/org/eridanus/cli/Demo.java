package org.eridanus.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Accuracy;
import org.eridanus.accounting.Ledger;
import org.eridanus.accounting.PrequentialTally;
import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.accounting.Progress;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.metrics.ProcessMemory;
import org.eridanus.topic.Topics;

/**
 * One demo from start to end: everything is started, users and items are published, interactions replayed, and what came
 * of it is told.
 *
 * <p>Threading: for one thread.
 */
final class Demo {
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final double MIB = 1 << 20;

    private final DemoOptions options;
    private final Dataset dataset;
    private final List<Interaction> interactions;
    private final Screen hints;
    private final Screen result;
    private final Stopping stopping;

    /**
     * A demo.
     *
     * @param interactions those to replay, in order
     * @param hints where to tell how it goes
     * @param result where to tell what came of it
     */
    Demo(
            DemoOptions options,
            Dataset dataset,
            List<Interaction> interactions,
            Screen hints,
            Screen result,
            Stopping stopping) {
        this.options = options;
        this.dataset = dataset;
        this.interactions = interactions;
        this.hints = hints;
        this.result = result;
        this.stopping = stopping;
    }

    /**
     * Runs it.
     *
     * @param folder where to keep data
     * @return what came of it
     */
    DemoSummary run(Path folder) {
        hints.line(dataset.describe());
        dataset.notes().forEach(hints::line);
        if (interactions.size() < dataset.interactions().size()) {
            hints.line("of which the first " + interactions.size() + " are replayed");
        }
        hints.line("starting broker and pipeline ...");
        try (WarmUp warmUp = WarmUp.start(options.model());
                LocalPipeline pipeline = LocalPipeline.start(options, folder)) {
            tellAddresses(pipeline);
            Showcase showcase = new Showcase(dataset.items(), interactions);
            DemoSummary summary;
            try (AccountingReader accounting = new AccountingReader(pipeline.bootstrapServers(), showcase.users());
                    EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers())) {
                accounting.start();
                publishCatalogue(pipeline, accounting, publisher);
                warmUp.close();
                Duration elapsed = new Replay(
                                publisher, accounting::progress, () -> check(pipeline), options.rate(), hints)
                        .run(interactions);
                Progress last = settle(pipeline, accounting);
                summary = summary(accounting.finish(SETTLE), last, elapsed, pipeline);
                tell(summary, showcase, accounting);
            }
            if (options.serve()) {
                serve(pipeline, showcase);
            }
            return summary;
        }
    }

    private void check(LocalPipeline pipeline) {
        stopping.check();
        pipeline.check();
    }

    private void tellAddresses(LocalPipeline pipeline) {
        String broker = pipeline.bootstrapServers();
        hints.line(String.format(
                Locale.ROOT,
                "broker at %s, started in %.1f s; metrics at %smetrics",
                broker,
                pipeline.brokerStartTime().toMillis() / 1e3,
                pipeline.http()));
        hints.line("watch it learn, and try it: " + pipeline.http());
        hints.line("watch from another terminal, with either of:");
        watching(broker).forEach(hints::line);
    }

    private static List<String> watching(String broker) {
        return List.of(
                "  kcat -C -b " + broker + " -t " + Topics.RECOMMENDATIONS + " -o end",
                "  kafka-console-consumer --bootstrap-server " + broker + " --topic " + Topics.RECOMMENDATIONS
                        + " --isolation-level read_committed");
    }

    private void publishCatalogue(LocalPipeline pipeline, AccountingReader accounting, EventPublisher publisher) {
        List<Item> items = dataset.items();
        dataset.users().forEach(publisher::publish);
        items.forEach(publisher::publish);
        if (items.isEmpty()) {
            publisher.announceItemsAsSeen();
        }
        publisher.flush();
        pipeline.awaitRunning(START);
        waiting(pipeline)
                .require(
                        () -> accounting.progress().announced() >= items.size() && pipeline.knows(items),
                        START,
                        "users and items must be taken in");
        hints.line(String.format(
                Locale.ROOT,
                "ready %.1f s after the start: %,d users and %,d items known; replaying %,d interactions",
                sinceStart(System.currentTimeMillis()),
                dataset.users().size(),
                items.size(),
                interactions.size()));
    }

    private Progress settle(LocalPipeline pipeline, AccountingReader accounting) {
        boolean settled = waiting(pipeline).until(() -> accounting.progress().settled(), SETTLE);
        Progress last = accounting.progress();
        if (!settled) {
            result.line("not everything arrived within " + SETTLE.toSeconds() + " s: " + last.describe());
        }
        return last;
    }

    private Waiting waiting(LocalPipeline pipeline) {
        return new Waiting(PAUSE, () -> check(pipeline));
    }

    private DemoSummary summary(Ledger ledger, Progress last, Duration elapsed, LocalPipeline pipeline) {
        Map<Line, Map<Group, Accuracy>> accuracy = new EnumMap<>(Line.class);
        PrequentialTally prequential = ledger.prequential();
        for (Line line : Line.values()) {
            Map<Group, Accuracy> groups = new EnumMap<>(Group.class);
            for (Group group : Group.values()) {
                groups.put(group, prequential.accuracy(line, group));
            }
            accuracy.put(line, groups);
        }
        double events = ledger.enriched() == 0 ? Double.NaN : ledger.enriched();
        return new DemoSummary(
                interactions.size(),
                elapsed.toNanos() / 1e9,
                ledger.deadLetters(),
                ledger.lists(),
                accuracy,
                ledger.served(),
                DemoSummary.Quantiles.of(ledger.latency()),
                DemoSummary.Quantiles.of(ledger.warmLatency()),
                pipeline.freshness().quantiles(),
                pipeline.freshness().warmQuantiles(),
                ledger.rows() / events,
                ledger.pairRows() / events,
                ledger.modelVersion(),
                peakMemory(),
                options.model().settings().preset(),
                options.model().settings().hash(),
                last.firstListAt() == 0 ? Double.NaN : sinceStart(last.firstListAt()),
                DemoSummary.Environment.current(),
                ledger.balance());
    }

    private static double sinceStart(long time) {
        return (time - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    }

    private static long peakMemory() {
        double bytes = new ProcessMemory()
                .peakBytes()
                .orElseGet(() ->
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted()
                                + ManagementFactory.getMemoryMXBean()
                                        .getNonHeapMemoryUsage()
                                        .getCommitted());
        return Math.round(bytes / MIB);
    }

    private void tell(DemoSummary summary, Showcase showcase, AccountingReader accounting) {
        result.line("");
        showcase.lines(accounting::latestList, result.width()).forEach(result::line);
        result.line("");
        SummaryText.lines(summary).forEach(result::line);
        options.report().ifPresent(file -> {
            JsonReport.write(DemoReport.json(summary), file);
            result.line("report written to " + file);
        });
    }

    private void serve(LocalPipeline pipeline, Showcase showcase) {
        String broker = pipeline.bootstrapServers();
        String user = showcase.users().stream().findFirst().orElse("1");
        String item = dataset.items().stream().findFirst().map(Item::id).orElse("1");
        String event = "echo '" + user + "|{\"user\":\"" + user + "\",\"item\":\"" + item + "\"}'";
        result.line("");
        result.line(
                "still running, until Ctrl-C; watch " + Topics.RECOMMENDATIONS + " as above, and tell of an event:");
        result.line("  " + event + " | kcat -P -b " + broker + " -t " + Topics.INTERACTIONS
                + " -K '|' -X topic.partitioner=murmur2_random");
        result.line("  " + event + " | kafka-console-producer --bootstrap-server " + broker + " --topic "
                + Topics.INTERACTIONS + " --property parse.key=true --property key.separator='|'");
        result.line("or ask for a list: the same with '" + user + "|{\"k\":5}' to " + Topics.RECOMMENDATION_REQUESTS);
        try {
            while (!stopping.await(Duration.ofMillis(200))) {
                pipeline.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hints.line("stopping ...");
    }
}

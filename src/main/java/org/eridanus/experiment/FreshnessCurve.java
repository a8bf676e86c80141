package org.eridanus.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.evaluation.Metric;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;

/**
 * What latency buys: prequential accuracy of the default preset as a function of the number of events between an event
 * and the update that learns from it, and of the size of mini-batches. The user's own history is always up to date, as it
 * is in the scorer of the stream; the model lags.
 */
public final class FreshnessCurve {
    /** Events between an event and the update that learns from it. */
    public static final List<Integer> DELAYS = List.of(0, 16, 64, 256, 1_024, 4_096);

    /** Sizes of mini-batches; replay keeps its proportion. */
    public static final List<Integer> BATCHES = List.of(4, 8, 16, 32, 64, 128);

    private static final int K = 10;

    private final InteractionLog log;
    private final List<MethodResult> delays;
    private final List<MethodResult> batches;
    private final Environment environment;

    private FreshnessCurve(
            InteractionLog log, List<MethodResult> delays, List<MethodResult> batches, Environment environment) {
        this.log = log;
        this.delays = delays;
        this.batches = batches;
        this.environment = environment;
    }

    /** Measures it. */
    public static FreshnessCurve measure(
            InteractionLog log, ModelSettings preset, List<Long> seeds, int threads, Progress progress) {
        List<Method> methods = new ArrayList<>();
        for (int delay : DELAYS) {
            methods.add(new Method(
                    "delay " + delay,
                    true,
                    true,
                    Map.of("delay", delay, "preset", preset.preset()),
                    Methods.network(
                            ModelDefinition.of(preset),
                            1,
                            (data, seeded) -> new Observed(new OnlineDan(data, seeded, delay)))));
        }
        for (int batch : BATCHES) {
            methods.add(Methods.dan("mini-batch " + batch, withBatch(preset, batch)));
        }
        List<MethodResult> results = new Comparison(log, seeds, threads, progress).prequential(methods);
        return new FreshnessCurve(
                log,
                results.subList(0, DELAYS.size()),
                results.subList(DELAYS.size(), results.size()),
                Environment.current(threads));
    }

    /** Another size of mini-batches, with replay in the same proportion. */
    static ModelSettings withBatch(ModelSettings preset, int batch) {
        ModelSettings.Replay replay = preset.replay();
        return preset.toBuilder()
                .batch(batch)
                .replay(new ModelSettings.Replay(
                        replay.uniform() * batch / preset.batch(),
                        replay.own() * batch / preset.batch(),
                        replay.ownWindow()))
                .build();
    }

    /** Judged from outside, like any other method, because a model that lags cannot test itself. */
    private record Observed(OnlineDan dan) implements ItemScorer {
        @Override
        public void observe(int user, int item) {
            dan.observe(user, item);
        }

        @Override
        public void score(int user, float[] scores) {
            dan.score(user, scores);
        }
    }

    /** The curve, line by line. */
    public List<String> table() {
        List<String> lines = new ArrayList<>(report(delays).table());
        lines.addAll(report(batches).table().subList(1, batches.size() + 2));
        return lines;
    }

    private ComparisonReport report(List<MethodResult> results) {
        return new ComparisonReport(log, "freshness", results, environment);
    }

    /** Writes JSON to a file, and beside it a page with the charts. */
    public void write(Path file) {
        ReportFile.json(file, json -> {
            json.writeObjectFieldStart("delay");
            report(delays).write(json);
            json.writeEndObject();
            json.writeObjectFieldStart("batch");
            report(batches).write(json);
            json.writeEndObject();
        });
        new HtmlReport(log.name() + ": what latency buys")
                .paragraph(log.toString())
                .list(report(delays).notes())
                .paragraph("Prequential HR@10 by the events between an event and the update that learns from it; the"
                        + " user's own history is always up to date.")
                .chart(chart("Delay of the update", "events + 1", delays, DELAYS, 1))
                .table(cells("delay, events", delays, DELAYS))
                .paragraph("By size of the mini-batch, with replay in the same proportion.")
                .chart(chart("Size of the mini-batch", "events", batches, BATCHES, 0))
                .table(cells("mini-batch", batches, BATCHES))
                .write(ReportFile.beside(file, ".html"));
    }

    private static LineChart chart(
            String title, String xTitle, List<MethodResult> results, List<Integer> xs, int shift) {
        LineChart chart = new LineChart(title, xTitle, "HR@10").logarithmic();
        for (int i = 0; i < results.size(); i++) {
            for (String label : results.get(i).scores().keySet()) {
                chart.add(
                        label,
                        xs.get(i) + shift,
                        results.get(i).figure(label, Metric.HR, K).mean());
            }
        }
        return chart;
    }

    private static List<List<String>> cells(String name, List<MethodResult> results, List<Integer> xs) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(name));
        head.addAll(results.get(0).scores().keySet());
        rows.add(head);
        for (int i = 0; i < results.size(); i++) {
            List<String> row = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", xs.get(i))));
            for (String label : results.get(i).scores().keySet()) {
                row.add(ComparisonReport.cell(results.get(i), label));
            }
            rows.add(row);
        }
        return rows;
    }
}

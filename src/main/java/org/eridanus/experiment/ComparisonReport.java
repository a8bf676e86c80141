package org.eridanus.experiment;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.PairedBootstrap;
import org.eridanus.evaluation.PrequentialAccuracy;
import org.eridanus.evaluation.Spread;

/** What a comparison has found, as JSON with every figure and setting, and as a table for people. */
public final class ComparisonReport {
    private static final int K = 10;
    private static final long BOOTSTRAP_SEED = 1;
    private static final int SHORTEST_NAME_COLUMN = 20;

    private final InteractionLog log;
    private final String protocol;
    private final List<MethodResult> results;
    private final Environment environment;

    /**
     * The report of a comparison.
     *
     * @param protocol what was held out or how the stream went, for people
     * @param results at least one; the first one is compared with each of the others
     */
    public ComparisonReport(InteractionLog log, String protocol, List<MethodResult> results, Environment environment) {
        this.log = log;
        this.protocol = protocol;
        this.results = List.copyOf(results);
        this.environment = environment;
    }

    /** The method that is best by a metric at 10 and a label. */
    static MethodResult best(List<MethodResult> results, String label, Metric metric) {
        MethodResult best = results.get(0);
        for (MethodResult result : results) {
            best = result.figure(label, metric, K).mean()
                            > best.figure(label, metric, K).mean()
                    ? result
                    : best;
        }
        return best;
    }

    /** How two methods differ. */
    public static PairedBootstrap.Difference difference(
            MethodResult first, MethodResult second, String label, Metric metric) {
        return PairedBootstrap.compare(first.average(label), second.average(label), metric, K, BOOTSTRAP_SEED);
    }

    /** Writes JSON to a file, and beside it, under the same name, a page with charts ({@code .html}) and {@code .csv}. */
    public void write(Path file) {
        ReportFile.json(file, this::write);
        page().write(ReportFile.beside(file, ".html"));
        CsvReport.write(ReportFile.beside(file, ".csv"), rows());
    }

    private HtmlReport page() {
        HtmlReport page = new HtmlReport(log.name() + ": " + protocol)
                .paragraph(log.toString())
                .list(notes())
                .paragraph("HR@10 / NDCG@10, mean over the seeds ± standard deviation of HR@10 over the seeds.")
                .table(cells())
                .heading("Differences, with 95 % intervals of a paired bootstrap over users")
                .table(differenceCells());
        for (String label : results.get(0).scores().keySet()) {
            LineChart byLength = new LineChart("HR@k, " + label, "k", "HR@k");
            for (MethodResult result : results) {
                for (int k : Metric.CUTOFFS) {
                    byLength.add(
                            result.method().name(),
                            k,
                            result.figure(label, Metric.HR, k).mean());
                }
            }
            page.chart(byLength);
        }
        LineChart curve = new LineChart("Over the stream, by blocks of a fiftieth", "events", "HR@10");
        for (MethodResult result : results) {
            for (PrequentialAccuracy.Block block : result.curve()) {
                curve.add(result.method().name(), block.until(), block.hr10());
            }
        }
        page.chart(curve).heading("Settings");
        page.list(results.stream()
                .map(result -> result.method().name() + ": " + result.method().settings())
                .toList());
        return page.paragraph("JDK " + environment.jdk() + ", " + environment.os() + ", " + environment.cores()
                + " cores, " + environment.threads() + " methods at a time.");
    }

    private List<List<String>> cells() {
        List<String> labels = List.copyOf(results.get(0).scores().keySet());
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("method"));
        head.addAll(labels);
        rows.add(head);
        for (MethodResult result : results) {
            List<String> row = new ArrayList<>(List.of(result.method().name()));
            labels.forEach(label -> row.add(cell(result, label)));
            rows.add(row);
        }
        return rows;
    }

    static String cell(MethodResult result, String label) {
        Spread hits = result.figure(label, Metric.HR, K);
        return three(hits.mean())
                + " / "
                + three(result.figure(label, Metric.NDCG, K).mean())
                + (Double.isNaN(hits.deviation()) ? "" : " ± " + three(hits.deviation()));
    }

    private List<List<String>> differenceCells() {
        MethodResult first = results.get(0);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(first.method().name() + " minus", "protocol", "HR@10", "95 % interval", "p"));
        for (MethodResult other : results.subList(1, results.size())) {
            for (String label : first.scores().keySet()) {
                PairedBootstrap.Difference difference = difference(first, other, label, Metric.HR);
                rows.add(List.of(
                        other.method().name(),
                        label,
                        String.format(Locale.ROOT, "%+.4f", difference.mean()),
                        String.format(Locale.ROOT, "%+.4f to %+.4f", difference.low(), difference.high()),
                        String.format(Locale.ROOT, "%.3f", difference.p())));
            }
        }
        return rows;
    }

    private List<List<Object>> rows() {
        List<List<Object>> rows = new ArrayList<>();
        rows.add(List.of("data", "method", "protocol", "metric", "mean", "sd", "seeds"));
        for (MethodResult result : results) {
            for (String label : result.scores().keySet()) {
                for (Metric metric : Metric.values()) {
                    for (int k : Metric.CUTOFFS) {
                        Spread figure = result.figure(label, metric, k);
                        rows.add(List.of(
                                log.name(),
                                result.method().name(),
                                label,
                                metric.at(k),
                                figure.mean(),
                                Double.isNaN(figure.deviation()) ? "" : figure.deviation(),
                                result.seeds().size()));
                    }
                }
            }
        }
        return rows;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("data", log.name());
        json.writeStringField("protocol", protocol);
        json.writeStringField("catalogue", log.catalogue().toString());
        json.writeNumberField("events", log.size());
        json.writeNumberField("users", log.users());
        json.writeNumberField("items", log.items());
        json.writeNumberField("repeatsSkipped", log.repeats());
        json.writeFieldName("notes");
        ReportFile.value(json, log.notes());
        json.writeArrayFieldStart("methods");
        for (MethodResult result : results) {
            method(json, result);
        }
        json.writeEndArray();
        differences(json);
        environment.write(json);
    }

    private static void method(JsonGenerator json, MethodResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", result.method().name());
        json.writeFieldName("seeds");
        ReportFile.value(json, result.seeds());
        json.writeObjectFieldStart("metrics");
        boolean prequential = false;
        for (String label : result.scores().keySet()) {
            int dot = label.indexOf('.');
            if (dot > 0 && !prequential) {
                prequential = true;
                json.writeObjectFieldStart(label.substring(0, dot));
            }
            json.writeObjectFieldStart(label.substring(dot + 1));
            figures(json, result, label);
            json.writeEndObject();
        }
        if (prequential) {
            json.writeEndObject();
        }
        json.writeEndObject();
        if (prequential) {
            json.writeNumberField("unranked", result.unranked());
        }
        ReportFile.number(json, "cpuSecondsPerRun", result.seconds());
        json.writeFieldName("notes");
        ReportFile.value(json, result.notes());
        json.writeFieldName("settings");
        ReportFile.value(json, result.method().settings());
        if (!result.curve().isEmpty()) {
            json.writeArrayFieldStart("curve");
            for (PrequentialAccuracy.Block block : result.curve()) {
                json.writeStartObject();
                json.writeNumberField("until", block.until());
                json.writeNumberField("n", block.ranked());
                ReportFile.number(json, "hr10", block.hr10());
                ReportFile.number(json, "ndcg10", block.ndcg10());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void figures(JsonGenerator json, MethodResult result, String label) throws IOException {
        for (Metric metric : Metric.values()) {
            for (int k : Metric.CUTOFFS) {
                ReportFile.number(
                        json, metric.at(k), result.figure(label, metric, k).mean());
            }
        }
        json.writeNumberField("n", result.average(label).rankings());
        json.writeObjectFieldStart("sd");
        for (Metric metric : Metric.values()) {
            for (int k : Metric.CUTOFFS) {
                ReportFile.number(
                        json, metric.at(k), result.figure(label, metric, k).deviation());
            }
        }
        json.writeEndObject();
    }

    private void differences(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("differences");
        MethodResult first = results.get(0);
        for (MethodResult other : results.subList(1, results.size())) {
            for (String label : first.scores().keySet()) {
                for (Metric metric : List.of(Metric.HR, Metric.NDCG)) {
                    PairedBootstrap.Difference difference = difference(first, other, label, metric);
                    json.writeStartObject();
                    json.writeStringField("first", first.method().name());
                    json.writeStringField("second", other.method().name());
                    json.writeStringField("protocol", label);
                    json.writeStringField("metric", metric.at(K));
                    ReportFile.number(json, "mean", difference.mean());
                    ReportFile.number(json, "low95", difference.low());
                    ReportFile.number(json, "high95", difference.high());
                    ReportFile.number(json, "p", difference.p());
                    json.writeEndObject();
                }
            }
        }
        json.writeEndArray();
    }

    /** The table, line by line: HR@10/NDCG@10 by each label, ± the standard deviation of HR@10 over the seeds. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(log.toString());
        String names = nameColumn();
        Set<String> labels = results.get(0).scores().keySet();
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, names, "HR@10/NDCG@10"));
        labels.forEach(label -> head.append(String.format(Locale.ROOT, "%22s", label)));
        lines.add(head.append(String.format(Locale.ROOT, "%10s", "cpu s")).toString());
        for (MethodResult result : results) {
            StringBuilder line = new StringBuilder(
                    String.format(Locale.ROOT, names, result.method().name()));
            for (String label : labels) {
                Spread hits = result.figure(label, Metric.HR, K);
                line.append(String.format(
                        Locale.ROOT,
                        "%22s",
                        three(hits.mean())
                                + "/"
                                + three(result.figure(label, Metric.NDCG, K).mean())
                                + (Double.isNaN(hits.deviation()) ? "" : " ±" + three(hits.deviation()))));
            }
            lines.add(line.append(String.format(Locale.ROOT, "%10.1f", result.seconds()))
                    .toString());
        }
        Set<Long> unranked = new TreeSet<>();
        results.forEach(result -> unranked.add(result.unranked()));
        unranked.remove(0L);
        if (!unranked.isEmpty()) {
            lines.add(unranked + " events were not ranked: their item was no candidate yet");
        }
        lines.addAll(methodNotes());
        return lines;
    }

    /** What people should know of the data set and of each method on it. */
    List<String> notes() {
        List<String> notes = new ArrayList<>(log.notes());
        notes.addAll(methodNotes());
        return notes;
    }

    private List<String> methodNotes() {
        List<String> notes = new ArrayList<>();
        for (MethodResult result : results) {
            result.notes().forEach(note -> notes.add(result.method().name() + ": " + note));
        }
        return notes;
    }

    /** By how much HR@10 of the first method is above each other's, by each label, with a 95 % interval, line by line. */
    public List<String> differenceTable() {
        List<String> lines = new ArrayList<>();
        MethodResult first = results.get(0);
        String names = nameColumn();
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, names, "HR@10, 95 %"));
        first.scores().keySet().forEach(label -> head.append(String.format(Locale.ROOT, "%22s", label)));
        lines.add(head.toString());
        for (MethodResult other : results.subList(1, results.size())) {
            StringBuilder line = new StringBuilder(
                    String.format(Locale.ROOT, names, other.method().name()));
            for (String label : first.scores().keySet()) {
                PairedBootstrap.Difference difference = difference(first, other, label, Metric.HR);
                line.append(String.format(
                        Locale.ROOT,
                        "%22s",
                        String.format(Locale.ROOT, "%+.4f to %+.4f", difference.low(), difference.high())));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** The format of a column of the methods' names, with a blank after the longest. */
    private String nameColumn() {
        int longest = results.stream()
                .mapToInt(result -> result.method().name().length())
                .max()
                .orElse(0);
        return "%-" + Math.max(SHORTEST_NAME_COLUMN, longest + 1) + "s";
    }

    static String three(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.startsWith("0.") ? text.substring(1) : text;
    }
}

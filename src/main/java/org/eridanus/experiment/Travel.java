package org.eridanus.experiment;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.PairedBootstrap;

/**
 * Whether the default preset is good on data sets that nobody chose it for: on each, prequential, it is compared with the
 * best of the online baselines by HR@10 and by NDCG@10 over all events.
 */
public final class Travel {
    private static final int K = 10;

    private final List<Stage> stages = new ArrayList<>();
    private final Environment environment;

    /**
     * One data set.
     *
     * @param report of all methods, the preset first
     * @param rival the online baseline with the highest HR@10
     * @param gainsRival the one with the highest NDCG@10
     * @param hits difference in HR@10 between the preset and its rival
     * @param gains difference in NDCG@10
     */
    private record Stage(
            String data,
            ComparisonReport report,
            String rival,
            String gainsRival,
            PairedBootstrap.Difference hits,
            PairedBootstrap.Difference gains) {
        boolean lost() {
            return hits.significantlyWorse() || gains.significantlyWorse();
        }
    }

    Travel(Environment environment) {
        this.environment = environment;
    }

    /** Runs the preset and all online baselines on each data set. */
    public static Travel run(List<InteractionLog> logs, List<Long> seeds, int threads, Progress progress) {
        Travel travel = new Travel(Environment.current(threads));
        List<String> names = new ArrayList<>(List.of(Methods.DAN));
        names.addAll(Methods.ONLINE_BASELINES);
        for (InteractionLog log : logs) {
            List<MethodResult> results = new Comparison(
                            log,
                            seeds,
                            threads,
                            (done, total, what) -> progress.done(done, total, log.name() + ", " + what))
                    .prequential(Methods.named(names));
            travel.add(log, results);
        }
        return travel;
    }

    /** Takes in a data set's results, the preset's first; by each metric the preset has to stand beside who is best by it. */
    void add(InteractionLog log, List<MethodResult> results) {
        MethodResult preset = results.get(0);
        List<MethodResult> baselines = results.subList(1, results.size());
        MethodResult rival = ComparisonReport.best(baselines, MethodResult.ALL, Metric.HR);
        MethodResult gainsRival = ComparisonReport.best(baselines, MethodResult.ALL, Metric.NDCG);
        stages.add(new Stage(
                log.name(),
                new ComparisonReport(log, "prequential", results, environment),
                rival.method().name(),
                gainsRival.method().name(),
                ComparisonReport.difference(preset, rival, MethodResult.ALL, Metric.HR),
                ComparisonReport.difference(preset, gainsRival, MethodResult.ALL, Metric.NDCG)));
    }

    /** Whether the preset is significantly worse than a rival on any data set: its 95 % interval lies below 0. */
    public boolean lost() {
        return stages.stream().anyMatch(Stage::lost);
    }

    /** What was found, line by line. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        for (Stage stage : stages) {
            lines.addAll(stage.report().table());
            lines.add(String.format(
                    Locale.ROOT,
                    "%s minus %s: HR@%d %+.4f [%+.4f, %+.4f]; minus %s: NDCG@%d %+.4f [%+.4f, %+.4f]: %s",
                    Methods.DAN,
                    stage.rival(),
                    K,
                    stage.hits().mean(),
                    stage.hits().low(),
                    stage.hits().high(),
                    stage.gainsRival(),
                    K,
                    stage.gains().mean(),
                    stage.gains().low(),
                    stage.gains().high(),
                    verdict(stage)));
            lines.add("");
        }
        return lines;
    }

    private static String verdict(Stage stage) {
        if (stage.lost()) {
            return "significantly worse";
        }
        return stage.hits().significantlyBetter() ? "significantly better" : "no significant loss";
    }

    /** Writes JSON. */
    public void write(Path file) {
        ReportFile.json(file, this::write);
    }

    private void write(JsonGenerator json) throws IOException {
        json.writeBooleanField("lost", lost());
        json.writeArrayFieldStart("data");
        for (Stage stage : stages) {
            json.writeStartObject();
            json.writeStringField("name", stage.data());
            json.writeStringField("rival", stage.rival());
            json.writeStringField("rivalByNdcg", stage.gainsRival());
            json.writeStringField("verdict", verdict(stage));
            difference(json, "hr10", stage.hits());
            difference(json, "ndcg10", stage.gains());
            json.writeObjectFieldStart("comparison");
            stage.report().write(json);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void difference(JsonGenerator json, String name, PairedBootstrap.Difference difference)
            throws IOException {
        json.writeObjectFieldStart(name);
        ReportFile.number(json, "difference", difference.mean());
        ReportFile.number(json, "low95", difference.low());
        ReportFile.number(json, "high95", difference.high());
        ReportFile.number(json, "p", difference.p());
        json.writeEndObject();
    }
}

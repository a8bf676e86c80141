package org.eridanus.experiment;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.PairedBootstrap;
import org.eridanus.evaluation.Spread;
import org.eridanus.evaluation.UserScores;
import org.eridanus.experiment.PaperRun.Model;

/** The paper's figures and tables as our runs give them, beside what the paper prints, and which of its orderings hold. */
final class PaperReport {
    private static final int K = 10;
    private static final long BOOTSTRAP_SEED = 1;
    private static final List<Metric> METRICS = List.of(Metric.HR, Metric.NDCG);

    private final InteractionLog log;
    private final PaperPlan plan;
    private final PaperJournal journal;
    private final Map<PaperRun, UserScores> scores = new HashMap<>();
    private final Environment environment;
    private final List<String> findings;

    /** A report of the runs of a plan, all of which are in the journal. */
    PaperReport(InteractionLog log, PaperPlan plan, PaperJournal journal, Environment environment) {
        this.log = log;
        this.plan = plan;
        this.journal = journal;
        this.environment = environment;
        plan.runs().forEach(run -> scores.put(run, journal.scores(run).orElseThrow()));
        this.findings = List.copyOf(found());
    }

    /** Writes figures, settings and findings as JSON, and beside them the page and the figures as CSV. */
    void write(Path file) {
        ReportFile.json(file, this::json);
        CsvReport.write(ReportFile.beside(file, ".csv"), rows());
        page(ReportFile.beside(file, ".html"));
    }

    private void json(JsonGenerator json) throws IOException {
        json.writeStringField("data", log.toString());
        json.writeFieldName("notes");
        ReportFile.value(json, log.notes());
        json.writeStringField("protocol", "p20");
        json.writeNumberField("epochs", plan.epochs());
        json.writeArrayFieldStart("runs");
        for (PaperRun run : plan.runs()) {
            json.writeStartObject();
            json.writeStringField("model", run.model().toString());
            json.writeNumberField("factor", run.factor());
            json.writeNumberField("layers", run.layers());
            json.writeNumberField("batch", run.batch());
            json.writeNumberField("negatives", run.negatives());
            json.writeNumberField("seed", run.seed());
            json.writeNumberField("starts", journal.starts(run));
            for (Metric metric : Metric.values()) {
                for (int k : Metric.CUTOFFS) {
                    ReportFile.number(json, metric.at(k), scores(run).mean(metric, k));
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("findings");
        for (String finding : findings) {
            json.writeString(finding);
        }
        json.writeEndArray();
        environment.write(json);
    }

    private void page(Path file) {
        HtmlReport page = new HtmlReport("Deep association networks: the paper's experiments, run again")
                .paragraph(log.toString())
                .list(log.notes())
                .paragraph("Leave-one-out by the paper's protocol: each user's last item among 20 random items that the"
                        + " user never touched. Mean over " + plan.seeds().size()
                        + (plan.seeds().size() == 1 ? " seed, " : " seeds, ") + plan.epochs()
                        + " epochs (the paper names no number), binary cross-entropy, Adam at .01, embeddings from"
                        + " N(0, .01²); weights of the layers from N(0, 2 / inputs), because the paper's N(0, .01²)"
                        + " with ReLU hardly starts to learn. DAN joins category vectors by Hadamard product.")
                .heading("What cannot be right")
                .paragraph(String.format(
                        Locale.ROOT,
                        "A random ranker puts the test item among the first 10 of 21 in 10/21 = %.3f of all cases. Of the"
                                + " paper's 80 values of HR@10 in Tables 3 and 5, %d lie below that, and the highest is .650;"
                                + " ours lie between %.3f and %.3f. Its absolute figures cannot be compared with a correct"
                                + " implementation of its protocol; its orderings can.",
                        PaperValues.CHANCE,
                        PaperValues.belowChance(),
                        extreme(true),
                        extreme(false)))
                .heading("Which of its orderings hold")
                .list(findings);
        figures(page);
        tables(page);
        page.paragraph("JDK " + environment.jdk() + ", " + environment.os() + ", " + environment.cores() + " cores, "
                + environment.threads() + " runs at a time.");
        page.write(file);
    }

    /** Which networks were begun more than once. */
    private Optional<String> restarted() {
        List<String> restarted = plan.runs().stream()
                .filter(run -> journal.starts(run) > 1)
                .map(run -> run.key() + " (" + journal.starts(run) + ")")
                .toList();
        return restarted.isEmpty()
                ? Optional.empty()
                : Optional.of("Begun more than once, because all ReLUs of a layer were dead and every item had the same"
                        + " score, with the number of starts: " + String.join(", ", restarted) + ".");
    }

    private double extreme(boolean lowest) {
        double extreme = lowest ? 1.0 : 0.0;
        for (int factor : plan.tableFactors()) {
            for (int layers : plan.layers()) {
                for (Model model : List.of(Model.MLP_2, Model.MLP_5)) {
                    double value = mean(seed -> PaperPlan.cell(model, factor, layers, seed), Metric.HR, K);
                    extreme = lowest ? Math.min(extreme, value) : Math.max(extreme, value);
                }
            }
        }
        return extreme;
    }

    private void figures(HtmlReport page) {
        page.heading("RQ1: Figs. 6 and 7, by predictive factor");
        for (int batch : plan.batches()) {
            for (Metric metric : METRICS) {
                LineChart chart = new LineChart(
                                metric + "@10, batch " + batch + (batch == PaperPlan.BATCH ? " (Fig. 7)" : ""),
                                "predictive factor",
                                metric + "@10")
                        .logarithmic();
                for (Model model : Model.values()) {
                    for (int factor : plan.factors()) {
                        chart.add(
                                model.toString(),
                                factor,
                                mean(seed -> PaperPlan.comparison(model, factor, batch, seed), metric, K));
                    }
                }
                page.chart(chart);
            }
        }
        page.heading("RQ1: Fig. 8, by length of the list");
        for (Metric metric : METRICS) {
            LineChart chart = new LineChart(metric + "@k, factor " + PaperPlan.FACTOR, "k", metric + "@k");
            for (Model model : Model.values()) {
                for (int k : Metric.CUTOFFS) {
                    chart.add(
                            model.toString(),
                            k,
                            mean(
                                    seed -> PaperPlan.comparison(model, PaperPlan.FACTOR, PaperPlan.BATCH, seed),
                                    metric,
                                    k));
                }
            }
            page.chart(chart);
        }
        page.heading("RQ2: Fig. 9, by number of negatives");
        for (Metric metric : METRICS) {
            LineChart chart =
                    new LineChart(metric + "@10, factor " + PaperPlan.FACTOR, "negatives a positive", metric + "@10");
            for (Model model : Model.values()) {
                for (int negatives : plan.negatives()) {
                    chart.add(
                            model.toString(),
                            negatives,
                            mean(seed -> PaperPlan.withNegatives(model, negatives, seed), metric, K));
                }
            }
            page.chart(chart);
        }
    }

    private void tables(HtmlReport page) {
        page.heading("RQ3: Tables 3 to 6, by number of hidden layers n; ours, and the paper's in brackets");
        table(page, "Table 3: HR@10 of MLP_2_n", Model.MLP_2, Metric.HR, PaperValues.HR_MLP_2);
        table(page, "Table 4: NDCG@10 of MLP_2_n", Model.MLP_2, Metric.NDCG, PaperValues.NDCG_MLP_2);
        table(page, "Table 5: HR@10 of MLP_5_n", Model.MLP_5, Metric.HR, PaperValues.HR_MLP_5);
        table(
                page,
                "Table 6: NDCG@10 of MLP_5_n (the paper's values are not in the text at hand)",
                Model.MLP_5,
                Metric.NDCG,
                new double[0][]);
    }

    private void table(HtmlReport page, String title, Model model, Metric metric, double[][] paper) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("factors"));
        plan.layers().forEach(n -> head.add("n = " + n));
        rows.add(head);
        for (int factor : plan.tableFactors()) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(factor)));
            for (int n : plan.layers()) {
                Spread spread = spread(seed -> PaperPlan.cell(model, factor, n, seed), metric, K);
                String ours = ComparisonReport.three(spread.mean())
                        + (Double.isNaN(spread.deviation()) ? "" : " ± " + ComparisonReport.three(spread.deviation()));
                int line = PaperValues.FACTORS.indexOf(factor);
                row.add(paper.length == 0 ? ours : ours + " (" + ComparisonReport.three(paper[line][n]) + ")");
            }
            rows.add(row);
        }
        List<String> average = new ArrayList<>(List.of("average"));
        for (int n : plan.layers()) {
            average.add(ComparisonReport.three(averaged(model, n).mean(metric, K)));
        }
        rows.add(average);
        page.paragraph(title).table(rows);
    }

    /** What the paper's text states, each with what our runs say of it. */
    List<String> findings() {
        return findings;
    }

    private List<String> found() {
        List<String> findings = new ArrayList<>();
        UserScores dan = compared(Model.DAN);
        UserScores ncf = compared(Model.NCF);
        UserScores gmf = compared(Model.GMF);
        UserScores mlp = compared(Model.MLP_2);
        UserScores wide = compared(Model.MLP_5);
        UserScores neighbours = compared(Model.USER_KNN);
        findings.add(ordering("RQ1: DAN is better than NCF", dan, ncf));
        findings.add(ordering("RQ1: NCF is better than GMF", ncf, gmf));
        findings.add(ordering("RQ1: NCF is better than MLP", ncf, mlp));
        findings.add(ordering("RQ1: GMF is slightly better than MLP", gmf, mlp));
        findings.add(ordering("RQ1: MLP_5 is better than MLP_2", wide, mlp));
        findings.add(ordering("RQ1: userKNN is the worst, here below MLP_2", mlp, neighbours));
        findings.add(ordering("RQ1: userKNN is the worst, here below MLP_5", wide, neighbours));
        findings.add(ordering("RQ1: userKNN is the worst, here below GMF", gmf, neighbours));
        findings.add(ordering("RQ1: userKNN is the worst, here below NCF", ncf, neighbours));
        findings.add(ordering("RQ1: userKNN is the worst, here below DAN", dan, neighbours));
        findings.add(bestFactor());
        findings.add(ordering("RQ1: DAN is the best, here above GMF", dan, gmf));
        findings.add(ordering("RQ1: DAN is the best, here above MLP_2", dan, mlp));
        findings.add(ordering("RQ1: DAN is the best, here above MLP_5", dan, wide));
        for (int k : Metric.CUTOFFS) {
            LongFunction<PaperRun> first =
                    seed -> PaperPlan.comparison(Model.DAN, PaperPlan.FACTOR, PaperPlan.BATCH, seed);
            LongFunction<PaperRun> second =
                    seed -> PaperPlan.comparison(Model.NCF, PaperPlan.FACTOR, PaperPlan.BATCH, seed);
            findings.add(ordering("RQ1, Fig. 8: DAN is better than NCF", average(first), average(second), k));
        }
        findings.add(bestNegatives());
        for (int negatives : plan.negatives()) {
            findings.add(ordering(
                    "RQ2: with " + negatives + " negatives DAN is better than NCF",
                    average(seed -> PaperPlan.withNegatives(Model.DAN, negatives, seed)),
                    average(seed -> PaperPlan.withNegatives(Model.NCF, negatives, seed))));
        }
        int deepest = plan.layers().get(plan.layers().size() - 1);
        int shallowest = plan.layers().get(0);
        for (Model model : List.of(Model.MLP_2, Model.MLP_5)) {
            findings.add(ordering(
                    "RQ3: " + model + " with " + deepest + " layers is better than with " + shallowest,
                    averaged(model, deepest),
                    averaged(model, shallowest)));
        }
        for (int n : plan.layers()) {
            if (n > shallowest) {
                findings.add(ordering(
                        "RQ3: MLP_2_" + n + ", deep and narrow, is better than MLP_5_" + shallowest
                                + ", wide and shallow",
                        averaged(Model.MLP_2, n),
                        averaged(Model.MLP_5, shallowest)));
            }
        }
        for (int n : plan.layers()) {
            findings.add(ordering(
                    "RQ3: MLP_5_" + n + " is better than MLP_2_" + n,
                    averaged(Model.MLP_5, n),
                    averaged(Model.MLP_2, n)));
        }
        restarted().ifPresent(findings::add);
        findings.addAll(PaperExperiment.notes(log));
        return findings;
    }

    private String bestFactor() {
        int best =
                best(plan.factors(), (factor, seed) -> PaperPlan.comparison(Model.DAN, factor, PaperPlan.BATCH, seed));
        return "RQ1: the best number of factors is neither the lowest nor the highest: "
                + isBetween(best, plan.factors()) + " for DAN by HR@10, where it is " + best + " of " + plan.factors();
    }

    private String bestNegatives() {
        int best = best(plan.negatives(), (negatives, seed) -> PaperPlan.withNegatives(Model.DAN, negatives, seed));
        return "RQ2: more negatives help at first, then no longer: " + isBetween(best, plan.negatives())
                + " for DAN by HR@10, whose best number is " + best + " of " + plan.negatives();
    }

    /** The run of one of the values that something is varied over. */
    private interface Varied {
        PaperRun run(int value, long seed);
    }

    /** The value whose runs have the highest HR@10. */
    private int best(List<Integer> values, Varied varied) {
        int best = values.get(0);
        double highest = 0.0;
        for (int value : values) {
            double hits = mean(seed -> varied.run(value, seed), Metric.HR, K);
            if (hits > highest) {
                highest = hits;
                best = value;
            }
        }
        return best;
    }

    private static String isBetween(int value, List<Integer> values) {
        return value != values.get(0) && value != values.get(values.size() - 1) ? "so" : "not so";
    }

    private static String ordering(String claim, UserScores better, UserScores worse) {
        return ordering(claim, better, worse, K);
    }

    private static String ordering(String claim, UserScores better, UserScores worse, int k) {
        PairedBootstrap.Difference hits = PairedBootstrap.compare(better, worse, Metric.HR, k, BOOTSTRAP_SEED);
        PairedBootstrap.Difference gains = PairedBootstrap.compare(better, worse, Metric.NDCG, k, BOOTSTRAP_SEED);
        return String.format(
                Locale.ROOT,
                "%s: HR@%d %+.4f [%+.4f, %+.4f], %s; NDCG@%d %+.4f [%+.4f, %+.4f], %s",
                claim,
                k,
                hits.mean(),
                hits.low(),
                hits.high(),
                verdict(hits),
                k,
                gains.mean(),
                gains.low(),
                gains.high(),
                verdict(gains));
    }

    private static String verdict(PairedBootstrap.Difference difference) {
        if (difference.significantlyBetter()) {
            return "holds";
        }
        return difference.significantlyWorse() ? "the other way round" : "undecided";
    }

    /** A model over all factors and seeds, at the batch that all figures share. */
    private UserScores compared(Model model) {
        List<UserScores> runs = new ArrayList<>();
        for (int factor : plan.factors()) {
            for (long seed : plan.seeds()) {
                runs.add(scores(PaperPlan.comparison(model, factor, PaperPlan.BATCH, seed)));
            }
        }
        return UserScores.average(runs);
    }

    /** A number of layers over all factors and seeds. */
    private UserScores averaged(Model model, int layers) {
        List<UserScores> runs = new ArrayList<>();
        for (int factor : plan.tableFactors()) {
            for (long seed : plan.seeds()) {
                runs.add(scores(PaperPlan.cell(model, factor, layers, seed)));
            }
        }
        return UserScores.average(runs);
    }

    private UserScores average(LongFunction<PaperRun> run) {
        return UserScores.average(
                plan.seeds().stream().map(seed -> scores(run.apply(seed))).toList());
    }

    private Spread spread(LongFunction<PaperRun> run, Metric metric, int k) {
        return Spread.of(plan.seeds().stream()
                .map(seed -> scores(run.apply(seed)).mean(metric, k))
                .toList());
    }

    private double mean(LongFunction<PaperRun> run, Metric metric, int k) {
        return spread(run, metric, k).mean();
    }

    private UserScores scores(PaperRun run) {
        UserScores found = scores.get(run);
        if (found == null) {
            throw new IllegalStateException("the plan must hold every run of the report, and lacks " + run.key());
        }
        return found;
    }

    private List<List<Object>> rows() {
        List<List<Object>> rows = new ArrayList<>();
        List<Object> head = new ArrayList<>(List.of("model", "factor", "layers", "batch", "negatives", "seed"));
        for (Metric metric : Metric.values()) {
            Metric.CUTOFFS.forEach(k -> head.add(metric.at(k)));
        }
        rows.add(head);
        for (PaperRun run : plan.runs()) {
            List<Object> row = new ArrayList<>(
                    List.of(run.model(), run.factor(), run.layers(), run.batch(), run.negatives(), run.seed()));
            for (Metric metric : Metric.values()) {
                Metric.CUTOFFS.forEach(k -> row.add(scores(run).mean(metric, k)));
            }
            rows.add(row);
        }
        return rows;
    }
}

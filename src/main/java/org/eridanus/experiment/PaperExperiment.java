package org.eridanus.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.eridanus.baseline.ItemScorer;
import org.eridanus.baseline.UserKnn;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.Protocol;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.PaperModels;

/**
 * The paper's experiments: RQ1 (Figs. 6 to 8), RQ2 (Fig. 9) and RQ3 (Tables 3 to 6), by its own protocol P20. Each run is
 * noted in a journal beside the report as soon as it is done; an interrupted experiment goes on from there.
 */
public final class PaperExperiment {
    /** Rounds over the data where nothing else is asked for; the paper does not say how many it took. */
    public static final int EPOCHS = 10;

    /** The same of the small version. */
    public static final int QUICK_EPOCHS = 5;

    private PaperExperiment() {}

    /**
     * Runs it and writes the figures as JSON, and beside them the page and CSV.
     *
     * @param quick a few points of each figure and table, of one seed and few epochs
     * @param epochs rounds over the data
     * @param file of the JSON; page, CSV and journal are beside it, with endings of their own
     * @return what was found, for people
     */
    public static List<String> run(
            InteractionLog log,
            boolean quick,
            List<Long> seeds,
            int epochs,
            int threads,
            Path file,
            Progress progress) {
        PaperPlan plan = quick ? PaperPlan.quick(seeds.subList(0, 1), epochs) : PaperPlan.full(seeds, epochs);
        PaperJournal journal = new PaperJournal(
                ReportFile.beside(file, ".journal"),
                "paper 2, " + log + ", " + plan.epochs() + " epochs"
                        + notes(log).stream().map(note -> "; " + note).collect(Collectors.joining()),
                log.users());
        List<Workers.Part<PaperRun>> parts = new ArrayList<>();
        List<PaperRun> runs = plan.runs();
        for (PaperRun run : runs) {
            if (journal.scores(run).isEmpty()) {
                parts.add(new Workers.Part<>(run.key(), false, () -> {
                    train(run, log, plan.epochs(), journal);
                    return run;
                }));
            }
        }
        int before = runs.size() - parts.size();
        Workers.run(parts, threads, (done, total, what) -> progress.done(before + done, runs.size(), what));
        PaperReport report = new PaperReport(log, plan, journal, Environment.current(threads));
        report.write(file);
        return report.findings();
    }

    /** Trains and ranks. */
    private static void train(PaperRun run, InteractionLog log, int epochs, PaperJournal journal) {
        LeaveOneOut split = new LeaveOneOut(log.sequences(), log.items(), LeaveOneOut.Held.TEST);
        ItemScorer scorer = Judge.fitted(scorer(run, log, epochs), log, split);
        int[] ranks = split.ranks(scorer::score, List.of(Protocol.P20), run.seed())
                .values()
                .iterator()
                .next();
        journal.add(run, ranks, scorer instanceof OfflineDan network ? network.starts() : 1);
    }

    private static ItemScorer scorer(PaperRun run, InteractionLog log, int epochs) {
        if (run.model() == PaperRun.Model.USER_KNN) {
            return new UserKnn(log.users(), log.items(), run.factor());
        }
        ModelDefinition definition = PaperModels.withScaledWeights(definition(run));
        return new OfflineDan(
                log,
                PresentCategories.of(
                        definition.with(definition.settings().toBuilder()
                                .batch(run.batch())
                                .negatives(run.negatives())
                                .seed(run.seed())
                                .build()),
                        log),
                epochs);
    }

    /** What the models go without on a data set, for people; empty if nothing. */
    static List<String> notes(InteractionLog log) {
        List<String> notes = new ArrayList<>();
        for (PaperRun.Model model : List.of(PaperRun.Model.MLP_5, PaperRun.Model.DAN)) {
            ModelDefinition wanted = definition(PaperPlan.cell(model, PaperPlan.FACTOR, 1, 1));
            PresentCategories.notes(wanted, log).forEach(note -> notes.add(model + ": " + note));
        }
        return notes;
    }

    private static ModelDefinition definition(PaperRun run) {
        return switch (run.model()) {
            case USER_KNN -> throw new IllegalArgumentException("userKNN is no network");
            case GMF -> PaperModels.gmf(run.factor());
            case MLP_2 -> PaperModels.mlp2(run.factor(), run.layers());
            case MLP_5 -> PaperModels.mlp5(run.factor(), run.layers());
            case NCF -> PaperModels.ncf(run.factor());
            case DAN -> PaperModels.dan(run.factor(), JointFeature.Form.HADAMARD);
        };
    }
}

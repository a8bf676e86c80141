package org.eridanus.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** How often a network is begun at most. */
    private static final int MOST_STARTS = 20;

    /** From the seed of one start to that of the next, far from those of other runs. */
    private static final long NEXT_START = 1_000_003L;

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
                ReportFile.beside(file, ".journal"), "paper 2, " + log + ", " + plan.epochs() + " epochs", log.users());
        List<Workers.Part<PaperRun>> parts = new ArrayList<>();
        List<PaperRun> runs = plan.runs();
        for (PaperRun run : runs) {
            if (journal.scores(run).isEmpty()) {
                parts.add(new Workers.Part<>(run.key(), () -> {
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

    /**
     * Trains and ranks. A network of one or two ReLUs a layer may start, or end, with all of one layer dead, and then gives
     * every item the same score: that says nothing of the method, so it is begun anew from other weights.
     */
    private static void train(PaperRun run, InteractionLog log, int epochs, PaperJournal journal) {
        LeaveOneOut split = new LeaveOneOut(log.sequences(), log.items(), LeaveOneOut.Held.TEST);
        int starts = 0;
        ItemScorer scorer;
        do {
            long seed = run.seed() + NEXT_START * starts;
            scorer = Judge.fitted(scorer(run, seed, log, epochs), log, split);
            starts++;
        } while (isDead(scorer, log.items()) && starts < MOST_STARTS);
        int[] ranks = split.ranks(scorer::score, List.of(Protocol.P20), run.seed())
                .values()
                .iterator()
                .next();
        journal.add(run, ranks, starts);
    }

    private static boolean isDead(ItemScorer scorer, int items) {
        float[] scores = new float[items];
        scorer.score(0, scores);
        for (float score : scores) {
            if (score != scores[0]) {
                return false;
            }
        }
        return true;
    }

    private static ItemScorer scorer(PaperRun run, long seed, InteractionLog log, int epochs) {
        if (run.model() == PaperRun.Model.USER_KNN) {
            return new UserKnn(log.users(), log.items(), run.factor());
        }
        ModelDefinition definition = PaperModels.withScaledWeights(definition(run));
        return new OfflineDan(
                log,
                definition.with(definition.settings().toBuilder()
                        .batch(run.batch())
                        .negatives(run.negatives())
                        .seed(seed)
                        .build()),
                epochs);
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

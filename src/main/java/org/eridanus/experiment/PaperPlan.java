package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eridanus.experiment.PaperRun.Model;

/**
 * What the paper varies (section 5.1), one thing at a time around a batch of 480, 2 negatives and three hidden layers.
 *
 * @param factors predictive factors of Figs. 6 to 8
 * @param batches sizes of mini-batches of Fig. 6
 * @param negatives numbers of negatives of Fig. 9
 * @param tableFactors factors of Tables 3 to 6
 * @param layers numbers of hidden layers of Tables 3 to 6
 * @param seeds how often each is trained
 * @param epochs rounds over the data
 */
record PaperPlan(
        List<Integer> factors,
        List<Integer> batches,
        List<Integer> negatives,
        List<Integer> tableFactors,
        List<Integer> layers,
        List<Long> seeds,
        int epochs) {
    /** The batch of everything but Fig. 6. */
    static final int BATCH = 480;

    /** The negatives of everything but Fig. 9. */
    static final int NEGATIVES = 2;

    /** The hidden layers of everything but the tables. */
    static final int LAYERS = 3;

    /** The factor where the paper names none: Figs. 8 and 9. */
    static final int FACTOR = 16;

    private static final int NEIGHBOURS = 50;

    /** Everything that the paper varies. */
    static PaperPlan full(List<Long> seeds, int epochs) {
        return new PaperPlan(
                List.of(2, 4, 8, 16, 32),
                List.of(60, 120, 240, 480, 960),
                List.of(2, 4, 6, 8, 10),
                List.of(1, 2, 4, 8, 16, 32, 64, 128),
                List.of(0, 1, 2, 3, 4),
                seeds,
                epochs);
    }

    /** A few points of each figure and table. */
    static PaperPlan quick(List<Long> seeds, int epochs) {
        return new PaperPlan(
                List.of(4, 16), List.of(BATCH), List.of(2, 6), List.of(8), List.of(0, 2, 4), seeds, epochs);
    }

    /** The run of Figs. 6 to 8. */
    static PaperRun comparison(Model model, int factor, int batch, long seed) {
        return model == Model.USER_KNN ? neighbours(seed) : new PaperRun(model, factor, LAYERS, batch, NEGATIVES, seed);
    }

    /** The run of Fig. 9. */
    static PaperRun withNegatives(Model model, int negatives, long seed) {
        return model == Model.USER_KNN ? neighbours(seed) : new PaperRun(model, FACTOR, LAYERS, BATCH, negatives, seed);
    }

    /** The run of Tables 3 to 6. */
    static PaperRun cell(Model model, int factor, int layers, long seed) {
        return new PaperRun(model, factor, layers, BATCH, NEGATIVES, seed);
    }

    private static PaperRun neighbours(long seed) {
        return new PaperRun(Model.USER_KNN, NEIGHBOURS, 0, 0, 0, seed);
    }

    /** Every run that is needed, none twice. */
    List<PaperRun> runs() {
        Set<PaperRun> runs = new LinkedHashSet<>();
        for (long seed : seeds) {
            for (Model model : Model.values()) {
                for (int factor : factors) {
                    for (int batch : batches) {
                        runs.add(comparison(model, factor, batch, seed));
                    }
                }
                for (int n : negatives) {
                    runs.add(withNegatives(model, n, seed));
                }
            }
            for (int factor : tableFactors) {
                for (int layer : layers) {
                    runs.add(cell(Model.MLP_2, factor, layer, seed));
                    runs.add(cell(Model.MLP_5, factor, layer, seed));
                }
            }
        }
        return new ArrayList<>(runs);
    }
}

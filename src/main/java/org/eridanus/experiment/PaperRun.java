package org.eridanus.experiment;

import java.util.Locale;

/**
 * One model of the paper, trained once.
 *
 * @param model which one
 * @param factor predictive factor; for userKNN the number of neighbours
 * @param layers hidden layers
 * @param batch events in a mini-batch
 * @param negatives drawn for each positive
 * @param seed of everything random
 */
record PaperRun(Model model, int factor, int layers, int batch, int negatives, long seed) {
    /** The models that the paper compares. */
    enum Model {
        /** User-based collaborative filtering. */
        USER_KNN("userKNN"),
        /** Generalised matrix factorisation. */
        GMF("GMF"),
        /** A multi-layer perceptron over user and item. */
        MLP_2("MLP_2"),
        /** The same over user, item, occupation, gender and age. */
        MLP_5("MLP_5"),
        /** Neural collaborative filtering (NeuMF). */
        NCF("NCF"),
        /** The paper's own, category vectors joined by Hadamard product. */
        DAN("DAN");

        private final String label;

        Model(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** What identifies the run in files. */
    String key() {
        return String.format(Locale.ROOT, "%s f%d l%d b%d n%d s%d", model, factor, layers, batch, negatives, seed);
    }

    /** The same with another seed. */
    PaperRun withSeed(long other) {
        return new PaperRun(model, factor, layers, batch, negatives, other);
    }
}

package org.eridanus.baseline;

/** The items' Gram matrix XᵀX of binary interactions X [users, items]: how many users consumed both of a pair. */
final class Gram {
    private Gram() {}

    /** XᵀX, symmetric, so by row and by column alike, [items · items]. */
    static double[] of(Histories histories, int items) {
        double[] gram = new double[items * items];
        for (int user = 0; user < histories.users(); user++) {
            int[] consumed = histories.items(user);
            for (int p = 0; p < histories.size(user); p++) {
                int row = consumed[p] * items;
                for (int q = 0; q < histories.size(user); q++) {
                    gram[row + consumed[q]]++;
                }
            }
        }
        return gram;
    }
}

package org.eridanus.evaluation;

/**
 * Counts the items that stand before the relevant one. Ties never favour anybody: the rank is one more than the number
 * of strictly higher scores, plus a uniformly random share of the equal ones.
 */
public final class RankCount {
    private RankCount() {}

    /**
     * The rank from its counts.
     *
     * @param higher items with a strictly higher score
     * @param equal other items with the same score
     * @param uniform a uniform number in [0, 1)
     */
    public static int rank(int higher, int equal, double uniform) {
        return 1 + higher + (int) (uniform * (equal + 1));
    }
}

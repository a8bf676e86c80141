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

    /**
     * The rank of an item among candidates by their scores.
     *
     * @param scores by item
     * @param candidates item indices, {@code item} among them
     * @param count how many of them are valid
     * @param item whose rank is asked for
     * @param uniform a uniform number in [0, 1)
     * @throws IllegalStateException if a candidate's score is not a number
     */
    public static int rank(float[] scores, int[] candidates, int count, int item, double uniform) {
        float own = scores[item];
        int higher = 0;
        int equal = -1;
        int lower = 0;
        for (int i = 0; i < count; i++) {
            float score = scores[candidates[i]];
            higher += score > own ? 1 : 0;
            equal += score == own ? 1 : 0;
            lower += score < own ? 1 : 0;
        }
        if (higher + lower + equal + 1 != count || equal < 0) {
            throw new IllegalStateException("every candidate must have a score and the ranked item must be one, got "
                    + own + " for item " + item + " among " + count + " candidates, "
                    + (count - higher - lower - equal - 1) + " of them without order: look for NaN");
        }
        return rank(higher, equal, uniform);
    }

    /**
     * The same for a model at work, which may have diverged: an item whose score is not a number is the last, and no
     * other item stands behind it.
     *
     * @param scores by item
     * @param candidates item indices, {@code item} among them
     * @param count how many of them are valid
     * @param item whose rank is asked for
     * @param uniform a uniform number in [0, 1)
     */
    public static int rankOrLast(float[] scores, int[] candidates, int count, int item, double uniform) {
        float own = scores[item];
        if (Float.isNaN(own)) {
            return count;
        }
        int higher = 0;
        int equal = -1;
        for (int i = 0; i < count; i++) {
            float score = scores[candidates[i]];
            higher += score > own ? 1 : 0;
            equal += score == own ? 1 : 0;
        }
        return rank(higher, equal, uniform);
    }

    /**
     * The same where each candidate's score stands at a place of its own.
     *
     * @param scores of the candidates, in any order
     * @param count how many of them are valid
     * @param own the score of the item whose rank is asked for, one of them
     * @param uniform a uniform number in [0, 1)
     */
    public static int rankOrLast(float[] scores, int count, float own, double uniform) {
        if (Float.isNaN(own)) {
            return count;
        }
        int higher = 0;
        int equal = -1;
        for (int i = 0; i < count; i++) {
            higher += scores[i] > own ? 1 : 0;
            equal += scores[i] == own ? 1 : 0;
        }
        return rank(higher, equal, uniform);
    }
}

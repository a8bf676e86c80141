package org.eridanus.evaluation;

import org.jspecify.annotations.Nullable;

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
        Counts counts = Counts.of(scores, candidates, count, own);
        int unordered = count - 1 - counts.higher - counts.equal - counts.lower;
        if (unordered != 0 || counts.equal < 0) {
            throw new IllegalStateException("every candidate must have a score and the ranked item must be one, got "
                    + own + " for item " + item + " among " + count + " candidates, " + unordered
                    + " of them without order: look for NaN");
        }
        return rank(counts.higher, counts.equal, uniform);
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
        return rankOrLast(Counts.of(scores, candidates, count, scores[item]), scores[item], count, uniform);
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
        return rankOrLast(Counts.of(scores, null, count, own), own, count, uniform);
    }

    private static int rankOrLast(Counts counts, float own, int count, double uniform) {
        return Float.isNaN(own) ? count : rank(counts.higher, counts.equal, uniform);
    }

    /**
     * How candidates stand to the item whose rank is asked for, which is one of them and not counted.
     *
     * @param higher those with a strictly higher score
     * @param equal those with the same score, −1 where the item is no candidate
     * @param lower those with a strictly lower score; what is none of these has no order
     */
    private record Counts(int higher, int equal, int lower) {
        /**
         * Counts them.
         *
         * @param candidates where their scores are, null where they are the first ones
         */
        static Counts of(float[] scores, int @Nullable [] candidates, int count, float own) {
            int higher = 0;
            int equal = -1;
            int lower = 0;
            for (int i = 0; i < count; i++) {
                float score = scores[candidates == null ? i : candidates[i]];
                higher += score > own ? 1 : 0;
                equal += score == own ? 1 : 0;
                lower += score < own ? 1 : 0;
            }
            return new Counts(higher, equal, lower);
        }
    }
}

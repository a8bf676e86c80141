package org.eridanus.evaluation;

/** Scores the whole catalogue for a user: what is ranked. */
@FunctionalInterface
public interface ScoreFunction {
    /**
     * Scores every item for a user.
     *
     * @param user index of the user
     * @param scores out, [items]; every value is overwritten, the higher the better, NaN nowhere
     */
    void score(int user, float[] scores);
}

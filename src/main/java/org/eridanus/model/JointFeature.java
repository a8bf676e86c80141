package org.eridanus.model;

/**
 * A combination as the network computes it, by Hadamard product of two category vectors: which sides depend on the
 * candidate item decides where it can act. Sealed, because scoring and learning handle each kind in its own way.
 */
public sealed interface JointFeature {
    /** The combination's name, e.g. {@code recent·item}. */
    String name();

    /**
     * A category derived from the history, combined with the candidate. Both sides share one table (tied): q = Σₚ dᵖ
     * V[hₚ] / √(Σₚ dᵖ), p = 0 the newest.
     *
     * @param length newest items taken
     * @param decay d, weight of each further item, in (0, 1]
     */
    record HistoryWithItem(String name, int length, float decay) implements JointFeature {}

    /**
     * A category of the user or the event, combined with the candidate: q is the active value's row.
     *
     * @param category the category, which is also its table's name
     */
    record CategoryWithItem(String name, String category) implements JointFeature {}

    /**
     * Two categories that do not depend on the candidate; the combination can act only through the tower.
     *
     * @param left one category
     * @param right the other
     */
    record CategoryWithCategory(String name, String left, String right) implements JointFeature {}
}

package org.eridanus.evaluation;

import java.util.Locale;

/** Among which items the held-out item of a user is ranked. */
public enum Protocol {
    /** With 20 random items that the user never touched (the paper's); a random ranker has HR@10 = 10/21. */
    P20(20),
    /** With 99 random items that the user never touched (He et al., Neural Collaborative Filtering, 2017). */
    P99(99),
    /** With every item that is not in the user's training history. */
    FULL(0);

    private final int negatives;

    Protocol(int negatives) {
        this.negatives = negatives;
    }

    /** Items drawn beside the held-out one, 0 where none are drawn and all are taken. */
    public int negatives() {
        return negatives;
    }

    /** The spelling in reports, e.g. {@code p99}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The protocol of a label.
     *
     * @throws IllegalArgumentException for a label that none has
     */
    public static Protocol labelled(String label) {
        for (Protocol protocol : values()) {
            if (protocol.label().equals(label)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("protocol must be p20, p99 or full, got '" + label + "'");
    }
}

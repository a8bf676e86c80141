package org.eridanus.model;

import java.util.Locale;

/**
 * Keeps what is not a number, or explodes, away from the parameters: a step whose loss is none, or the norm of whose gradient
 * over all parameters that it would move exceeds the limit, is left out as a whole, and counted by its reason. A step is a
 * mini-batch's ({@link JointLearner}), an example's ({@link AssociationLearner}), an event's ({@link MixingLearner}), or the
 * re-ranking tower's ({@link IncrementalLearner}); what is refused leaves every row, bit for bit, as it was.
 *
 * <p>Threading: counted by the network's one writer; not thread-safe.
 */
public final class LearningGuard {
    /** Why something was not learned. */
    public enum Reason {
        /** The loss is infinite or not a number. */
        NON_FINITE_LOSS,
        /** The norm of a gradient exceeds {@link ModelSettings#maxGradient}, or is not a number. */
        EXPLODING_GRADIENT,
        /** A category's table is full, so that a value has no row: it counts as unknown. */
        TABLE_FULL;

        /** The spelling in metrics, e.g. {@code table-full}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final float limit;
    private final long[] counts = new long[Reason.values().length];

    LearningGuard(float maxGradient) {
        this.limit = maxGradient;
    }

    /** How often something was left out for a reason. */
    public long count(Reason reason) {
        return counts[reason.ordinal()];
    }

    /** Whether a loss is a number; counted where not. */
    boolean acceptsLoss(double loss) {
        return accepts(Double.isFinite(loss), Reason.NON_FINITE_LOSS);
    }

    /** Whether a gradient of this squared norm may be applied; counted where not. */
    boolean acceptsSquaredNorm(double squaredNorm) {
        return accepts(squaredNorm <= (double) limit * limit, Reason.EXPLODING_GRADIENT);
    }

    /** Whether the first {@code n} values of a gradient may be applied; counted where not. */
    boolean acceptsGradient(float[] gradient, int n) {
        return acceptsSquaredNorm(squaredNorm(gradient, 0, n));
    }

    void refuse(Reason reason) {
        counts[reason.ordinal()]++;
    }

    /** Σ x², in four lanes. */
    static double squaredNorm(float[] x, int from, int to) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        int i = from;
        for (; i + 3 < to; i += 4) {
            s0 += x[i] * x[i];
            s1 += x[i + 1] * x[i + 1];
            s2 += x[i + 2] * x[i + 2];
            s3 += x[i + 3] * x[i + 3];
        }
        for (; i < to; i++) {
            s0 += x[i] * x[i];
        }
        return (double) (s0 + s2) + (s1 + s3);
    }

    private boolean accepts(boolean fine, Reason reason) {
        if (!fine) {
            refuse(reason);
        }
        return fine;
    }
}

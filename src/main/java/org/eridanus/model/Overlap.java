package org.eridanus.model;

import java.util.Arrays;
import org.eridanus.feature.EnrichedInteraction;

/**
 * How far a candidate is described as the items of a history are, for combinations of {@link JointFeature.Form#OVERLAP}: by
 * what is said of items and not by who consumed them, so that it holds for an item from its announcement on.
 *
 * <p>ψ(j) = Σ_p w_p Σ_{g ∈ G(h_p) ∩ G(j)} √(N / (n_g + 1)) / √(|G(h_p)| |G(j)|), where G(i) is the values of the category that
 * item i has, w_p the weights of the history with its normalisation, n_g the items that have g, and N those that have any:
 * a cosine in which a value says the less, the more items have it. That two items are unknown is nothing in common.
 *
 * <p>Threading: not thread-safe, as the network it belongs to; several threads may compute with a
 * {@link DeepAssociationNetwork.Scoring} each.
 */
final class Overlap {
    private static final float[] INVERSE_ROOTS = inverseRoots();

    private final JointFeatures joints;
    private final JointFeatures.Side history;
    private final JointFeatures.Side values;
    private final EmbeddingTable table;

    /**
     * An overlap.
     *
     * @param history the side of the history
     * @param values the side of the candidate
     */
    Overlap(JointFeatures joints, JointFeatures.Side history, JointFeatures.Side values) {
        this.joints = joints;
        this.history = history;
        this.values = values;
        this.table = joints.tables[values.table];
    }

    /**
     * Sums up the history: what each value of the category adds to ψ of an item that has it.
     *
     * @param context the user's side
     * @param weights scratch, [longest history]
     * @param profile out, [values]; overwritten
     * @return whether anything is known of the history
     */
    boolean profile(Context context, float[] weights, float[] profile) {
        int count = table.size();
        Arrays.fill(profile, 0, count, 0f);
        int length = history.weigh(context, weights);
        boolean any = false;
        for (int p = 0; p < length; p++) {
            int[] active = joints.itemValues(values.slot, context.history[p]);
            float each = weights[p] * inverseRoot(active.length);
            for (int value : active) {
                profile[value] += each;
                any = true;
            }
        }
        int unknown = table.indexOf(EnrichedInteraction.UNKNOWN);
        if (unknown >= 0) {
            profile[unknown] = 0f;
        }
        int[] described = joints.described(values.slot);
        float all = joints.describedItems(values.slot);
        for (int value = 0; any && value < count; value++) {
            if (profile[value] != 0f) {
                profile[value] *= (float) Math.sqrt(all / (described[value] + 1f));
            }
        }
        return any;
    }

    /** Values that a profile needs room for. */
    int profileLength() {
        return table.size();
    }

    /** ψ of one candidate. */
    float of(int item, float[] profile) {
        int[] active = joints.itemValues(values.slot, item);
        float sum = 0f;
        for (int value : active) {
            sum += profile[value];
        }
        return sum * inverseRoot(active.length);
    }

    private static float inverseRoot(int n) {
        return n < INVERSE_ROOTS.length ? INVERSE_ROOTS[n] : 1f / (float) Math.sqrt(n);
    }

    /** 1 / √n, 0 for none. */
    private static float[] inverseRoots() {
        float[] roots = new float[64];
        for (int n = 1; n < roots.length; n++) {
            roots[n] = 1f / (float) Math.sqrt(n);
        }
        return roots;
    }
}

package org.eridanus.experiment;

import java.util.Arrays;
import org.eridanus.model.Candidates;
import org.eridanus.model.Context;
import org.eridanus.model.DeepAssociationNetwork;

/**
 * Scores a network's whole catalogue as it is served: by base score, and the best candidates that the user has not
 * consumed by base score and tower, above all others.
 *
 * <p>Threading: not thread-safe.
 */
final class CatalogueScorer {
    private final DeepAssociationNetwork network;
    private final DeepAssociationNetwork.Scoring scoring = new DeepAssociationNetwork.Scoring();
    private final Candidates best = new Candidates();
    private int[] eligible = new int[0];
    private boolean[] masked = new boolean[0];
    private float[] outputs = new float[0];

    CatalogueScorer(DeepAssociationNetwork network) {
        this.network = network;
    }

    /**
     * Scores every item.
     *
     * @param consumed items of the user, the first {@code count} valid
     * @param scores out; items that the network has no row of come last
     */
    void score(Context context, int[] consumed, int count, float[] scores) {
        network.score(context, scoring);
        int known = network.items().size();
        System.arraycopy(scoring.base(), 0, scores, 0, known);
        Arrays.fill(scores, known, scores.length, Float.NEGATIVE_INFINITY);
        int reranked = network.settings().reranked();
        if (reranked >= 0) {
            rerank(reranked, eligible(consumed, count), scores);
        }
    }

    private int eligible(int[] consumed, int count) {
        int[] live = network.live();
        int candidates = network.candidates();
        if (masked.length < network.items().size()) {
            masked = new boolean[network.items().size() * 2];
            eligible = new int[masked.length];
            outputs = new float[masked.length];
        }
        for (int i = 0; i < count; i++) {
            masked[consumed[i]] = true;
        }
        int n = 0;
        for (int i = 0; i < candidates; i++) {
            eligible[n] = live[i];
            n += masked[live[i]] ? 0 : 1;
        }
        for (int i = 0; i < count; i++) {
            masked[consumed[i]] = false;
        }
        return n;
    }

    private void rerank(int wanted, int count, float[] scores) {
        best.select(scores, eligible, count, wanted);
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            if (!best.contains(eligible[i])) {
                highest = Math.max(highest, scores[eligible[i]]);
            }
        }
        network.tower(scoring, best.items(), best.count(), outputs);
        float lowest = Float.POSITIVE_INFINITY;
        for (int i = 0; i < best.count(); i++) {
            scores[best.items()[i]] += outputs[i];
            lowest = Math.min(lowest, scores[best.items()[i]]);
        }
        if (highest >= lowest) {
            for (int i = 0; i < best.count(); i++) {
                scores[best.items()[i]] += highest - lowest + 1f;
            }
        }
    }
}

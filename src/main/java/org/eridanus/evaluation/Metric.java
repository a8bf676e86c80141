package org.eridanus.evaluation;

import java.util.List;
import java.util.Locale;

/** What a list of k says of one relevant item at a rank, 1 the best; 0 for an item that is not on the list. */
public enum Metric {
    /** Hit rate: 1 on the list. */
    HR,
    /** Normalised discounted cumulative gain of a single relevant item: 1 / log₂(rank + 1). */
    NDCG,
    /** Reciprocal rank, 1 / rank, cut at k; its mean is MRR@k. */
    MRR;

    /** Lengths of lists that are judged. */
    public static final List<Integer> CUTOFFS = List.of(2, 4, 6, 8, 10);

    /**
     * The metric of one ranking.
     *
     * @param rank rank of the relevant item, at least 1
     * @param k length of the list
     */
    public double of(int rank, int k) {
        return switch (this) {
            case HR -> RankMetrics.hitRate(rank, k);
            case NDCG -> RankMetrics.ndcg(rank, k);
            case MRR -> rank <= k ? RankMetrics.reciprocalRank(rank) : 0.0;
        };
    }

    /** The spelling in reports: {@code hr10}, {@code ndcg4}, {@code mrr2}. */
    public String at(int k) {
        return name().toLowerCase(Locale.ROOT) + k;
    }
}

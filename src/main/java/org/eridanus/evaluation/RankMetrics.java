package org.eridanus.evaluation;

/** Metrics of one relevant item by its rank, 1 the best. */
public final class RankMetrics {
    private RankMetrics() {}

    /** HR@k: 1 if the item is among the first k, else 0. */
    public static double hitRate(int rank, int k) {
        return rank <= k ? 1.0 : 0.0;
    }

    /** NDCG@k of a single relevant item: 1 / log₂(rank + 1) within the first k, else 0 (Järvelin, Kekäläinen 2002). */
    public static double ndcg(int rank, int k) {
        return rank <= k ? StrictMath.log(2.0) / StrictMath.log(rank + 1.0) : 0.0;
    }

    /** Reciprocal rank, 1 / rank. */
    public static double reciprocalRank(int rank) {
        return 1.0 / rank;
    }
}

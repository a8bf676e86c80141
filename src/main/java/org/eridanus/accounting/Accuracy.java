package org.eridanus.accounting;

/**
 * How well items were foreseen.
 *
 * @param hr10 share of events whose item was among the first ten, NaN without events
 * @param ndcg10 mean NDCG@10 of the events, NaN without events
 * @param n events
 */
public record Accuracy(double hr10, double ndcg10, long n) {}

package org.eridanus.experiment;

import java.util.BitSet;

/**
 * Who has consumed what, and what can be recommended, at one moment of a log's stream.
 *
 * <p>Threading: not thread-safe.
 */
final class Stream {
    private final InteractionLog log;
    private final BitSet candidates = new BitSet();
    private final BitSet[] consumed;
    private final int[] earlier;
    private final int[] consumedCandidates;
    private int candidateCount;

    /** The moment before the first event. */
    Stream(InteractionLog log) {
        this.log = log;
        this.consumed = new BitSet[log.users()];
        this.earlier = new int[log.users()];
        this.consumedCandidates = new int[log.users()];
        for (int user = 0; user < consumed.length; user++) {
            consumed[user] = new BitSet();
        }
        for (int item = 0; item < log.items(); item++) {
            candidates.set(item, log.isListed(item));
        }
        candidateCount = candidates.cardinality();
    }

    boolean isCandidate(int item) {
        return candidates.get(item);
    }

    /** How many events a user has had. */
    int earlier(int user) {
        return earlier[user];
    }

    /** How many candidates a user has not consumed. */
    int eligibleCount(int user) {
        return candidateCount - consumedCandidates[user];
    }

    /** Writes the candidates that a user has not consumed, ascending; returns how many. */
    int eligible(int user, int[] out) {
        int count = 0;
        for (int item = candidates.nextSetBit(0); item >= 0; item = candidates.nextSetBit(item + 1)) {
            if (!consumed[user].get(item)) {
                out[count++] = item;
            }
        }
        return count;
    }

    /** Moves on: a user has consumed an item that the user had not consumed before. */
    void consume(int user, int item) {
        earlier[user]++;
        consumed[user].set(item);
        if (log.catalogue() == InteractionLog.Catalogue.SEEN_SO_FAR && !candidates.get(item)) {
            candidates.set(item);
            candidateCount++;
        }
        consumedCandidates[user] += candidates.get(item) ? 1 : 0;
    }
}

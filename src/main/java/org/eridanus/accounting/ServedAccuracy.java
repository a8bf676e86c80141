package org.eridanus.accounting;

/**
 * How well the lists that users had been given foresaw what they did next.
 *
 * @param hr10 share of the counted events whose item was among the first ten of the user's last list, NaN without events
 * @param n events counted: there was a list, and its model had not learned from the event
 * @param unserved events of users who had no list yet
 * @param leaked events whose last list came from a model that had already learned from them
 * @param ineligible events that no list could have foreseen: not positive, repeated, or with an item never announced
 */
public record ServedAccuracy(double hr10, long n, long unserved, long leaked, long ineligible) {
    /** Events not counted, for whatever reason. */
    public long excluded() {
        return unserved + leaked + ineligible;
    }
}

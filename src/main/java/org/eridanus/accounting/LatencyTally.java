package org.eridanus.accounting;

/**
 * How long events took: all of them, and once more those that were produced {@link Ledger#WARM_UP} after the first of
 * them or later, when the JVM has compiled what works on each.
 *
 * <p>Threading: not safe for use by several threads.
 */
public final class LatencyTally {
    private final MillisHistogram all = new MillisHistogram();
    private final MillisHistogram warm = new MillisHistogram();
    private long first = Long.MAX_VALUE;

    /**
     * Counts one event.
     *
     * @param producedAt when it was produced, ms since 1970
     * @param millis how long it took from then on
     */
    public void add(long producedAt, long millis) {
        first = Math.min(first, producedAt);
        all.add(millis);
        if (producedAt - first >= Ledger.WARM_UP.toMillis()) {
            warm.add(millis);
        }
    }

    /** Of all events. */
    public MillisHistogram all() {
        return all;
    }

    /** Of those that came when the process was warm. */
    public MillisHistogram warm() {
        return warm;
    }
}

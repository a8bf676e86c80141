package org.eridanus.cli;

import java.time.Clock;
import java.util.function.LongConsumer;
import org.eridanus.accounting.Ledger;
import org.eridanus.accounting.MillisHistogram;

/**
 * Takes down each event's freshness to the millisecond, which a meter's buckets do not; those of events produced
 * {@link Ledger#WARM_UP} after the first or later once more by themselves.
 *
 * <p>Threading: safe for use by all threads.
 */
final class FreshnessWatch implements LongConsumer {
    private final Clock clock;
    private final MillisHistogram all = new MillisHistogram();
    private final MillisHistogram warm = new MillisHistogram();
    private long first = Long.MAX_VALUE;

    /** A watch that asks the clock when an event must have been produced. */
    FreshnessWatch(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void accept(long millis) {
        long produced = clock.millis() - millis;
        first = Math.min(first, produced);
        all.add(millis);
        if (produced - first >= Ledger.WARM_UP.toMillis()) {
            warm.add(millis);
        }
    }

    /** The freshness of all events so far. */
    synchronized DemoSummary.Quantiles quantiles() {
        return DemoSummary.Quantiles.of(all);
    }

    /** The freshness of those that came when the process was warm. */
    synchronized DemoSummary.Quantiles warmQuantiles() {
        return DemoSummary.Quantiles.of(warm);
    }
}

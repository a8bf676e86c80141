package org.eridanus.cli;

import java.time.Clock;
import java.util.function.LongConsumer;
import org.eridanus.accounting.LatencyTally;

/**
 * Takes down each event's freshness to the millisecond, which a meter's buckets do not.
 *
 * <p>Threading: safe for use by all threads.
 */
final class FreshnessWatch implements LongConsumer {
    private final Clock clock;
    private final LatencyTally tally = new LatencyTally();

    /** A watch that asks the clock when an event must have been produced. */
    FreshnessWatch(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void accept(long millis) {
        tally.add(clock.millis() - millis, millis);
    }

    /** The freshness of all events so far. */
    synchronized DemoSummary.Quantiles quantiles() {
        return DemoSummary.Quantiles.of(tally.all());
    }

    /** The freshness of those that came when the process was warm. */
    synchronized DemoSummary.Quantiles warmQuantiles() {
        return DemoSummary.Quantiles.of(tally.warm());
    }
}

package org.eridanus.cli;

import java.util.function.LongConsumer;
import org.eridanus.accounting.MillisHistogram;

/**
 * Takes down each event's freshness to the millisecond, which a meter's buckets do not.
 *
 * <p>Threading: safe for use by all threads.
 */
final class FreshnessWatch implements LongConsumer {
    private final MillisHistogram histogram = new MillisHistogram();

    @Override
    public synchronized void accept(long millis) {
        histogram.add(millis);
    }

    /** The freshness so far. */
    synchronized DemoSummary.Quantiles quantiles() {
        return DemoSummary.Quantiles.of(histogram);
    }
}

package org.eridanus.cli;

import org.eridanus.accounting.MillisHistogram;
import org.eridanus.event.Rejection;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.stream.ScorerMonitor;

/**
 * Takes down each event's freshness to the millisecond, which a meter's buckets do not, and passes everything on.
 *
 * <p>Threading: safe for use by all threads.
 */
final class FreshnessWatch implements ScorerMonitor {
    private final ScorerMonitor next;
    private final MillisHistogram histogram = new MillisHistogram();

    FreshnessWatch(ScorerMonitor next) {
        this.next = next;
    }

    /** The freshness so far. */
    DemoSummary.Quantiles quantiles() {
        synchronized (histogram) {
            return DemoSummary.Quantiles.of(histogram);
        }
    }

    @Override
    public void freshness(long millis) {
        synchronized (histogram) {
            histogram.add(millis);
        }
        next.freshness(millis);
    }

    @Override
    public void accepted(String topic) {
        next.accepted(topic);
    }

    @Override
    public void rejected(String topic, Rejection.Reason reason) {
        next.rejected(topic, reason);
    }

    @Override
    public void versionLoaded(ModelRow.Marker marker, long age) {
        next.versionLoaded(marker, age);
    }

    @Override
    public void versionRefused(String reason) {
        next.versionRefused(reason);
    }

    @Override
    public void rowsSkipped(Skip reason, int rows) {
        next.rowsSkipped(reason, rows);
    }

    @Override
    public void scored(long nanos) {
        next.scored(nanos);
    }

    @Override
    public void recommended(Cause cause) {
        next.recommended(cause);
    }

    @Override
    public void fallback(Fallback reason) {
        next.fallback(reason);
    }

    @Override
    public void coalesced(int refreshes) {
        next.coalesced(refreshes);
    }

    @Override
    public void filtered(Filter kind, int items) {
        next.filtered(kind, items);
    }

    @Override
    public void served(int rank) {
        next.served(rank);
    }

    @Override
    public void servedExcluded() {
        next.servedExcluded();
    }

    @Override
    public void seenDropped(long items) {
        next.seenDropped(items);
    }
}

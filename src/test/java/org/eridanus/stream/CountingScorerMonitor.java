package org.eridanus.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Rejection;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.Fallback;
import org.eridanus.recommend.Recommendation;

/** A monitor that keeps its counts by name, for tests. */
public final class CountingScorerMonitor implements ScorerMonitor {
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Integer> ranks = new ArrayList<>();
    private final List<Long> freshness = new ArrayList<>();
    private final List<Long> ages = new ArrayList<>();
    private long waitingSince;

    /** How often {@code what} was reported, or how many in all. */
    public long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** The served ranks, in order. */
    public List<Integer> ranks() {
        return ranks;
    }

    /** The reported freshness, in order. */
    public List<Long> freshness() {
        return freshness;
    }

    /** The ages of what led to lists, in order. */
    public List<Long> ages() {
        return ages;
    }

    /** Since when the oldest interaction waits for a model. */
    public long waitingSince() {
        return waitingSince;
    }

    @Override
    public void accepted(String topic) {
        count("accepted " + topic, 1);
    }

    @Override
    public void rejected(String topic, Rejection.Reason reason) {
        count("rejected " + topic + " " + reason.label(), 1);
    }

    @Override
    public void versionLoaded(ModelRow.Marker marker) {
        count("version loaded", 1);
    }

    @Override
    public void versionRefused(String reason) {
        count("version refused", 1);
    }

    @Override
    public void rowsSkipped(Skip reason, int rows) {
        count("skipped " + reason, rows);
    }

    @Override
    public void freshness(long millis) {
        freshness.add(millis);
    }

    @Override
    public void scored(long nanos) {
        count("scored", 1);
    }

    @Override
    public void unmeasured(int interactions) {
        count("unmeasured", interactions);
    }

    @Override
    public void waitingSince(long recordTime) {
        waitingSince = recordTime;
    }

    @Override
    public void recommended(Cause cause, Recommendation list, long age) {
        count("recommended " + cause, 1);
        ages.add(age);
    }

    @Override
    public void consumed(String item) {
        count("consumed " + item, 1);
    }

    @Override
    public void fallback(Fallback reason) {
        count("fallback " + reason.label(), 1);
    }

    @Override
    public void coalesced(int refreshes) {
        count("coalesced", refreshes);
    }

    @Override
    public void filtered(Filter kind, int items) {
        count("filtered " + kind, items);
    }

    @Override
    public void served(int rank) {
        ranks.add(rank);
    }

    @Override
    public void servedExcluded() {
        count("served excluded", 1);
    }

    @Override
    public void seenDropped(long items) {
        count("seen dropped", items);
    }

    @Override
    public void userForgotten() {
        count("user forgotten", 1);
    }

    private void count(String what, long n) {
        counts.merge(what, n, Long::sum);
    }
}

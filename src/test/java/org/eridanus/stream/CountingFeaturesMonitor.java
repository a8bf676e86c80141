package org.eridanus.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Rejection;

/** A monitor that keeps its counts by name, for tests. */
public final class CountingFeaturesMonitor implements FeaturesMonitor {
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Long> ages = new ArrayList<>();

    /** How often {@code what} was reported. */
    public int of(String what) {
        return counts.getOrDefault(what, 0);
    }

    /** How old interactions were when they were enriched, in order. */
    public List<Long> ages() {
        return ages;
    }

    @Override
    public void enriched(long age) {
        ages.add(age);
    }

    @Override
    public void accepted(String topic) {
        count("accepted " + topic);
    }

    @Override
    public void rejected(String topic, Rejection.Reason reason) {
        count("rejected " + topic + " " + reason.label());
    }

    @Override
    public void unknownUser() {
        count("unknown user");
    }

    @Override
    public void unknownItem() {
        count("unknown item");
    }

    @Override
    public void repeat() {
        count("repeat");
    }

    @Override
    public void seenSetDropped() {
        count("seen-set dropped");
    }

    @Override
    public void userEvicted() {
        count("evicted user");
    }

    @Override
    public void userForgotten() {
        count("user forgotten");
    }

    @Override
    public void ticked() {
        count("ticked");
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }
}

package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.PrequentialAccuracy;
import org.eridanus.evaluation.Spread;
import org.eridanus.evaluation.UserScores;

/**
 * What a method has reached.
 *
 * @param method the method
 * @param seeds that it ran with
 * @param scores by label ({@code p99}, {@code preq.lastHalf}), for each seed in turn; in the order of reports
 * @param curve the prequential curve of the first seed, empty for leave-one-out
 * @param unranked events of a stream whose item was no candidate yet
 * @param seconds processor time of one run on average, fitting and ranking together
 * @param notes what people should know of the method and its runs on this data set
 */
public record MethodResult(
        Method method,
        List<Long> seeds,
        Map<String, List<UserScores>> scores,
        List<PrequentialAccuracy.Block> curve,
        long unranked,
        double seconds,
        List<String> notes) {
    /** The labels of a prequential run. */
    public static final String ALL = "preq.all";

    /** Of a stream without its first 30 %, on which settings were chosen. */
    public static final String AFTER_30 = "preq.after30";

    /** Of the last half of a stream. */
    public static final String LAST_HALF = "preq.lastHalf";

    /** Of cold users. */
    public static final String COLD = "preq.cold";

    /** The figure over the seeds. */
    public Spread figure(String label, Metric metric, int k) {
        return Spread.of(runs(label).stream().map(run -> run.mean(metric, k)).toList());
    }

    /** The scores averaged over the seeds, user by user. */
    public UserScores average(String label) {
        return UserScores.average(runs(label));
    }

    private List<UserScores> runs(String label) {
        List<UserScores> runs = scores.get(label);
        if (runs == null) {
            throw new IllegalArgumentException(method.name() + " was judged by " + scores.keySet() + ", got " + label);
        }
        return runs;
    }

    /** One result of runs that each have one seed of a method. */
    static MethodResult merged(List<MethodResult> runs) {
        MethodResult first = runs.get(0);
        List<Long> seeds = new ArrayList<>();
        Map<String, List<UserScores>> scores = new LinkedHashMap<>();
        Set<String> notes = new LinkedHashSet<>();
        double seconds = 0.0;
        for (MethodResult run : runs) {
            seeds.addAll(run.seeds);
            run.scores.forEach((label, values) ->
                    scores.computeIfAbsent(label, l -> new ArrayList<>()).addAll(values));
            notes.addAll(run.notes);
            seconds += run.seconds / runs.size();
        }
        return new MethodResult(first.method, seeds, scores, first.curve, first.unranked, seconds, List.copyOf(notes));
    }
}

package org.eridanus.cli;

import java.util.Map;
import org.eridanus.accounting.Accuracy;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.MillisHistogram;
import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.accounting.ServedAccuracy;

/**
 * What a demo came to. NaN stands for what there was nothing to measure of.
 *
 * @param events interactions replayed
 * @param seconds from the first one published to when the last one was tested on and covered by a list
 * @param deadLetters records refused, of all topics
 * @param recommendations lists written
 * @param prequential accuracy before learning, by line and group
 * @param served accuracy of the lists that users had been given
 * @param latencyMs from an event produced to a list that covers it readable
 * @param warmLatencyMs the same, of events produced {@link org.eridanus.accounting.Ledger#WARM_UP} after the first or later
 * @param freshnessMs from an event produced to a served model that has learned from it
 * @param warmFreshnessMs the same, of events produced as late
 * @param rowsPerEvent embedding rows written to {@code model} for each event
 * @param pairRowsPerEvent pair-count rows written to {@code model} for each event
 * @param modelVersion the last version
 * @param peakMemoryMb most memory the process had, in MiB
 * @param preset name of the preset
 * @param presetHash hash of its settings
 * @param firstRecommendationSeconds from the start of the process to the first list
 * @param environment what it ran on
 * @param balance the accounting
 */
record DemoSummary(
        long events,
        double seconds,
        long deadLetters,
        long recommendations,
        Map<Line, Map<Group, Accuracy>> prequential,
        ServedAccuracy served,
        Quantiles latencyMs,
        Quantiles warmLatencyMs,
        Quantiles freshnessMs,
        Quantiles warmFreshnessMs,
        double rowsPerEvent,
        double pairRowsPerEvent,
        long modelVersion,
        long peakMemoryMb,
        String preset,
        String presetHash,
        double firstRecommendationSeconds,
        Environment environment,
        Balance balance) {
    DemoSummary {
        prequential = Map.copyOf(prequential);
    }

    /**
     * Two quantiles.
     *
     * @param p50 the median
     * @param p99 what one in a hundred exceeds
     */
    record Quantiles(double p50, double p99) {
        static Quantiles of(MillisHistogram histogram) {
            return new Quantiles(histogram.quantile(.5), histogram.quantile(.99));
        }
    }

    /**
     * What a demo ran on.
     *
     * @param jdk version of Java and its vendor
     * @param os operating system and architecture
     * @param cores processors
     */
    record Environment(String jdk, String os, int cores) {
        /** This process's. */
        static Environment current() {
            return new Environment(
                    System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
                    System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors());
        }
    }

    double eventsPerSecond() {
        return seconds > 0 ? events / seconds : Double.NaN;
    }

    Accuracy accuracy(Line line, Group group) {
        Accuracy accuracy = prequential.getOrDefault(line, Map.of()).get(group);
        return accuracy == null ? new Accuracy(Double.NaN, Double.NaN, 0) : accuracy;
    }
}

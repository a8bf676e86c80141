package org.eridanus.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.eridanus.accounting.Accuracy;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.accounting.ServedAccuracy;
import org.eridanus.accounting.Violation;
import org.eridanus.event.Coordinate;

/** Summaries to show. */
final class Summaries {
    private Summaries() {}

    static DemoSummary balanced() {
        return summary(new Balance(100_002, 100_000, 2, 100_000, 100_000, 100_000, 1_234, 0, Map.of(), List.of()));
    }

    static DemoSummary unbalanced() {
        Violation violation = new Violation(
                Violation.Kind.MISSING,
                "training-log",
                new Coordinate(3, 1807),
                "is in enriched-interactions and did not arrive");
        return summary(new Balance(
                100,
                99,
                1,
                98,
                99,
                99,
                0,
                0,
                Map.of(Violation.Kind.MISSING, 12L),
                java.util.Collections.nCopies(12, violation)));
    }

    private static DemoSummary summary(Balance balance) {
        Map<Line, Map<Group, Accuracy>> prequential = new EnumMap<>(Line.class);
        for (Line line : Line.values()) {
            double hitRate = .2234 - .05 * line.ordinal();
            prequential.put(
                    line,
                    Map.of(
                            Group.ALL, new Accuracy(hitRate, hitRate / 2, 100_000),
                            Group.LAST_HALF, new Accuracy(hitRate + .01, hitRate / 2, 50_000),
                            Group.COLD, new Accuracy(Double.NaN, Double.NaN, 0)));
        }
        return new DemoSummary(
                100_000,
                20.5,
                2,
                98_766,
                prequential,
                new ServedAccuracy(.1987, 90_000, 943, 9_000, 57),
                new DemoSummary.Quantiles(61, 148),
                new DemoSummary.Quantiles(52, 97),
                new DemoSummary.Quantiles(180, Double.NaN),
                new DemoSummary.Quantiles(170, 390),
                71.25,
                1.5,
                812,
                934,
                "online",
                "584534b12a4202c7",
                9.5,
                new DemoSummary.Environment("17.0.9 (Eclipse Adoptium)", "Linux amd64", 2),
                balance);
    }
}

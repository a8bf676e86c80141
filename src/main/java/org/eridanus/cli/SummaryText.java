package org.eridanus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eridanus.accounting.Accuracy;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Ledger;
import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.accounting.ServedAccuracy;
import org.eridanus.accounting.Violation;

/** A summary in lines for people, 80 characters wide. */
final class SummaryText {
    private static final int SHOWN_VIOLATIONS = 10;
    private static final String WARM = " without the first " + Ledger.WARM_UP.toSeconds() + " s";

    private SummaryText() {}

    /** The figures. */
    static List<String> lines(DemoSummary summary) {
        List<String> lines = new ArrayList<>();
        lines.add("Prequential accuracy: each event ranked against the catalogue, then learned from");
        lines.add(row("", "Eridanus", "popularity", "rules", "events"));
        for (Group group : Group.values()) {
            lines.add(row("HR@10 " + label(group), summary, group, true));
            lines.add(row("NDCG@10 " + label(group), summary, group, false));
        }
        lines.add("");
        ServedAccuracy served = summary.served();
        lines.add(field("Served HR@10", number(served.hr10(), "%.4f") + count(" over %,d events;", served.n())));
        lines.add(field(
                "",
                count("not counted: %,d without list,", served.unserved())
                        + count(" %,d known to their list,", served.leaked())
                        + count(" %,d other", served.ineligible())));
        lines.add(field(
                "Throughput",
                String.format(
                        Locale.ROOT,
                        "%,d events in %.1f s: %,.0f events/s; %,d lists",
                        summary.events(),
                        summary.seconds(),
                        summary.eventsPerSecond(),
                        summary.recommendations())));
        lines.add(field("Latency", quantiles(summary.latencyMs()) + " from event to readable list"));
        lines.add(field("", quantiles(summary.warmLatencyMs()) + WARM));
        lines.add(field("Freshness", quantiles(summary.freshnessMs()) + " from event to a served model that knows it"));
        lines.add(field("", quantiles(summary.warmFreshnessMs()) + WARM));
        lines.add(field(
                "Rows written",
                number(summary.rowsPerEvent(), "%.1f") + " embedding rows and "
                        + number(summary.pairRowsPerEvent(), "%.2f") + " pair-count rows an event"));
        lines.add(field(
                "Model",
                "version " + summary.modelVersion() + ", preset " + summary.preset() + " (" + summary.presetHash()
                        + ")"));
        lines.add(field("Peak memory", summary.peakMemoryMb() + " MB"));
        lines.add(field("First list", number(summary.firstRecommendationSeconds(), "%.1f") + " s after the start"));
        lines.addAll(accounting(summary.balance()));
        return lines;
    }

    /** What became of every event. */
    static List<String> accounting(Balance balance) {
        List<String> lines = new ArrayList<>();
        lines.add(field("Accounting", balance.balanced() ? "balanced" : "NOT BALANCED"));
        lines.add(String.format(
                Locale.ROOT,
                "  %,d read = %,d enriched + %,d refused;",
                balance.read(),
                balance.enriched(),
                balance.deadLettered()));
        lines.add(
                String.format(Locale.ROOT, "  %,d trained on, %,d evaluated,", balance.trained(), balance.evaluated()));
        lines.add(String.format(
                Locale.ROOT,
                "  %,d covered by a list (%,d together with a later one)",
                balance.covered(),
                balance.coalesced()));
        balance.violations().stream()
                .limit(SHOWN_VIOLATIONS)
                .map(Violation::toString)
                .forEach(violation -> lines.add("  " + violation));
        if (balance.violationCount() > SHOWN_VIOLATIONS) {
            lines.add("  and " + (balance.violationCount() - SHOWN_VIOLATIONS) + " more");
        }
        return lines;
    }

    private static String label(Group group) {
        return switch (group) {
            case ALL -> "all";
            case LAST_HALF -> "last half";
            case COLD -> "cold users";
        };
    }

    private static String row(String name, DemoSummary summary, Group group, boolean hitRate) {
        return row(
                name,
                value(summary.accuracy(Line.MODEL, group), hitRate),
                value(summary.accuracy(Line.POPULARITY, group), hitRate),
                value(summary.accuracy(Line.SEQUENTIAL_RULES, group), hitRate),
                String.format(
                        Locale.ROOT, "%,d", summary.accuracy(Line.MODEL, group).n()));
    }

    private static String row(String name, String model, String popularity, String rules, String events) {
        return String.format(Locale.ROOT, "  %-20s %10s %11s %10s %10s", name, model, popularity, rules, events);
    }

    private static String field(String name, String value) {
        return String.format(Locale.ROOT, "%-13s %s", name, value);
    }

    private static String value(Accuracy accuracy, boolean hitRate) {
        return number(hitRate ? accuracy.hr10() : accuracy.ndcg10(), "%.4f");
    }

    private static String count(String format, long count) {
        return String.format(Locale.ROOT, format, count);
    }

    private static String quantiles(DemoSummary.Quantiles quantiles) {
        return "p50 " + number(quantiles.p50(), "%.0f") + " ms, p99 " + number(quantiles.p99(), "%.0f") + " ms";
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}

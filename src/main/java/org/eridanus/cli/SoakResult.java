package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eridanus.accounting.StreamingAudit;
import org.eridanus.evaluation.Flatness;
import org.eridanus.experiment.TimelinePage;
import org.eridanus.serde.Json;

/**
 * What came of a soak.
 *
 * @param settings what was asked for
 * @param samples what was measured, in order
 * @param account what became of every event
 * @param replayed what a replay of the training log came to; empty where retention had cut the log, so that there was none
 * @param users how users came and went
 * @param items how items came and went
 * @param seconds how long the events took
 */
record SoakResult(
        SoakProof.Settings settings,
        List<Sample> samples,
        StreamingAudit.Account account,
        Optional<Replayed> replayed,
        Turnover users,
        Turnover items,
        double seconds)
        implements ProofResult {
    private static final double MIB = 1 << 20;

    SoakResult {
        samples = List.copyOf(samples);
    }

    /**
     * What was measured at one time.
     *
     * @param events how many had been published
     * @param seconds since the first
     * @param bytes by series
     * @param hitRate HR@10 so far
     */
    record Sample(long events, double seconds, Map<SoakSeries, Long> bytes, double hitRate) {
        long of(SoakSeries series) {
            return bytes.getOrDefault(series, 0L);
        }
    }

    /**
     * What a replay of the training log came to.
     *
     * @param difference how its model differs from the served one; empty where it is equal, byte by byte
     */
    record Replayed(Optional<String> difference) {}

    /**
     * How users, or items, came and went.
     *
     * @param ever how many have been there
     * @param evictions of them
     */
    record Turnover(long ever, long evictions) {}

    /** The verdict on a series. */
    Flatness flatness(SoakSeries series) {
        return Flatness.of(
                at(),
                samples.stream().mapToDouble(sample -> sample.of(series)).toArray(),
                settings.tolerance(),
                SoakProof.FLOOR_BYTES);
    }

    private double[] at() {
        return samples.stream().mapToDouble(Sample::events).toArray();
    }

    /** Whether nothing grew, every event was accounted for, and the replay, where there was one, was equal. */
    @Override
    public boolean proved() {
        return account.balanced() && difference().isEmpty() && isFlat();
    }

    private Optional<String> difference() {
        return replayed.flatMap(Replayed::difference);
    }

    /** Whether nothing grew in the second half. */
    boolean isFlat() {
        for (SoakSeries series : SoakSeries.values()) {
            if (!flatness(series).flat()) {
                return false;
            }
        }
        return true;
    }

    /** For people, a line each. */
    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d events in %,.0f s (%,.0f events/s), preset %s, seed %d; %,d users and %,d items were there in all",
                settings.events(),
                seconds,
                settings.events() / seconds,
                settings.model().preset(),
                settings.seed(),
                users.ever(),
                items.ever()));
        lines.add(String.format(
                Locale.ROOT,
                "evicted: %,d users (at most %,d are kept), %,d items (at most %,d)",
                users.evictions(),
                settings.maxUsers(),
                items.evictions(),
                settings.maxItems()));
        for (SoakSeries series : SoakSeries.values()) {
            Flatness flatness = flatness(series);
            lines.add(String.format(
                    Locale.ROOT,
                    "%-22s %9.1f MiB  %+8.1f MiB in the second half (%+.1f %%)  %s",
                    series.label(),
                    flatness.median() / MIB,
                    flatness.growth() / MIB,
                    share(flatness),
                    flatness.flat() ? "flat" : "GROWS"));
        }
        lines.add(String.format(
                Locale.ROOT,
                "accounted for: %,d read = %,d enriched + %,d refused; %,d trained on, %,d evaluated; %,d events of"
                        + " sampled users have their lists",
                account.read(),
                account.enriched(),
                account.refused(),
                account.trained(),
                account.evaluated(),
                account.sampled()));
        account.violations().forEach(violation -> lines.add("  " + violation));
        lines.add(
                replayed.isEmpty()
                        ? "no replay to compare with: retention has cut the training log, as it should"
                        : difference()
                                .map(what -> "the replay differs: " + what)
                                .orElse("a replay of the training log comes to the same model, byte by byte"));
        lines.add(proved() ? "proved" : "NOT proved");
        return lines;
    }

    private static double share(Flatness flatness) {
        return flatness.median() == 0 ? 0 : 100 * flatness.growth() / flatness.median();
    }

    /** The result for programs. */
    @Override
    public ObjectNode json() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("proved", proved());
        json.put("flat", isFlat());
        json.put("events", settings.events());
        json.put("seed", settings.seed());
        json.put("preset", settings.model().preset());
        json.put("seconds", seconds);
        json.put("usersEver", users.ever());
        json.put("itemsEver", items.ever());
        json.put("maxUsers", settings.maxUsers());
        json.put("maxItems", settings.maxItems());
        json.put("evictedUsers", users.evictions());
        json.put("evictedItems", items.evictions());
        json.putObject("rule")
                .put("warmUp", 0.5)
                .put("tolerance", settings.tolerance())
                .put("floorBytes", SoakProof.FLOOR_BYTES);
        ObjectNode verdicts = json.putObject("series");
        for (SoakSeries series : SoakSeries.values()) {
            Flatness flatness = flatness(series);
            verdicts.putObject(series.label())
                    .put("flat", flatness.flat())
                    .put("medianBytes", Math.round(flatness.median()))
                    .put("growthBytes", Math.round(flatness.growth()));
        }
        ObjectNode accounting = json.putObject("accounting");
        accounting.put("balanced", account.balanced());
        accounting.put("read", account.read());
        accounting.put("enriched", account.enriched());
        accounting.put("refused", account.refused());
        accounting.put("trained", account.trained());
        accounting.put("evaluated", account.evaluated());
        accounting.put("sampled", account.sampled());
        accounting.put("lists", account.lists());
        ArrayNode violations = accounting.putArray("violations");
        account.violations().forEach(violations::add);
        json.put("replayed", replayed.isPresent());
        difference().ifPresent(what -> json.put("difference", what));
        ArrayNode each = json.putArray("samples");
        for (Sample sample : samples) {
            ObjectNode node = each.addObject().put("events", sample.events()).put("seconds", sample.seconds());
            if (Double.isFinite(sample.hitRate())) {
                node.put("hr10", sample.hitRate());
            }
            sample.bytes().forEach((series, bytes) -> node.put(series.label(), bytes));
        }
        JsonReport.environment(json, DemoSummary.Environment.current());
        return json;
    }

    /** Draws it as a page beside the report. */
    @Override
    public Optional<Path> draw(Path report) {
        String name = String.valueOf(report.getFileName());
        Path file = report.resolveSibling(name.replaceFirst("\\.json$", "") + ".html");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "median of the second half, MiB", "growth in it, MiB", "%", "verdict"));
        Map<SoakSeries.Kind, Map<String, double[]>> lines = new EnumMap<>(SoakSeries.Kind.class);
        for (SoakSeries series : SoakSeries.values()) {
            Flatness flatness = flatness(series);
            table.add(List.of(
                    series.label(),
                    String.format(Locale.ROOT, "%.1f", flatness.median() / MIB),
                    String.format(Locale.ROOT, "%+.1f", flatness.growth() / MIB),
                    String.format(Locale.ROOT, "%+.1f", share(flatness)),
                    flatness.flat() ? "flat" : "grows"));
            lines.computeIfAbsent(series.kind(), kind -> new LinkedHashMap<>())
                    .put(
                            series.label(),
                            samples.stream()
                                    .mapToDouble(sample -> sample.of(series) / MIB)
                                    .toArray());
        }
        List<TimelinePage.Panel> panels = new ArrayList<>();
        lines.forEach((kind, byName) -> panels.add(new TimelinePage.Panel(kind.label(), "MiB", byName)));
        panels.add(new TimelinePage.Panel(
                "HR@10 of the model, all events so far",
                "HR@10",
                Map.of("model", samples.stream().mapToDouble(Sample::hitRate).toArray())));
        TimelinePage.write(
                file,
                String.format(Locale.ROOT, "Soak of %,d events", settings.events()),
                lines(),
                table,
                "events",
                at(),
                panels);
        return Optional.of(file);
    }
}

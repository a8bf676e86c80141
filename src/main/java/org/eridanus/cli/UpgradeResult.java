package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Violation;
import org.eridanus.serde.Json;

/**
 * What came of an upgrade of two instances.
 *
 * @param from the version before
 * @param to the version after
 * @param rate events a second
 * @param events that were published meanwhile
 * @param instances in the order in which they were replaced
 * @param pauseSeconds the longest time in which nothing was finished though events were waiting
 * @param balance what became of every event
 * @param difference between the served model and what the new version alone learns from the same log, empty for none
 */
record UpgradeResult(
        String from,
        String to,
        int rate,
        long events,
        List<Instance> instances,
        double pauseSeconds,
        Balance balance,
        Optional<String> difference)
        implements ProofResult {
    UpgradeResult {
        instances = List.copyOf(instances);
    }

    /**
     * How one instance was replaced.
     *
     * @param name what it is called
     * @param exitCode of the old one, negative if it did not end and was killed
     * @param stopSeconds from the request to stop to its end
     * @param awaySeconds from the request to stop until the new one runs all its tasks
     */
    record Instance(String name, int exitCode, double stopSeconds, double awaySeconds) {}

    /** Whether nothing was lost, doubled, changed in order or miscounted, and every instance stopped as it was told. */
    @Override
    public boolean proved() {
        return balance.balanced()
                && balance.read() == events
                && balance.trained() == balance.enriched()
                && instances.stream().allMatch(instance -> instance.exitCode() == 0);
    }

    /** Records that should be there and are not. */
    long lost() {
        return balance.count(Violation.Kind.MISSING) + Math.max(0, events - balance.read());
    }

    /** Records that are there twice. */
    long duplicated() {
        return balance.count(Violation.Kind.DOUBLED) + Math.max(0, balance.read() - events);
    }

    /** The result for people. */
    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(from + " -> " + to + ", " + rate + " events a second");
        instances.forEach(instance -> lines.add(String.format(
                Locale.ROOT,
                "instance %s: stopped after %.1f s with exit code %d, the new one running after %.1f s",
                instance.name(),
                instance.stopSeconds(),
                instance.exitCode(),
                instance.awaySeconds())));
        lines.add(String.format(Locale.ROOT, "longest time without a finished event: %.1f s", pauseSeconds));
        lines.add(String.format(
                Locale.ROOT,
                "%,d interactions: %,d enriched, %,d learned from, %,d evaluated, %,d covered by a list",
                balance.read(),
                balance.enriched(),
                balance.trained(),
                balance.evaluated(),
                balance.covered()));
        lines.addAll(ProofResult.wrong(balance, lost(), duplicated()));
        lines.add(difference
                .map(text -> "the new version alone would have learned another model: " + text)
                .orElse("the model is byte by byte what the new version alone learns from the log"));
        lines.add(proved() ? "proved" : "NOT proved");
        return lines;
    }

    /** The result as JSON. */
    @Override
    public ObjectNode json() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("proved", proved());
        json.put("from", from);
        json.put("to", to);
        json.put("rate", rate);
        json.put("events", events);
        json.put("lost", lost());
        json.put("duplicated", duplicated());
        json.put("digestEqual", difference.isEmpty());
        difference.ifPresent(text -> json.put("difference", text));
        json.put("pauseSeconds", pauseSeconds);
        ArrayNode each = json.putArray("instances");
        instances.forEach(instance -> each.addObject()
                .put("name", instance.name())
                .put("exitCode", instance.exitCode())
                .put("stopSeconds", instance.stopSeconds())
                .put("awaySeconds", instance.awaySeconds()));
        JsonReport.accounting(json.putObject("accounting"), balance);
        JsonReport.environment(json, DemoSummary.Environment.current());
        return json;
    }
}

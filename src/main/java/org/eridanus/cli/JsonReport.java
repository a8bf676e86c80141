package org.eridanus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Violation;
import org.eridanus.experiment.ExperimentException;
import org.eridanus.experiment.ReportFile;

/** What the JSON reports of commands have in common. Numbers that there are none of are null. */
final class JsonReport {
    private JsonReport() {}

    /**
     * Writes a report to a file, whole or not at all for whoever reads it meanwhile.
     *
     * @throws ExperimentException if the file cannot be written
     */
    static void write(JsonNode report, Path file) {
        ReportFile.text(file, report.toPrettyString() + "\n");
    }

    /** What became of every event. */
    static void accounting(ObjectNode json, Balance balance) {
        json.put("balanced", balance.balanced());
        json.put("read", balance.read());
        json.put("enriched", balance.enriched());
        json.put("deadLettered", balance.deadLettered());
        json.put("trained", balance.trained());
        json.put("evaluated", balance.evaluated());
        json.put("covered", balance.covered());
        json.put("coalesced", balance.coalesced());
        ArrayNode violations = json.putArray("violations");
        balance.violations().stream().map(Violation::toString).forEach(violations::add);
    }

    /** Where it was measured. */
    static void environment(ObjectNode json, DemoSummary.Environment environment) {
        json.putObject("environment")
                .put("jdk", environment.jdk())
                .put("os", environment.os())
                .put("cores", environment.cores());
    }

    static void number(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}

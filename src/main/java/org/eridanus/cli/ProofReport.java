package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Violation;

/** What the reports of proofs have in common. Numbers that there are none of are null. */
final class ProofReport {
    private static final int SHOWN = 5;

    private ProofReport() {}

    /**
     * Writes a report to a file, whole or not at all for whoever reads it meanwhile.
     *
     * @throws CommandException if the file cannot be written
     */
    static void write(ObjectNode report, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path written = Files.createTempFile(folder, ".report", ".json");
            Files.writeString(written, report.toPrettyString() + "\n");
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("the report must go to a file that can be written, got " + file + ": " + e, e);
        }
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

    /** What is wrong with an account, for people: numbers, and the first few violations. */
    static List<String> wrong(Balance balance, long lost, long duplicated) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "lost %d, doubled %d, otherwise wrong %d",
                lost,
                duplicated,
                balance.violationCount()
                        - balance.count(Violation.Kind.MISSING)
                        - balance.count(Violation.Kind.DOUBLED)));
        balance.violations().stream().limit(SHOWN).forEach(violation -> lines.add("  " + violation));
        return lines;
    }

    /** Where it was proved. */
    static void environment(ObjectNode json) {
        DemoSummary.Environment environment = DemoSummary.Environment.current();
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

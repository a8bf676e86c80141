package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.Violation;

/** What a proof came to. */
interface ProofResult {
    /** Violations that people are shown. */
    int SHOWN_VIOLATIONS = 5;

    /** Whether it holds. */
    boolean proved();

    /** For people, line by line. */
    List<String> lines();

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
        balance.violations().stream().limit(SHOWN_VIOLATIONS).forEach(violation -> lines.add("  " + violation));
        return lines;
    }

    /** For programs. */
    ObjectNode json();

    /**
     * Draws charts beside the report.
     *
     * @return where to; empty where there is nothing to draw
     */
    default Optional<Path> draw(Path report) {
        return Optional.empty();
    }
}

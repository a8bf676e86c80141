package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a proof came to. */
interface ProofResult {
    /** Whether it holds. */
    boolean proved();

    /** For people, line by line. */
    List<String> lines();

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

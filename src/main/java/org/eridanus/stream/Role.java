package org.eridanus.stream;

import java.util.Locale;

/** The parts of Eridanus that run apart from each other; everything between them is a topic. */
public enum Role {
    /** Validates and joins what comes in, and writes the training log. */
    FEATURES,
    /** Tests the model on each event, then learns from it. */
    TRAINER,
    /** Turns the model into recommendations. */
    SCORER;

    /** The spelling in settings, metrics and application ids, e.g. {@code features}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

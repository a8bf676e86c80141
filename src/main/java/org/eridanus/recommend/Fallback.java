package org.eridanus.recommend;

import java.util.Locale;

/** Why a list was not ranked by the model. */
public enum Fallback {
    /** No version of the model has arrived; the list is empty. */
    NO_MODEL,
    /** The model knows nothing of what the user consumed; the list is by what users start with. */
    NO_HISTORY,
    /** Nothing is left that may be recommended; the list is empty. */
    NO_CANDIDATES;

    /** The spelling in topics and metrics, e.g. {@code no-history}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

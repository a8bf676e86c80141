package org.eridanus.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
final class Nearest {
    private static final int FARTHEST = 3;

    private Nearest() {}

    /** {@code "; did you mean x?"}, or nothing if no name is near. */
    static String suggestion(String written, Collection<String> names) {
        return of(written, names).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** The name that the fewest edits turn {@code written} into, if these are few. */
    static Optional<String> of(String written, Collection<String> names) {
        int limit = Math.min(FARTHEST, Math.max(1, written.length() / 3));
        return names.stream()
                .filter(name -> Math.abs(name.length() - written.length()) <= limit)
                .filter(name -> edits(written, name) <= limit)
                .min(Comparator.<String>comparingInt(name -> edits(written, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Levenshtein's distance: insertions, deletions and substitutions. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

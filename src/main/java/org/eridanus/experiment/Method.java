package org.eridanus.experiment;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.baseline.ItemScorer;

/**
 * A recommendation method with its settings, ready to be made for a data set.
 *
 * @param name unique, as given on the command line and in reports
 * @param online whether it learns event by event; one that does not is fitted once by leave-one-out, and has no place
 *     in a stream
 * @param seeded whether its outcome depends on the seed
 * @param settings what it runs with, for reports
 * @param factory makes it
 */
public record Method(String name, boolean online, boolean seeded, Map<String, Object> settings, Factory factory) {
    /** Makes a method that has seen nothing. */
    @FunctionalInterface
    public interface Factory {
        /**
         * A method for the users and items of a log, of which it has seen nothing.
         *
         * @param seed of everything random in it
         */
        ItemScorer create(InteractionLog log, long seed);

        /**
         * Bytes of heap that it takes at most on this log for rows of which it has more than users, items and values of
         * attributes; 0 where it has no such rows.
         */
        default long bytes(InteractionLog log) {
            return 0;
        }

        /** What people should know of the method on this log, e.g. which of its categories are absent. */
        default List<String> notes(InteractionLog log) {
            return List.of();
        }
    }

    public Method {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
}

package org.eridanus.feature;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;

/**
 * An interaction with everything the model may know of it, as of the moment before it happened.
 *
 * @param coordinate where the interaction stands in its topic
 * @param interaction the interaction itself
 * @param recordTime when it was produced, ms since the epoch
 * @param feedback what it says of the user's taste
 * @param weight how much it counts, positive and finite
 * @param itemAnnounced whether the item was known when the event was joined
 * @param repeat whether the user's seen-set already held the item
 * @param categories category name to its active values (user-, item- and event-owned ones; a category without
 *     a value holds {@link #UNKNOWN}); the history is not among them
 * @param history item ids the user consumed before this event, newest first, capped
 * @param consumed how many items the user had consumed before this event, not capped
 * @param combinations names of the combinations formed for this event, in schema order
 * @param schema {@linkplain FeatureSchema#hash() hash} of the schema that categories and combinations are of
 * @param profile the user's attributes as of the event, for readers with another schema
 */
public record EnrichedInteraction(
        Coordinate coordinate,
        Interaction interaction,
        long recordTime,
        Feedback feedback,
        float weight,
        boolean itemAnnounced,
        boolean repeat,
        Map<String, List<String>> categories,
        List<String> history,
        int consumed,
        List<String> combinations,
        String schema,
        Attributes profile) {

    /** The value a category takes where nothing is known. */
    public static final String UNKNOWN = "unknown";

    /** What an interaction says of the user's taste, by the feedback table of the configuration. */
    public enum Feedback {
        /** The user wanted the item: learned from, and part of the history. */
        POSITIVE,
        /** The user did not want it: hidden from then on, never a positive example. */
        NEGATIVE,
        /** Says nothing: passed on, and not learned from. */
        IGNORED
    }

    public EnrichedInteraction {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        categories.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        categories = java.util.Collections.unmodifiableMap(copy);
        history = List.copyOf(history);
        combinations = List.copyOf(combinations);
    }

    /** The user's id. */
    public String user() {
        return interaction.user();
    }

    /** The consumed item's id. */
    public String item() {
        return interaction.item();
    }
}

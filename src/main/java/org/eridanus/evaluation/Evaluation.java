package org.eridanus.evaluation;

import org.eridanus.event.Coordinate;

/**
 * The test of one event, made before anything was learned from it.
 *
 * @param user user id
 * @param item the consumed item
 * @param coordinate where the interaction stands
 * @param event its global number in the training log, from 0
 * @param outcome whether it was ranked, and why not
 * @param candidates how many items it was ranked among, itself included
 * @param consumed how many items the user had consumed before
 * @param model rank by the model, 1 the best; 0 where the event was not ranked
 * @param popularity rank by decayed popularity, on the same candidates
 * @param sequentialRules rank by sequential rules, on the same candidates
 */
public record Evaluation(
        String user,
        String item,
        Coordinate coordinate,
        long event,
        Outcome outcome,
        int candidates,
        int consumed,
        int model,
        int popularity,
        int sequentialRules) {
    /** What became of an event's test. */
    public enum Outcome {
        /** The consumed item was ranked among all candidates the user had not consumed. */
        RANKED,
        /** The user had consumed the item before. */
        REPEAT,
        /** The item was never announced, or is withdrawn: it was no candidate. */
        UNANNOUNCED,
        /** The catalogue is large and this event was not in the sample. */
        NOT_SAMPLED,
        /** The event is no positive one. */
        NOT_POSITIVE;

        /** The spelling in topics and metrics, e.g. {@code not-sampled}. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** Whether the ranks mean anything. */
    public boolean ranked() {
        return outcome == Outcome.RANKED;
    }
}

package org.eridanus.feature;

import java.util.List;
import java.util.Map;
import org.eridanus.event.Item;

/**
 * One record of the training log. Everything that influences learning is one of these, in the log's one order;
 * sealed, because a trainer that met something else could not be replayed.
 */
public sealed interface TrainingRecord {
    /**
     * An interaction to test on and learn from.
     *
     * @param event the enriched interaction
     * @param loggedAt when it was forwarded to the log, ms since the epoch, by the clock that writes the ticks
     */
    record Event(EnrichedInteraction event, long loggedAt) implements TrainingRecord {}

    /**
     * An item was added, or its attributes changed; from now on it may be recommended.
     *
     * @param item the item
     * @param categories item-owned category name to active values
     */
    record ItemAnnounced(Item item, Map<String, List<String>> categories) implements TrainingRecord {}

    /**
     * An item was withdrawn: no longer a candidate, though histories may still hold it.
     *
     * @param item its id
     */
    record ItemRemoved(String item) implements TrainingRecord {}

    /**
     * Time passed. The only thing beside the count of events that may cut a mini-batch or close a version.
     *
     * @param time when the tick was written, ms since the epoch, by the clock of {@link Event#loggedAt}
     */
    record Tick(long time) implements TrainingRecord {}

    /**
     * Stop learning and publishing.
     *
     * @param reason why
     */
    record Freeze(String reason) implements TrainingRecord {}

    /**
     * Learn again.
     *
     * @param reason why
     */
    record Resume(String reason) implements TrainingRecord {}

    /**
     * Forget a user: purge the sequence and the rows it owns.
     *
     * @param user the user's id
     */
    record UserForgotten(String user) implements TrainingRecord {}

    /**
     * A user's history was evicted: the next event of the user is the first of a new one. What was learned stays, but for
     * the rows the user owns.
     *
     * @param user the user's id
     */
    record UserEvicted(String user) implements TrainingRecord {}

    /**
     * The schema under which the records after this one were enriched.
     *
     * @param preset name of the preset
     * @param hash its hash, hexadecimal
     */
    record Configured(String preset, String hash) implements TrainingRecord {}
}

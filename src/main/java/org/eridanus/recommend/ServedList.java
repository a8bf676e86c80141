package org.eridanus.recommend;

import java.util.List;
import org.eridanus.event.Coordinate;

/**
 * What is remembered of the list that a user's newest event led to, to see at the next event whether it was right.
 *
 * @param items item ids, the best first
 * @param cause the event
 * @param trainedThrough offset in the cause's partition up to which its model had learned, −1 for nothing
 */
public record ServedList(List<String> items, Coordinate cause, long trainedThrough) {
    public ServedList {
        items = List.copyOf(items);
    }

    /** Rank of an item, 1 the best; 0 where the list does not hold it. */
    public int rankOf(String item) {
        return items.indexOf(item) + 1;
    }

    /**
     * Whether the list was made by a model that cannot have learned from an event: a user's events share a partition, and
     * the model had not come as far as this one there.
     */
    public boolean precedes(Coordinate event) {
        return cause.partition() == event.partition() && trainedThrough < event.offset();
    }
}

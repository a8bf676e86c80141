package org.eridanus.feature;

import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.FeedbackTable.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * An interaction on its way to being enriched: each step of the topology adds what it knows.
 *
 * @param coordinate where the interaction stands in its topic
 * @param interaction the interaction itself
 * @param recordTime when it was produced, ms since the epoch
 * @param verdict what it says of the user's taste
 * @param profile what is known of the user, null if nothing is
 * @param item the item as announced, null if it never was or is removed
 * @param before the user's history before this event
 */
public record JoinedInteraction(
        Coordinate coordinate,
        Interaction interaction,
        long recordTime,
        Verdict verdict,
        @Nullable UserProfile profile,
        @Nullable Item item,
        UserHistory before) {

    /** An interaction with which nothing is joined yet. */
    public static JoinedInteraction of(
            Coordinate coordinate, Interaction interaction, long recordTime, Verdict verdict) {
        return new JoinedInteraction(coordinate, interaction, recordTime, verdict, null, null, UserHistory.EMPTY);
    }

    /** The same with the user's profile. */
    public JoinedInteraction with(@Nullable UserProfile joined) {
        return new JoinedInteraction(coordinate, interaction, recordTime, verdict, joined, item, before);
    }

    /** The same with the item. */
    public JoinedInteraction with(@Nullable Item joined) {
        return new JoinedInteraction(coordinate, interaction, recordTime, verdict, profile, joined, before);
    }

    /** The same with the user's history. */
    public JoinedInteraction with(UserHistory joined) {
        return new JoinedInteraction(coordinate, interaction, recordTime, verdict, profile, item, joined);
    }
}

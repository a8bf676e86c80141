package org.eridanus.serde;

import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction.Feedback;

/**
 * The first fields of an enriched interaction: enough to account for it, at a fraction of the cost of reading all of it.
 *
 * @param coordinate where the interaction stands
 * @param user user id
 * @param item item id
 * @param feedback what it says of the user's taste
 * @param itemAnnounced whether the item was known when the event was joined
 * @param repeat whether the user had met the item before
 */
public record EventHead(
        Coordinate coordinate, String user, String item, Feedback feedback, boolean itemAnnounced, boolean repeat) {}

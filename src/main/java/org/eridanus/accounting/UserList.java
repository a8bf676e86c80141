package org.eridanus.accounting;

import org.eridanus.event.Coordinate;

/**
 * What accounting needs to know of a list of recommendations.
 *
 * @param user whose list
 * @param cause the interaction that led to it, or the request
 * @param request whether it answers a request
 * @param trainedThrough by source partition, the last event its model had learned from
 * @param items {@linkplain org.eridanus.feature.StableHash hashes} of its first ten items, best first; not copied
 */
public record UserList(
        String user, Coordinate cause, boolean request, PartitionOffsets trainedThrough, HashedItems items) {}

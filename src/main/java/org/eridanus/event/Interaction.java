package org.eridanus.event;

import org.jspecify.annotations.Nullable;

/**
 * One user met one item: a rating, a view, a purchase.
 *
 * @param user user id, the key of the {@code interactions} topic
 * @param item item id
 * @param type what happened, e.g. {@code rating}, {@code view}
 * @param rating the value given, null where the type has none
 * @param timestamp event time, ms since the epoch; may lie decades before the record's own time
 */
public record Interaction(
        String user, String item, String type, @Nullable Double rating, long timestamp) {}

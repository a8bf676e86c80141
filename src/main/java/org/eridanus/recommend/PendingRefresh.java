package org.eridanus.recommend;

import org.eridanus.event.Coordinate;

/**
 * A list that a user's event calls for and that was not made yet.
 *
 * @param cause the user's newest event
 * @param recordTime when that was produced, ms since the epoch
 */
public record PendingRefresh(Coordinate cause, long recordTime) {}

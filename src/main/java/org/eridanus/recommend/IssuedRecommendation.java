package org.eridanus.recommend;

import org.eridanus.event.Coordinate;

/**
 * A list as it is given out.
 *
 * @param user user id
 * @param generatedAt when it was made, ms since the epoch
 * @param cause what led to it: the newest interaction it takes into account or, with {@code request}, the request
 * @param request whether it answers a request
 * @param list the list
 */
public record IssuedRecommendation(
        String user, long generatedAt, Coordinate cause, boolean request, Recommendation list) {}

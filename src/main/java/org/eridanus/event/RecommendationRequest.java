package org.eridanus.event;

import java.util.Set;

/**
 * A question for a user's recommendations, answered once on {@code recommendations}.
 *
 * @param user user id
 * @param k how many items, at least 1
 * @param exclude item ids that the answer must not contain, copied
 */
public record RecommendationRequest(String user, int k, Set<String> exclude) {
    public RecommendationRequest {
        exclude = Set.copyOf(exclude);
    }
}

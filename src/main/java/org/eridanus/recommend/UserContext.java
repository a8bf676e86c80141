package org.eridanus.recommend;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.UserHistory;
import org.jspecify.annotations.Nullable;

/**
 * What a recommender knows of a user. It is kept as it was told, not as categories of some schema, so that a model with
 * another schema can be served from one moment to the next.
 *
 * @param history what the user consumed and met, the newest event included
 * @param profile the user's attributes as of the newest event
 * @param newest that event, null where there is none
 */
public record UserContext(
        UserHistory history, Attributes profile, @Nullable Interaction newest) {
    /** A user of whom nothing is known. */
    public static final UserContext UNKNOWN = new UserContext(UserHistory.EMPTY, Attributes.NONE, null);

    /** The active values of the categories of users and events; none before the first event. */
    public Map<String, List<String>> categories(FeatureSchema schema) {
        if (newest == null) {
            return Map.of();
        }
        Map<String, List<String>> values =
                new HashMap<>(schema.valuesOfUser(newest.user(), new UserProfile(newest.user(), profile)));
        values.putAll(schema.valuesOfEvent(newest));
        return values;
    }

    /**
     * What is known after an event.
     *
     * <p>An event carries the history before it, and that is the one that counts: where it does not continue ours, the
     * user was forgotten meanwhile (it is shorter: what we remember is dropped) or we missed events (it is longer: what
     * it holds is met as well).
     *
     * @param event the user's next event
     */
    public UserContext after(EnrichedInteraction event) {
        UserHistory before = history.consumed() == event.consumed() ? history : realigned(event);
        return new UserContext(before.after(event.item(), event.feedback()), event.profile(), event.interaction());
    }

    private UserHistory realigned(EnrichedInteraction event) {
        UserHistory met = event.consumed() < history.consumed() ? UserHistory.EMPTY : history;
        List<String> past = event.history();
        for (int i = past.size() - 1; i >= 0; i--) {
            met = met.after(past.get(i), Feedback.NEGATIVE);
        }
        long[] seen = new long[met.seenCount()];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = met.seenHash(i);
        }
        return UserHistory.of(past, seen, event.consumed(), met.dropped());
    }
}

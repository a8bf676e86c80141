package org.eridanus.recommend;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.UserHistory;

/**
 * What a recommender knows of a user.
 *
 * @param history what the user consumed and met, the newest event included
 * @param categories active values of the categories that the model keeps rows for, as of the newest event
 */
public record UserContext(UserHistory history, SortedMap<String, List<String>> categories) {
    /** A user of whom nothing is known. */
    public static final UserContext UNKNOWN = new UserContext(UserHistory.EMPTY, new TreeMap<>());

    public UserContext {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        categories.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        categories = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * What is known after an event.
     *
     * <p>An event carries the history before it, and that is the one that counts: where it does not continue ours, the
     * user was forgotten meanwhile (it is shorter: what we remember is dropped) or we missed events (it is longer: what
     * it holds is met as well).
     *
     * @param event the user's next event
     * @param kept categories to keep the values of
     */
    public UserContext after(EnrichedInteraction event, List<String> kept) {
        UserHistory before = history.consumed() == event.consumed() ? history : realigned(event);
        TreeMap<String, List<String>> values = new TreeMap<>();
        for (String name : kept) {
            List<String> active = event.categories().get(name);
            if (active != null) {
                values.put(name, active);
            }
        }
        return new UserContext(before.after(event.item(), event.feedback()), values);
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

package org.eridanus.recommend;

import java.util.ArrayList;
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
 * @param times when each item of the history was consumed, ms since 1970, the newest first; 0 where an event was missed
 * @param profile the user's attributes as of the newest event
 * @param newest that event, null where there is none
 */
public record UserContext(
        UserHistory history,
        List<Long> times,
        Attributes profile,
        @Nullable Interaction newest) {
    /** A user of whom nothing is known. */
    public static final UserContext UNKNOWN = new UserContext(UserHistory.EMPTY, List.of(), Attributes.NONE, null);

    public UserContext {
        if (times.size() != history.newest().size()) {
            throw new IllegalArgumentException("each item of a history needs its time, got "
                    + history.newest().size() + " items and " + times.size() + " times");
        }
        times = List.copyOf(times);
    }

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
        boolean continues = history.consumed() == event.consumed();
        UserHistory before = continues ? history : realigned(event);
        List<Long> timed = continues ? times : timesOf(event.history());
        UserHistory after = before.after(event.item(), event.feedback());
        return new UserContext(
                after,
                event.feedback() == Feedback.POSITIVE
                        ? prepended(
                                event.interaction().timestamp(),
                                timed,
                                after.newest().size())
                        : timed,
                event.profile(),
                event.interaction());
    }

    private static List<Long> prepended(long time, List<Long> times, int size) {
        List<Long> longer = new ArrayList<>(size);
        longer.add(time);
        longer.addAll(times.subList(0, size - 1));
        return longer;
    }

    /** The times of a history that does not continue ours, as far as we were there. */
    private List<Long> timesOf(List<String> past) {
        Map<String, Long> known = new HashMap<>();
        for (int i = times.size() - 1; i >= 0; i--) {
            known.put(history.newest().get(i), times.get(i));
        }
        return past.stream().map(item -> known.getOrDefault(item, 0L)).toList();
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

package org.eridanus.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Limits;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.UserHistory;
import org.junit.jupiter.api.Test;

class UserContextTest {
    @Test
    void shouldKeepWhatAnySchemaMayRead() {
        UserContext context = UserContext.UNKNOWN.after(event("a", Feedback.POSITIVE, List.of(), 0));

        assertThat(context.history()).isEqualTo(UserHistory.EMPTY.after("a", Feedback.POSITIVE));
        assertThat(context.categories(FeatureSchema.paper()))
                .containsOnly(
                        entry("user", List.of("u")),
                        entry("age", List.of("25-34")),
                        entry("gender", List.of("unknown")),
                        entry("occupation", List.of("unknown")));
        assertThat(UserContext.UNKNOWN.categories(FeatureSchema.paper())).isEmpty();
    }

    @Test
    void shouldFollowFeedbackAsTheHistoryDoes() {
        UserContext context = UserContext.UNKNOWN
                .after(event("a", Feedback.NEGATIVE, List.of(), 0))
                .after(event("b", Feedback.IGNORED, List.of(), 0))
                .after(event("c", Feedback.POSITIVE, List.of(), 0));

        assertThat(context.history().newest()).containsExactly("c");
        assertThat(context.history().hasSeen("a")).isTrue();
        assertThat(context.history().hasSeen("b")).isFalse();
    }

    @Test
    void shouldDropWhatWasKnownOfAUserWhoWasForgotten() {
        UserContext before = UserContext.UNKNOWN
                .after(event("a", Feedback.POSITIVE, List.of(), 0))
                .after(event("b", Feedback.POSITIVE, List.of("a"), 1));

        UserContext after = before.after(event("c", Feedback.POSITIVE, List.of(), 0));

        assertThat(after.history()).isEqualTo(UserHistory.EMPTY.after("c", Feedback.POSITIVE));
    }

    @Test
    void shouldTakeOverTheHistoryOfEventsItMissed() {
        UserContext before = UserContext.UNKNOWN.after(event("a", Feedback.POSITIVE, List.of(), 0));

        UserContext after = before.after(event("d", Feedback.POSITIVE, List.of("c", "b"), 300));

        assertThat(after.history().newest()).containsExactly("d", "c", "b");
        assertThat(after.history().consumed()).isEqualTo(301);
        assertThat(List.of("a", "b", "c", "d")).allMatch(after.history()::hasSeen);
    }

    @Test
    void shouldKnowWhenEachItemWasConsumed() {
        UserContext context = UserContext.UNKNOWN
                .after(event("a", Feedback.POSITIVE, List.of(), 0, 5_000))
                .after(event("b", Feedback.NEGATIVE, List.of("a"), 1, 6_000))
                .after(event("c", Feedback.POSITIVE, List.of("a"), 1, 4_000));

        assertThat(context.history().newest()).containsExactly("c", "a");
        assertThat(context.times()).containsExactly(4_000L, 5_000L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserContext(context.history(), List.of(1L), Attributes.NONE, null))
                .withMessageContaining("2 items and 1 times");
    }

    @Test
    void shouldKeepAsManyTimesAsItems() {
        UserContext context = UserContext.UNKNOWN;
        List<String> past = new ArrayList<>();
        for (int i = 0; i < Limits.HISTORY + 5; i++) {
            context = context.after(event("i" + i, Feedback.POSITIVE, past, i, i));
        }

        assertThat(context.times()).hasSize(Limits.HISTORY).startsWith(Limits.HISTORY + 4L, Limits.HISTORY + 3L);
    }

    @Test
    void shouldKnowNoTimeOfAnEventItMissed() {
        UserContext context = UserContext.UNKNOWN
                .after(event("a", Feedback.POSITIVE, List.of(), 0, 5_000))
                .after(event("c", Feedback.POSITIVE, List.of("b", "a"), 2, 7_000));

        assertThat(context.history().newest()).containsExactly("c", "b", "a");
        assertThat(context.times()).containsExactly(7_000L, 0L, 5_000L);
    }

    @Test
    void shouldCountWhatAFullSeenSetForgets() {
        long[] seen = IntStream.range(0, Limits.SEEN).mapToLong(i -> i + 1).toArray();
        UserHistory full = UserHistory.of(List.of(), seen, 0, 3);

        UserContext after = new UserContext(full, List.of(), Attributes.NONE, null)
                .after(event("a", Feedback.POSITIVE, List.of(), 0));

        assertThat(after.history().dropped()).isEqualTo(4);
        assertThat(after.history().seenCount()).isEqualTo(Limits.SEEN);
    }

    private static EnrichedInteraction event(String item, Feedback feedback, List<String> history, int consumed) {
        return event(item, feedback, history, consumed, 0);
    }

    private static EnrichedInteraction event(
            String item, Feedback feedback, List<String> history, int consumed, long time) {
        return new EnrichedInteraction(
                new Coordinate(0, 0),
                new Interaction("u", item, "view", null, time),
                0,
                feedback,
                1,
                true,
                false,
                Map.of("user", List.of("u"), "genre", List.of("Drama")),
                history,
                consumed,
                List.of(),
                "",
                new Attributes(Map.of("age", List.of("30"))));
    }
}

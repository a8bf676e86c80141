package org.eridanus.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eridanus.event.Limits;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.junit.jupiter.api.Test;

class UserHistoryTest {
    @Test
    void shouldHoldTheNewestFirstAndRepeatsAgain() {
        UserHistory history = after("a", "b", "a");

        assertThat(history.newest()).containsExactly("a", "b", "a");
        assertThat(history.consumed()).isEqualTo(3);
        assertThat(history.seenCount()).isEqualTo(2);
    }

    @Test
    void shouldNotChangeWhatItWas() {
        UserHistory before = after("a");
        UserHistory unused = before.after("b", Feedback.POSITIVE);

        assertThat(before).isEqualTo(after("a")).isNotEqualTo(unused);
    }

    @Test
    void shouldTakeNegativesIntoTheSeenSetAlone() {
        UserHistory history = UserHistory.EMPTY.after("a", Feedback.NEGATIVE);

        assertThat(history.newest()).isEmpty();
        assertThat(history.consumed()).isZero();
        assertThat(history.hasSeen("a")).isTrue();
    }

    @Test
    void shouldTakeNoNoticeOfIgnoredEvents() {
        assertThat(UserHistory.EMPTY.after("a", Feedback.IGNORED)).isEqualTo(UserHistory.EMPTY);
    }

    @Test
    void shouldKeepTheNewestItemsAndCountAll() {
        UserHistory history = UserHistory.EMPTY;
        for (int i = 0; i < 250; i++) {
            history = history.after("i" + i, Feedback.POSITIVE);
        }

        assertThat(history.newest())
                .hasSize(Limits.HISTORY)
                .startsWith("i249", "i248")
                .endsWith("i150");
        assertThat(history.consumed()).isEqualTo(250);
        assertThat(history.hasSeen("i0"))
                .as("the seen-set reaches further back")
                .isTrue();
    }

    @Test
    void shouldDropTheOldestOfAFullSeenSetAndCountIt() {
        long[] seen = new long[Limits.SEEN];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = StableHash.of("i" + i);
        }
        UserHistory full = UserHistory.of(List.of("i1"), seen, 1, 7);

        UserHistory again = full.after("i0", Feedback.POSITIVE);
        UserHistory more = full.after("new", Feedback.NEGATIVE);

        assertThat(again.dropped()).isEqualTo(7);
        assertThat(again.hasSeen("i0")).isTrue();
        assertThat(more.dropped()).isEqualTo(8);
        assertThat(more.seenCount()).isEqualTo(Limits.SEEN);
        assertThat(more.hasSeen("i0")).isFalse();
        assertThat(more.hasSeen("i1")).isTrue();
        assertThat(more.hasSeen("new")).isTrue();
    }

    @Test
    void shouldRefuseHistoriesThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> UserHistory.of(List.of("a"), new long[0], 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UserHistory.of(List.of(), new long[Limits.SEEN + 1], 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> UserHistory.of(List.of(), new long[0], 0, -1));
    }

    @Test
    void shouldHashAsItDidWhenTheFirstStoreWasWritten() {
        assertThat(StableHash.of("242")).isEqualTo(6315712412428456182L);
        assertThat(StableHash.of("映画")).isEqualTo(4419507000950516381L);
    }

    @Test
    void shouldHashIdsApart() {
        Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            hashes.add(StableHash.of(Integer.toString(i)));
        }

        assertThat(hashes).hasSize(1_000_000);
    }

    private static UserHistory after(String... items) {
        UserHistory history = UserHistory.EMPTY;
        for (String item : items) {
            history = history.after(item, Feedback.POSITIVE);
        }
        return history;
    }
}

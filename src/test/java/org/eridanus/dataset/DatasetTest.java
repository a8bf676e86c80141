package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final UserProfile ANNA = new UserProfile("anna", Attributes.NONE);
    private static final UserProfile BEN = new UserProfile("ben", Attributes.NONE);
    private static final Item BOOK = new Item("book", "Book", Attributes.NONE);
    private static final Item FILM = new Item("film", "Film", Attributes.NONE);
    private static final Item SONG = new Item("song", "Song", Attributes.NONE);

    private static final long DAY = 86_400_000L;

    private static Interaction view(String user, String item, long timestamp) {
        return new Interaction(user, item, "view", null, timestamp);
    }

    @Test
    void shouldOrderInteractionsByEventTimeAndTiesAsGiven() {
        Interaction late = view("anna", "book", 3);
        Interaction tieFirst = view("ben", "film", 2);
        Interaction tieSecond = view("anna", "film", 2);
        Interaction tieThird = view("anna", "song", 2);
        Interaction early = view("ben", "song", 1);

        Dataset dataset = new Dataset(
                "tiny",
                List.of(ANNA, BEN),
                List.of(BOOK, FILM, SONG),
                List.of(late, tieFirst, tieSecond, early, tieThird));

        assertThat(dataset.interactions()).containsExactly(early, tieFirst, tieSecond, tieThird, late);
    }

    @Test
    void shouldNotChangeWithTheListsItWasMadeOf() {
        List<Interaction> interactions = new ArrayList<>(List.of(view("anna", "book", 1)));
        List<UserProfile> users = new ArrayList<>(List.of(ANNA));
        List<Item> items = new ArrayList<>(List.of(BOOK));
        Dataset dataset = new Dataset("tiny", users, items, interactions);

        interactions.clear();
        users.clear();
        items.clear();

        assertThat(dataset.interactions()).hasSize(1);
        assertThat(dataset.users()).containsExactly(ANNA);
        assertThat(dataset.items()).containsExactly(BOOK);
    }

    @Test
    void shouldRefuseAnIdTwice() {
        assertThatThrownBy(() -> new Dataset("tiny", List.of(ANNA, BEN, ANNA), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a data set must list each user once, got 'anna' twice: remove one of them");
        assertThatThrownBy(() -> new Dataset("tiny", List.of(), List.of(BOOK, BOOK), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("each item once, got 'book' twice");
        assertThatThrownBy(() -> new Dataset(" ", List.of(), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a name");
    }

    @Test
    void shouldSummariseWhatItHolds() {
        Dataset dataset = new Dataset(
                "tiny",
                List.of(ANNA, BEN),
                List.of(BOOK, FILM, SONG),
                List.of(view("anna", "film", DAY), view("anna", "book", 2 * DAY), view("anna", "book", 3 * DAY)));

        Dataset.Summary summary = dataset.summary();

        assertThat(summary.users()).isEqualTo(2);
        assertThat(summary.items()).isEqualTo(3);
        assertThat(summary.interactions()).isEqualTo(3);
        assertThat(summary.activeUsers()).isEqualTo(1);
        assertThat(summary.consumedItems()).isEqualTo(2);
        assertThat(summary.distinctPairs()).isEqualTo(2);
        assertThat(summary.density()).isEqualTo(2.0 / (1.0 * 2.0), Offset.offset(1e-12));
        assertThat(dataset.describe())
                .isEqualTo("tiny: 2 users, 3 items, 3 interactions, 1970-01-02 to 1970-01-04, density 100.00 %");
    }

    @Test
    void shouldDescribeItselfWithoutInteractions() {
        Dataset dataset = new Dataset("empty", List.of(ANNA), List.of(BOOK), List.of());

        assertThat(dataset.describe()).isEqualTo("empty: 1 users, 1 items, 0 interactions");
        assertThat(dataset.summary().density()).isZero();
        assertThat(dataset.summary().span()).isEmpty();
    }
}

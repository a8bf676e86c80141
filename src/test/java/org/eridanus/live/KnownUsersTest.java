package org.eridanus.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.eridanus.event.Attributes;
import org.junit.jupiter.api.Test;

class KnownUsersTest {
    private final KnownUsers users = new KnownUsers(3, 2);

    @Test
    void shouldFindTheOneAskedForThenTheActiveThenTheOthers() {
        users.put("u1", Attributes.NONE);
        users.put("u11", Attributes.NONE);
        users.put("u12", Attributes.NONE);
        users.active("new-u1", 1);
        users.active("u12", 2);

        assertThat(users.search("U1", 10)).containsExactly("u12", "new-u1", "u1", "u11");
        assertThat(users.search("u1", 10)).containsExactly("u1", "u12", "new-u1", "u11");
        assertThat(users.search("", 2)).containsExactly("u12", "new-u1");
    }

    @Test
    void shouldBoundWhatItRemembers() {
        for (int i = 0; i < 5; i++) {
            users.put("u" + i, Attributes.NONE);
        }
        for (int i = 0; i < KnownUsers.RECENT + 7; i++) {
            users.active("a" + i, i);
        }
        users.remove("u2", 1);

        assertThat(users.size()).isEqualTo(2);
        assertThat(users.leftOut()).isEqualTo(2);
        assertThat(users.search("a", 1_000))
                .hasSize(KnownUsers.RECENT)
                .doesNotContain("a6")
                .contains("a7");
        assertThat(users.search("u2", 10)).isEmpty();
    }

    @Test
    void shouldNotOfferAForgottenUserForWhatWasDoneBefore() {
        users.active("before", 9);
        users.remove("before", 10);
        users.active("before", 10);
        users.remove("late", 10);
        users.active("late", 10);
        users.active("back", 12);
        users.remove("back", 11);

        assertThat(users.search("", 10)).containsExactly("back");

        users.active("late", 13);

        assertThat(users.search("", 10)).containsExactly("late", "back");
    }

    @Test
    void shouldPassOverWhatIsOlderThanTheForgottenThatItRemembers() {
        users.remove("u1", 10);
        users.remove("u2", 20);
        users.remove("u3", 30);

        users.active("u1", 10);
        users.active("u2", 20);
        users.active("another", 9);
        users.active("u1", 11);

        assertThat(users.search("", 10)).containsExactly("u1");
    }
}

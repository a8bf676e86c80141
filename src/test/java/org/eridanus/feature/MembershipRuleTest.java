package org.eridanus.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.MembershipRule.Rule;
import org.eridanus.feature.MembershipRule.Violation;
import org.junit.jupiter.api.Test;

/** The examples of the paper's section 4.2, with its Table 1: movie, genre, occupation, gender. */
class MembershipRuleTest {
    private static final Category USER = Category.id("user", Owner.USER);
    private static final Category MOVIE = Category.id("movie", Owner.ITEM);
    private static final Category GENRE = Category.attribute("genre", Owner.ITEM, new Kind.Many(), "genres", "movie");
    private static final Category DECADE =
            Category.attribute("decade", Owner.ITEM, new Kind.Single(), "decade", "movie");
    private static final Category OCCUPATION =
            Category.attribute("occupation", Owner.USER, new Kind.Single(), "occupation", "user");
    private static final Category GENDER =
            Category.attribute("gender", Owner.USER, new Kind.Single(), "gender", "user");
    private static final Category HOUR = Category.event("hour", new Kind.Single(), "hour");
    private static final Category RECENT = Category.past("recent", 50, .8);
    private static final Category HISTORY = Category.past("history", 100, 1);

    @Test
    void shouldRefuseGenreWithTheMovieThatItDescribes() {
        assertThat(broken(GENRE, MOVIE)).contains(Rule.DESCRIBES_KEY);
        assertThat(broken(MOVIE, GENRE)).contains(Rule.DESCRIBES_KEY);
    }

    @Test
    void shouldRefuseOccupationWithTheUserThatItDescribes() {
        assertThat(broken(OCCUPATION, USER)).contains(Rule.DESCRIBES_KEY);
    }

    @Test
    void shouldRefuseTwoGenresOfOneMovieAndTwoGendersOfOneUser() {
        assertThat(broken(GENRE, GENRE)).contains(Rule.SAME_CATEGORY);
        assertThat(broken(GENDER, GENDER)).contains(Rule.SAME_CATEGORY);
    }

    @Test
    void shouldAllowAttributesOfOneEntity() {
        assertThat(broken(OCCUPATION, GENDER)).as("the female student").isEmpty();
        assertThat(broken(GENRE, DECADE)).isEmpty();
    }

    @Test
    void shouldAllowCategoriesOfDifferentEntities() {
        assertThat(broken(USER, MOVIE)).isEmpty();
        assertThat(broken(OCCUPATION, MOVIE)).isEmpty();
        assertThat(broken(OCCUPATION, GENRE)).isEmpty();
        assertThat(broken(USER, GENRE)).isEmpty();
        assertThat(broken(HOUR, GENRE)).isEmpty();
        assertThat(broken(HOUR, USER)).isEmpty();
    }

    @Test
    void shouldAllowTheHistoryWithAnythingButAnotherReadingOfIt() {
        assertThat(broken(RECENT, MOVIE)).isEmpty();
        assertThat(broken(HISTORY, GENRE)).isEmpty();
        assertThat(broken(RECENT, OCCUPATION)).isEmpty();
        assertThat(broken(RECENT, HISTORY)).contains(Rule.SAME_HISTORY);
    }

    @Test
    void shouldSayWhichRuleWasBrokenByWhatAndTheRemedy() {
        assertThat(MembershipRule.check(GENRE, MOVIE))
                .map(Violation::message)
                .hasValue("genre·movie: genre merely describes what movie names; combine genre with an attribute of the"
                        + " same entity or with another entity's category (membership rule, paper, section 4.2)");
    }

    private static Optional<Rule> broken(Category a, Category b) {
        return MembershipRule.check(a, b).map(Violation::rule);
    }
}

package org.eridanus.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeedbackTable.Verdict;
import org.junit.jupiter.api.Test;

class EnricherTest {
    private static final JoinedInteraction BARE = JoinedInteraction.of(
            new Coordinate(2, 40),
            new Interaction("u", "i", "rating", 4.0, 881_250_949_000L),
            1_772_366_400_000L,
            new Verdict(Feedback.NEGATIVE, .5f));

    @Test
    void shouldEnrichWhatIsKnown() {
        UserHistory before = UserHistory.EMPTY.after("i", Feedback.POSITIVE).after("j", Feedback.POSITIVE);
        JoinedInteraction joined = BARE.with(new UserProfile("u", new Attributes(Map.of("gender", List.of("F")))))
                .with(new Item("i", "t", new Attributes(Map.of("genres", List.of("Drama")))))
                .with(before);

        EnrichedInteraction enriched = new Enricher(FeatureSchema.online()).enrich(joined);

        assertThat(enriched)
                .isEqualTo(new EnrichedInteraction(
                        BARE.coordinate(),
                        BARE.interaction(),
                        BARE.recordTime(),
                        Feedback.NEGATIVE,
                        .5f,
                        true,
                        true,
                        Map.of(
                                "user", List.of("u"),
                                "item", List.of("i"),
                                "gender", List.of("F"),
                                "age", List.of("unknown"),
                                "occupation", List.of("unknown"),
                                "genre", List.of("Drama")),
                        List.of("j", "i"),
                        2,
                        FeatureSchema.online().combinations().stream()
                                .map(Combination::name)
                                .toList(),
                        FeatureSchema.online().hash(),
                        new Attributes(Map.of("gender", List.of("F")))));
    }

    @Test
    void shouldEnrichAnewWhatAnotherSchemaEnriched() {
        JoinedInteraction joined = BARE.with(
                        new UserProfile("u", new Attributes(Map.of("age", List.of("33"), "country", List.of("IT")))))
                .with(UserHistory.EMPTY.after("j", Feedback.POSITIVE));
        FeatureSchema other = new FeatureSchema(
                List.of(
                        Category.id("user", Category.Owner.USER),
                        Category.id("item", Category.Owner.ITEM),
                        Category.attribute(
                                "country", Category.Owner.USER, new Category.Kind.Single(), "country", "user"),
                        Category.past("recent", 50, .8)),
                List.of(Combination.of("recent", "item"), Combination.of("user", "item")));
        TrainingRecord logged = new TrainingRecord.Event(new Enricher(FeatureSchema.online()).enrich(joined), 5);

        TrainingRecord seen = new Enricher(other).under(logged);

        assertThat(seen).isEqualTo(new TrainingRecord.Event(new Enricher(other).enrich(joined), 5));
        assertThat(new Enricher(FeatureSchema.online()).under(seen))
                .as("and back: nothing is lost on the way")
                .isEqualTo(logged);
        assertThat(new Enricher(FeatureSchema.online()).under(logged)).isSameAs(logged);
    }

    @Test
    void shouldReadItemsAnew() {
        Item item = new Item("i", "t", new Attributes(Map.of("genres", List.of("Drama"))));

        assertThat(new Enricher(FeatureSchema.online())
                        .under(new TrainingRecord.ItemAnnounced(item, Map.of("colour", List.of("red")))))
                .isEqualTo(new TrainingRecord.ItemAnnounced(
                        item, Map.of("item", List.of("i"), "genre", List.of("Drama"))));
    }

    @Test
    void shouldFormNothingOfAnEmptyHistory() {
        var schema = new FeatureSchema(
                FeatureSchema.online().categories(),
                List.of(Combination.of("recent", "item"), Combination.of("occupation", "genre")));

        assertThat(new Enricher(schema).enrich(BARE).combinations())
                .as("unknown is a value, an empty history has none")
                .containsExactly("occupation·genre");
    }

    @Test
    void shouldNotTakeAnUnannouncedItemForAKnownOne() {
        EnrichedInteraction enriched = new Enricher(FeatureSchema.paper()).enrich(BARE);

        assertThat(enriched.itemAnnounced()).isFalse();
        assertThat(enriched.repeat()).isFalse();
        assertThat(enriched.categories()).containsEntry("item", List.of("i"));
        assertThat(enriched.combinations()).hasSize(4);
    }
}

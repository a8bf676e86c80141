package org.eridanus.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Owner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureSchemaTest {
    @Test
    void shouldPresetThePapersFourCombinations() {
        assertThat(FeatureSchema.paper().combinations())
                .extracting(Combination::name)
                .containsExactly("user·item", "occupation·gender", "age·gender", "occupation·age");
    }

    @Test
    void shouldPresetTheHistoryCombinationsOnline() {
        FeatureSchema online = FeatureSchema.online();

        assertThat(online.combinations())
                .extracting(Combination::name)
                .containsExactly("recent·item", "history·item", "session·item", "session·genre");
        assertThat(online.categoriesOf(Owner.HISTORY))
                .extracting(Category::kind)
                .containsExactly(
                        new Kind.Past(50, .85, 86_400_000, Category.Normalisation.ROOT),
                        new Kind.Past(100, 1),
                        new Kind.Past(20, 1, 40_000, Category.Normalisation.ROOT));
        assertThat(online.categoriesOf(Owner.ITEM)).extracting(Category::name).containsExactly("item", "genre");
    }

    @Test
    void shouldFormAllPairsThatTheRuleAllows() {
        List<Category> categories = FeatureSchema.paper().categories();

        assertThat(FeatureSchema.allAllowed(categories).combinations())
                .extracting(Combination::name)
                .as("of ten pairs of five categories not user with its three attributes")
                .containsExactly(
                        "user·item",
                        "occupation·item",
                        "gender·item",
                        "age·item",
                        "occupation·gender",
                        "occupation·age",
                        "gender·age");
    }

    @Test
    void shouldCombineThreeCategoriesWhereEachTwoOfThemMayBeCombined() {
        List<Category> categories = FeatureSchema.paper().categories();

        assertThat(FeatureSchema.allAllowed(categories, 3).combinations().subList(7, 11))
                .extracting(Combination::name)
                .containsExactly(
                        "occupation·gender·item", "occupation·age·item", "gender·age·item", "occupation·gender·age");
        assertThat(FeatureSchema.allAllowed(categories, 5)
                        .combinations()
                        .get(11)
                        .name())
                .isEqualTo("occupation·gender·age·item");
        assertThat(FeatureSchema.allAllowed(categories, 5).combinations()).hasSize(12);
    }

    @Test
    void shouldReadPairsFromTheAskingSideToTheCandidate() {
        List<Category> reversed = new ArrayList<>(FeatureSchema.online().categories());
        Collections.reverse(reversed);

        assertThat(FeatureSchema.allAllowed(reversed).combinations())
                .extracting(Combination::name)
                .contains("recent·item", "history·genre", "occupation·genre", "user·item", "recent·age")
                .doesNotContain("genre·item", "history·recent", "age·user");
    }

    @Test
    void shouldRefuseACombinationThatBreaksTheMembershipRule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeatureSchema(
                        FeatureSchema.online().categories(), List.of(Combination.of("recent", "genre", "item"))))
                .withMessageStartingWith(
                        "combination recent·genre·item is refused: genre·item: genre merely describes");
    }

    @Test
    void shouldAllowThreeCategories() {
        var schema = new FeatureSchema(
                FeatureSchema.online().categories(), List.of(Combination.of("occupation", "gender", "genre")));

        assertThat(schema.combinations().get(0).name()).isEqualTo("occupation·gender·genre");
    }

    @Test
    void shouldRefuseSchemasThatContradictThemselves() {
        List<Category> categories = FeatureSchema.online().categories();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeatureSchema(categories, List.of(Combination.of("recent", "colour"))))
                .withMessageContaining("names the category colour, which the schema lacks");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeatureSchema(
                        categories, List.of(Combination.of("recent", "item"), Combination.of("item", "recent"))))
                .withMessageContaining("got item·recent twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeatureSchema(List.of(categories.get(0), categories.get(0)), List.of()))
                .withMessageContaining("got user twice");
        Category stray = Category.attribute("colour", Owner.ITEM, new Kind.Single(), "colour", "user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FeatureSchema(List.of(categories.get(0), stray), List.of()))
                .withMessageContaining("colour must describe the key of its own item, got user");
    }

    @Test
    void shouldRefuseCombinationsOfOneCategoryOrOfOneWithItself() {
        assertThatIllegalArgumentException().isThrownBy(() -> Combination.of("item"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Combination.of("genre", "genre"))
                .withMessageContaining("section 4.2");
        assertThat(Combination.parse("recent·item")).isEqualTo(Combination.of("recent", "item"));
    }

    @Test
    void shouldRefuseCategoriesThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> Category.id("two words", Owner.USER));
        assertThatIllegalArgumentException().isThrownBy(() -> Category.id("when", Owner.EVENT));
        assertThatIllegalArgumentException().isThrownBy(() -> Category.past("recent", 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Category.past("recent", 101, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Category.past("recent", 50, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Category.past("recent", 50, Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Category.session("session", 50, -1))
                .withMessageContaining("half-life of a history must be at least 0 ms, got -1");
        assertThatIllegalArgumentException().isThrownBy(() -> Category.event("rating", new Kind.Single(), "rating"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Kind.Bands(List.of(5, 5)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Kind.Bands(List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "1, <18",
        "17.9, <18",
        "18, 18-24",
        "24, 18-24",
        "25, 25-34",
        "35, 35-44",
        "45, 45-49",
        "50, 50-55",
        "55, 50-55",
        "56, 56+",
        "999, 56+",
        "old, unknown",
        "'', unknown",
        "NaN, unknown",
        "Infinity, unknown"
    })
    void shouldPutAgesIntoTheBandsOfMovieLens(String age, String band) {
        Attributes attributes = new Attributes(Map.of("age", List.of(age)));

        assertThat(FeatureSchema.paper().valuesOfUser("u", new UserProfile("u", attributes)))
                .containsEntry("age", List.of(band));
    }

    @Test
    void shouldReadValuesOfUsersAndItems() {
        FeatureSchema schema = FeatureSchema.online();
        Item item = new Item("i", "t", new Attributes(Map.of("genres", List.of("Drama", "Comedy", "Drama"))));

        assertThat(schema.valuesOfItem(item))
                .containsExactly(entry("item", List.of("i")), entry("genre", List.of("Comedy", "Drama")));
        assertThat(schema.valuesOfUnknownItem("i"))
                .containsExactly(entry("item", List.of("i")), entry("genre", List.of("unknown")));
        assertThat(schema.valuesOfUser("u", null))
                .containsExactly(
                        entry("user", List.of("u")),
                        entry("occupation", List.of("unknown")),
                        entry("gender", List.of("unknown")),
                        entry("age", List.of("unknown")));
    }

    @Test
    void shouldReadValuesOfEvents() {
        FeatureSchema schema = new FeatureSchema(
                List.of(
                        Category.event("what", new Kind.Single(), "type"),
                        Category.event("hour", new Kind.Single(), "hour"),
                        Category.event("daytime", new Kind.Bands(List.of(6, 12, 18)), "hour"),
                        Category.event("weekday", new Kind.Single(), "weekday")),
                List.of());

        // 881250949000 is Thursday, 1997-12-04T15:55:49Z.
        assertThat(schema.valuesOfEvent(new Interaction("u", "i", "rating", 3.0, 881_250_949_000L)))
                .containsExactly(
                        entry("what", List.of("rating")),
                        entry("hour", List.of("15")),
                        entry("daytime", List.of("12-17")),
                        entry("weekday", List.of("thursday")));
    }

    @Test
    void shouldHaveAHashThatChangesWithEverythingThatMatters() {
        List<Category> categories = List.of(Category.id("item", Owner.ITEM), Category.past("recent", 50, .8));
        FeatureSchema schema = new FeatureSchema(categories, List.of(Combination.of("recent", "item")));

        assertThat(schema.hash())
                .hasSize(16)
                .isEqualTo(new FeatureSchema(categories, List.of(Combination.of("recent", "item"))).hash())
                .isNotEqualTo(new FeatureSchema(categories, List.of()).hash())
                .isNotEqualTo(new FeatureSchema(
                                List.of(categories.get(0), Category.past("recent", 50, .85)), schema.combinations())
                        .hash());
        assertThat(FeatureSchema.online().hash())
                .isNotEqualTo(FeatureSchema.paper().hash());
    }

    @Test
    void shouldKeepTheHashesOfThePresets() {
        assertThat(List.of(FeatureSchema.online().hash(), FeatureSchema.paper().hash()))
                .as("logs and stores hold these: a change here means that existing state was written by another schema")
                .containsExactly("2ea886dcd1f4764e", "d0fdb0a4f03f98d0");
    }
}

package org.eridanus.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Index;
import org.assertj.core.data.Offset;
import org.eridanus.event.Attributes;
import org.eridanus.event.Limits;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.UserHistory;
import org.eridanus.model.Contribution;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.Presets;
import org.junit.jupiter.api.Test;

class RecommenderTest {
    private static final int ITEMS = 20;

    private final TinyTrainer trainer = new TinyTrainer().announce(ITEMS);
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
    private final Recommender recommender = new Recommender(model, true);

    @Test
    void shouldRecommendWhatFollowsInTheLog() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = recommender.recommend(after("i3", "i4"), 3, Set.of());

        assertThat(list.fallback()).isNull();
        assertThat(ids(list)).hasSize(3).contains("i5");
        assertThat(list.version()).isEqualTo(1);
        assertThat(list.trainedThrough(0)).isEqualTo(119);
        assertThat(list.trainedThrough(1)).isEqualTo(-1);
    }

    @Test
    void shouldOrderByScore() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = recommender.recommend(trainer.context("u0"), 5, Set.of());

        assertThat(list.items())
                .hasSize(5)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(RecommendedItem::score).reversed());
    }

    @Test
    void shouldHideWhatTheUserConsumed() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = recommender.recommend(trainer.context("u0"), ITEMS, Set.of());

        assertThat(ids(list))
                .doesNotContainAnyElementsOf(items(0, 12))
                .containsExactlyInAnyOrderElementsOf(items(12, 20));
        assertThat(list.filtered()).isEqualTo(new Filtered(0, 12, 0));
    }

    @Test
    void shouldShowWhatTheUserConsumedWhereThatIsWanted() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = new Recommender(model, false).recommend(trainer.context("u0"), ITEMS, Set.of());

        assertThat(list.items()).hasSize(ITEMS);
        assertThat(list.filtered()).isEqualTo(Filtered.NONE);
    }

    @Test
    void shouldHideRecentItemsThatTheSeenSetHasForgotten() {
        trainer.walk(10, ITEMS, 12).publishTo(model);
        UserContext forgetful =
                new UserContext(UserHistory.of(List.of("i5"), new long[0], 1, 7), List.of(0L), Attributes.NONE, null);

        assertThat(ids(recommender.recommend(forgetful, ITEMS, Set.of())))
                .hasSize(ITEMS - 1)
                .doesNotContain("i5");
    }

    @Test
    void shouldDropARemovedItemWithTheNextVersion() {
        trainer.walk(10, ITEMS, 12).publishTo(model);
        UserContext user = after("i3", "i4");
        assertThat(ids(recommender.recommend(user, ITEMS, Set.of()))).contains("i5");

        trainer.remove("i5").publishTo(model);

        Recommendation list = recommender.recommend(user, ITEMS, Set.of());
        assertThat(ids(list)).doesNotContain("i5").hasSize(ITEMS - 3);
        assertThat(list.filtered()).isEqualTo(new Filtered(1, 2, 0));
        assertThat(ids(recommender.recommend(UserContext.UNKNOWN, ITEMS, Set.of())))
                .as("by popularity")
                .doesNotContain("i5");
    }

    @Test
    void shouldLeaveOutExcludedItems() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = recommender.recommend(after("i3", "i4"), ITEMS, Set.of("i5", "i4", "i6", "nonsense"));

        assertThat(ids(list)).doesNotContain("i4", "i5", "i6");
        assertThat(list.filtered()).as("i4 counts as consumed").isEqualTo(new Filtered(0, 2, 2));
        assertThat(ids(recommender.recommend(after("i3", "i4"), ITEMS, Set.of())))
                .as("an exclusion ends with its request")
                .contains("i5", "i6");
    }

    @Test
    void shouldAccountForEveryItem() {
        trainer.walk(10, ITEMS, 12).remove("i0").remove("i19").publishTo(model);

        Recommendation list = recommender.recommend(trainer.context("u0"), 100, Set.of("i1", "i15"));

        Filtered filtered = list.filtered();
        assertThat(filtered.removed()
                        + filtered.consumed()
                        + filtered.excluded()
                        + list.items().size())
                .isEqualTo(ITEMS);
    }

    @Test
    void shouldExplainTheScore() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = recommender.recommend(after("i3", "i4"), 5, Set.of());

        List<String> parts = new ArrayList<>();
        FeatureSchema.online().combinations().forEach(combination -> parts.add(combination.name()));
        parts.addAll(List.of(DeepAssociationNetwork.COUNTS, DeepAssociationNetwork.BIAS, DeepAssociationNetwork.TOWER));
        assertThat(parts).contains("session·genre");
        assertThat(list.items()).allSatisfy(item -> {
            assertThat(Contribution.sum(item.why())).as("exactly").isEqualTo(item.score());
            assertThat(item.why()).extracting(Contribution::combination).containsExactlyElementsOf(parts);
        });
        assertThat(list.items())
                .as("the tower has its say")
                .anyMatch(item -> item.why().get(parts.size() - 1).value() != 0);
    }

    @Test
    void shouldRankByHowLongBeforeTheNewestEachItemWasConsumed() {
        trainer.walk(10, ITEMS, 12).publishTo(model);
        UserHistory history = after("i3", "i4", "i5").history();

        Recommendation together = recommender.recommend(at(history, 9_000, 8_000, 7_000), 5, Set.of());

        assertThat(recommender.recommend(at(history, 109_000, 108_000, 107_000), 5, Set.of()))
                .as("whenever it was")
                .isEqualTo(together);
        assertThat(recommender.recommend(at(history, 90_000_000, 8_000, 7_000), 5, Set.of()))
                .as("after a day")
                .isNotEqualTo(together);
    }

    private static UserContext at(UserHistory history, long... times) {
        return new UserContext(history, Arrays.stream(times).boxed().toList(), Attributes.NONE, null);
    }

    @Test
    void shouldFillAListThatIsLongerThanWhatTheTowerRanks() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        assertThat(recommender.recommend(after("i3"), 15, Set.of()).items())
                .as("the tower ranks 5")
                .hasSize(15);
    }

    @Test
    void shouldFallBackToPopularityWithoutAHistory() {
        trainer.learn(trainer.event("a", "i7"));
        trainer.learn(trainer.event("b", "i7"));
        trainer.learn(trainer.event("b", "i2"));
        trainer.publishTo(model);

        Recommendation list = recommender.recommend(UserContext.UNKNOWN, 4, Set.of());

        assertThat(list.fallback()).isEqualTo(Fallback.NO_HISTORY);
        assertThat(ids(list)).as("items without events last, by index").containsExactly("i7", "i2", "i0", "i1");
        assertThat(list.items())
                .extracting(RecommendedItem::score)
                .startsWith(1f)
                .endsWith(0f, 0f);
        assertThat(list.items().get(0).why()).containsExactly(new Contribution(Recommender.POPULARITY, 1f));
    }

    @Test
    void shouldStartWithWhatOthersStartedWith() {
        for (String user : List.of("a", "b", "c")) {
            trainer.learn(trainer.event(user, user.equals("c") ? "i4" : "i3"));
            trainer.learn(trainer.event(user, "i9"));
        }
        trainer.learn(trainer.event("a", "i7"));
        trainer.publishTo(model);

        Recommendation list = recommender.recommend(UserContext.UNKNOWN, 6, Set.of());
        Recommendation others = recommender.recommend(UserContext.UNKNOWN, 3, Set.of("i3", "i4"));

        assertThat(ids(list))
                .as("i9 has most events, but nobody started with it")
                .containsExactly("i3", "i4", "i9", "i7", "i0", "i1");
        assertThat(list.items())
                .extracting(RecommendedItem::score)
                .as("i3: events 0 and 1 of three, i4: event 2, half-life 300")
                .satisfies(
                        score -> assertThat(score)
                                .isCloseTo(
                                        (float) (Math.pow(2, 2.0 / 300) / (1 + Math.pow(2, 1.0 / 300))),
                                        Offset.offset(1e-6f)),
                        Index.atIndex(1))
                .startsWith(1f)
                .endsWith(0f, 0f, 0f, 0f);
        assertThat(ids(others)).containsExactly("i9", "i7", "i0");
        assertThat(others.items().get(0).score()).isEqualTo(1f);
        assertThat(others.items().get(1).score()).isBetween(.3f, .4f);
    }

    @Test
    void shouldFallBackWhereTheModelKnowsNothingOfTheHistory() {
        trainer.walk(2, ITEMS, 2).publishTo(model);

        assertThat(recommender.recommend(after("new", "newer"), 4, Set.of()).fallback())
                .isEqualTo(Fallback.NO_HISTORY);
        assertThat(recommender.recommend(after("new", "i4"), 4, Set.of()).fallback())
                .isNull();
    }

    @Test
    void shouldSayThatThereIsNoModel() {
        Recommendation list = recommender.recommend(after("i1"), 4, Set.of());

        assertThat(list.fallback()).isEqualTo(Fallback.NO_MODEL);
        assertThat(list.items()).isEmpty();
        assertThat(list.version()).isZero();
        assertThat(list.trainedThrough()).isEmpty();
    }

    @Test
    void shouldSayThatNoCandidateIsLeft() {
        trainer.walk(10, ITEMS, 12).publishTo(model);

        Recommendation list = recommender.recommend(after("i1"), 4, new HashSet<>(items(0, ITEMS)));

        assertThat(list.fallback()).isEqualTo(Fallback.NO_CANDIDATES);
        assertThat(list.items()).isEmpty();
        assertThat(list.filtered()).isEqualTo(new Filtered(0, 1, ITEMS - 1));
    }

    @Test
    void shouldRefuseAListWithoutPlaces() {
        assertThatThrownBy(() -> recommender.recommend(UserContext.UNKNOWN, 0, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("k must be at least 1, got 0");
    }

    @Test
    void shouldRankByTheTowerAloneWithThePaperPreset() {
        TinyTrainer papers = new TinyTrainer(Presets.paper(), FeatureSchema.paper());
        papers.announce(ITEMS).walk(10, ITEMS, 12);
        ServedModel paper = new ServedModel(ModelDefinition.ofPreset("paper"));
        papers.publishTo(paper);
        Recommender byPaper = new Recommender(paper, true);

        Recommendation list = byPaper.recommend(papers.context("u0"), 5, Set.of());

        assertThat(list.fallback()).isNull();
        assertThat(ids(list)).hasSize(5).isSubsetOf(items(12, ITEMS));
        assertThat(list.items())
                .allSatisfy(item -> assertThat(item.why())
                        .containsExactly(new Contribution(DeepAssociationNetwork.TOWER, item.score())));
        assertThat(list.items().get(0).score())
                .as("the paper's small weights leave scores close to each other, but not equal")
                .isGreaterThan(list.items().get(4).score());
        assertThat(ids(byPaper.recommend(papers.context("u5"), 5, Set.of())))
                .as("another user")
                .isNotEqualTo(ids(list));
        assertThat(byPaper.recommend(UserContext.UNKNOWN, 5, Set.of()).fallback())
                .isEqualTo(Fallback.NO_HISTORY);
    }

    @Test
    void shouldNotDependOnWhatWasAskedBefore() {
        trainer.walk(10, ITEMS, 12).publishTo(model);
        UserContext user = trainer.context("u3");
        Recommendation first = new Recommender(model, true).recommend(user, 10, Set.of());

        for (int i = 0; i < 50; i++) {
            recommender.recommend(trainer.context("u" + i % 12), 1 + i % Limits.K, Set.of("i" + i % ITEMS));
        }

        assertThat(recommender.recommend(user, 10, Set.of())).isEqualTo(first);
    }

    private static UserContext after(String... items) {
        UserHistory history = UserHistory.EMPTY;
        for (String item : items) {
            history = history.after(item, Feedback.POSITIVE);
        }
        return new UserContext(history, Collections.nCopies(items.length, 0L), Attributes.NONE, null);
    }

    private static List<String> ids(Recommendation list) {
        return list.items().stream().map(RecommendedItem::item).toList();
    }

    private static List<String> items(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "i" + i).toList();
    }
}

package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.feature.Sha256;
import org.junit.jupiter.api.Test;

class SyntheticWorldTest {
    private static final SyntheticWorld.Settings DEFAULTS = SyntheticWorld.Settings.defaults();
    private static final SyntheticWorld.Settings SMALL = DEFAULTS.withSize(60, 200, 2_000);

    /**
     * SHA-256 of the small world. It differs after a change of the generator, which is then to be replaced here and
     * told to those who compare figures; it must never differ between two JDKs or machines.
     */
    private static final String SMALL_HASH = "38edc8a0be064e248b9cb124ed26a6bb45e22dc090671c75c4a63534d04f17fb";

    private static String hash(Dataset dataset) {
        MessageDigest digest = Sha256.digest();
        Stream.of(dataset.users(), dataset.items(), dataset.interactions())
                .flatMap(List::stream)
                .forEach(record -> digest.update(record.toString().getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void shouldBeTheSameForTheSameSeedOnEveryJdk() {
        assertThat(hash(SyntheticWorld.generate(SMALL))).isEqualTo(SMALL_HASH);
        assertThat(SyntheticWorld.generate(SMALL)).isEqualTo(SyntheticWorld.generate(SMALL));
    }

    @Test
    void shouldDifferForAnotherSeed() {
        Dataset other = SyntheticWorld.generate(SMALL.withSeed(SMALL.seed() + 1));

        assertThat(hash(other)).isNotEqualTo(SMALL_HASH);
        assertThat(other.interactions())
                .hasSameSizeAs(SyntheticWorld.generate(SMALL).interactions());
    }

    @Test
    void shouldHaveTheSizesOfItsSettings() {
        Dataset world = SyntheticWorld.generate(DEFAULTS);

        assertThat(world.name()).isEqualTo("synthetic");
        assertThat(world.users()).hasSize(800);
        assertThat(world.items()).hasSize(1_200);
        assertThat(world.interactions()).hasSize(50_000);
        assertThat(world.summary().activeUsers()).isEqualTo(800);
    }

    @Test
    void shouldMakeTheDefaultWorldInUnderASecond() {
        long best = IntStream.range(0, 3)
                .mapToLong(run -> {
                    long start = System.nanoTime();
                    SyntheticWorld.generate(DEFAULTS);
                    return System.nanoTime() - start;
                })
                .min()
                .orElseThrow();

        assertThat(best).isLessThan(1_000_000_000L);
    }

    @Test
    void shouldNameOnlyUsersAndItemsThatItLists() {
        Dataset world = SyntheticWorld.generate(DEFAULTS);

        Set<String> users = world.users().stream().map(UserProfile::id).collect(Collectors.toSet());
        Set<String> items = world.items().stream().map(Item::id).collect(Collectors.toSet());

        assertThat(world.interactions())
                .allMatch(event -> users.contains(event.user()) && items.contains(event.item()));
    }

    @Test
    void shouldDescribeUsersAndItems() {
        Dataset world = SyntheticWorld.generate(DEFAULTS);

        assertThat(world.users()).allSatisfy(user -> {
            assertThat(user.attributes().values()).containsOnlyKeys("age", "gender", "occupation");
            assertThat(Integer.parseInt(user.attributes().all("age").get(0))).isBetween(14, 79);
        });
        assertThat(world.items()).allSatisfy(item -> {
            assertThat(item.attributes().values()).containsOnlyKeys("genres", "released");
            assertThat(item.attributes().all("genres")).hasSizeBetween(1, 3).isSubsetOf(Titles.GENRES);
            assertThat(item.title())
                    .endsWith("(" + item.attributes().all("genres").get(0) + ")");
        });
        assertThat(world.items().stream().map(Item::title)).doesNotHaveDuplicates();
    }

    @Test
    void shouldRateFromOneToFiveWithinTheDays() {
        long from = LocalDate.of(1998, 1, 1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
        long to = LocalDate.of(2003, 1, 1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();

        Dataset world = SyntheticWorld.generate(DEFAULTS);

        assertThat(world.interactions()).allMatch(event -> event.timestamp() >= from && event.timestamp() < to);
        assertThat(world.interactions()).allMatch(event -> event.type().equals("rating"));
        assertThat(world.interactions().stream().map(Interaction::rating).distinct())
                .containsExactlyInAnyOrder(1.0, 2.0, 3.0, 4.0, 5.0);
    }

    @Test
    void shouldLetNobodyConsumeAnItemTwiceUnlessAsked() {
        Dataset once = SyntheticWorld.generate(DEFAULTS);
        Dataset again = SyntheticWorld.generate(DEFAULTS.withRepeatShare(0.2));

        assertThat(once.summary().distinctPairs()).isEqualTo(50_000);
        // a user's first event cannot repeat anything
        assertThat(1.0 - again.summary().distinctPairs() / 50_000.0)
                .isEqualTo(0.2 * (50_000.0 - 800.0) / 50_000.0, Offset.offset(0.01));
    }

    @Test
    void shouldConsumeNoItemBeforeItsRelease() {
        Dataset world = SyntheticWorld.generate(DEFAULTS.withDrift(1.0));
        Map<String, Long> release =
                world.items().stream().collect(Collectors.toMap(Item::id, SyntheticWorldTest::releaseOf));

        assertThat(world.interactions()).allMatch(event -> event.timestamp() >= release.get(event.item()));
    }

    private static long releaseOf(Item item) {
        return LocalDate.parse(item.attributes().all("released").get(0))
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
    }

    @Test
    void shouldLetUsersArriveOverTimeAndTheirSessionsInterleave() {
        List<Interaction> events = SyntheticWorld.generate(DEFAULTS).interactions();

        Set<String> firstHalf =
                events.subList(0, 25_000).stream().map(Interaction::user).collect(Collectors.toSet());
        long switches = IntStream.range(1, events.size())
                .filter(i -> !events.get(i).user().equals(events.get(i - 1).user()))
                .count();
        Set<String> users = events.stream().map(Interaction::user).collect(Collectors.toSet());
        users.removeAll(firstHalf);

        assertThat(users).hasSizeGreaterThan(800 / 5);
        // without interleaving the user would change once a session, about once in 12 events
        assertThat(switches).isBetween(50_000L / 6, 50_000L * 2 / 3);
    }

    @Test
    void shouldHaveFewPopularItemsAndALongTail() {
        List<Interaction> events = SyntheticWorld.generate(DEFAULTS).interactions();
        List<Interaction> even =
                SyntheticWorld.generate(DEFAULTS.withSkew(0.0).withDrift(0.0)).interactions();

        assertThat(shareOfTopTenth(events)).isBetween(0.3, 0.7);
        assertThat(shareOfTopTenth(even)).isLessThan(0.25);
    }

    private static double shareOfTopTenth(List<Interaction> events) {
        Set<String> top = new HashSet<>(PrequentialHitRate.byPopularity(events).subList(0, 120));
        return events.stream().filter(event -> top.contains(event.item())).count() / (double) events.size();
    }

    @Test
    void shouldRewardTasteOverPopularityAndRecencyOverTaste() {
        Dataset world = SyntheticWorld.generate(DEFAULTS);

        double popularity = PrequentialHitRate.of(new PrequentialHitRate.Popularity(world), world);
        double genres = PrequentialHitRate.of(new PrequentialHitRate.UserGenres(world), world);
        double rules = PrequentialHitRate.of(new PrequentialHitRate.SequentialRules(world), world);

        assertThat(popularity).isBetween(0.08, 0.12);
        assertThat(genres).isGreaterThan(1.15 * popularity);
        assertThat(rules).isBetween(0.2, 0.3).isGreaterThan(1.5 * genres);
    }

    @Test
    void shouldRewardTasteAndRecencyInProportionToTheirShares() {
        SyntheticWorld.Settings settings = DEFAULTS.withSize(300, 500, 15_000);
        Dataset crowd = SyntheticWorld.generate(settings.withBehaviour(0.0, 0.0));
        Dataset followers = SyntheticWorld.generate(settings.withBehaviour(0.8, 0.1));

        double rulesInCrowd = PrequentialHitRate.of(new PrequentialHitRate.SequentialRules(crowd), crowd);
        double popularityInCrowd = PrequentialHitRate.of(new PrequentialHitRate.Popularity(crowd), crowd);
        double rulesAmongFollowers =
                PrequentialHitRate.of(new PrequentialHitRate.SequentialRules(followers), followers);
        double popularityAmongFollowers =
                PrequentialHitRate.of(new PrequentialHitRate.Popularity(followers), followers);

        // where everyone follows the crowd there is nothing for rules to find
        assertThat(rulesInCrowd).isLessThan(1.05 * popularityInCrowd);
        assertThat(rulesAmongFollowers).isGreaterThan(3.0 * popularityAmongFollowers);
    }

    @Test
    void shouldLetAttributesTellALittleOfTheTaste() {
        Dataset world = SyntheticWorld.generate(DEFAULTS);
        List<String> users = world.users().stream().map(UserProfile::id).toList();
        Map<String, Map<String, Double>> tastes = tastes(world);

        for (String attribute : List.of("gender", "occupation")) {
            List<String> labels = world.users().stream()
                    .map(user -> user.attributes().all(attribute).get(0))
                    .toList();
            double real = spreadBetweenGroups(users, labels, tastes);
            Random random = new Random(1);
            double chance = IntStream.range(0, 50)
                    .mapToDouble(round -> {
                        List<String> shuffled = new java.util.ArrayList<>(labels);
                        Collections.shuffle(shuffled, random);
                        return spreadBetweenGroups(users, shuffled, tastes);
                    })
                    .max()
                    .orElseThrow();

            assertThat(real).as(attribute).isGreaterThan(chance);
        }
    }

    /** For each user the share of each main genre in what the user consumed. */
    private static Map<String, Map<String, Double>> tastes(Dataset world) {
        Map<String, String> genreOf = world.items().stream()
                .collect(Collectors.toMap(
                        Item::id, item -> item.attributes().all("genres").get(0)));
        Map<String, Map<String, Double>> tastes = new HashMap<>();
        Map<String, Long> events =
                world.interactions().stream().collect(Collectors.groupingBy(Interaction::user, Collectors.counting()));
        world.interactions()
                .forEach(event -> tastes.computeIfAbsent(event.user(), id -> new HashMap<>())
                        .merge(genreOf.getOrDefault(event.item(), ""), 1.0 / events.get(event.user()), Double::sum));
        return tastes;
    }

    /** Σ over groups and genres of group size · (mean share in the group - mean share)². */
    private static double spreadBetweenGroups(
            List<String> users, List<String> labels, Map<String, Map<String, Double>> tastes) {
        Function<List<Integer>, double[]> mean = members -> Titles.GENRES.stream()
                .mapToDouble(genre -> members.stream()
                        .mapToDouble(user ->
                                tastes.getOrDefault(users.get(user), Map.of()).getOrDefault(genre, 0.0))
                        .average()
                        .orElse(0.0))
                .toArray();
        double[] overall = mean.apply(IntStream.range(0, users.size()).boxed().toList());
        return IntStream.range(0, users.size()).boxed().collect(Collectors.groupingBy(labels::get)).values().stream()
                .mapToDouble(members -> {
                    double[] group = mean.apply(members);
                    return members.size()
                            * IntStream.range(0, group.length)
                                    .mapToDouble(g -> (group[g] - overall[g]) * (group[g] - overall[g]))
                                    .sum();
                })
                .sum();
    }

    @Test
    void shouldChangeMoreTheMoreItDrifts() {
        Dataset still = SyntheticWorld.generate(DEFAULTS.withDrift(0.0));
        Dataset slow = SyntheticWorld.generate(DEFAULTS.withDrift(0.3));
        Dataset fast = SyntheticWorld.generate(DEFAULTS.withDrift(1.0));

        assertThat(releasedDuring(still)).isZero();
        assertThat(releasedDuring(slow)).isEqualTo(Math.round(0.7 * 0.3 * 1_200));
        assertThat(releasedDuring(fast)).isEqualTo(Math.round(0.7 * 1_200));
        assertThat(shift(slow)).isGreaterThan(shift(still) + 0.05);
        assertThat(shift(fast)).isGreaterThan(shift(slow) + 0.1);
    }

    private static long releasedDuring(Dataset world) {
        long from = DEFAULTS.from().atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        return world.items().stream().filter(item -> releaseOf(item) >= from).count();
    }

    /** Total variation distance of the consumed items of the first and the last quarter, in [0, 1]. */
    private static double shift(Dataset world) {
        List<Interaction> events = world.interactions();
        int quarter = events.size() / 4;
        Map<String, Double> difference = new HashMap<>();
        events.subList(0, quarter).forEach(event -> difference.merge(event.item(), 1.0 / quarter, Double::sum));
        events.subList(events.size() - quarter, events.size())
                .forEach(event -> difference.merge(event.item(), -1.0 / quarter, Double::sum));
        return difference.values().stream().mapToDouble(Math::abs).sum() / 2.0;
    }

    @Test
    void shouldBeSparseOnDemand() {
        Dataset dense = SyntheticWorld.generate(DEFAULTS);
        Dataset sparse = SyntheticWorld.generate(SyntheticWorld.Settings.sparse());

        assertThat(sparse.items()).hasSize(10_000);
        assertThat(sparse.users()).hasSize(2_000);
        assertThat(sparse.interactions()).hasSize(100_000);
        assertThat(sparse.summary().density()).isLessThan(dense.summary().density() / 4.0);
        assertThat(100_000.0 / sparse.items().size()).isCloseTo(10.0, Percentage.withPercentage(0.1));
    }

    @Test
    void shouldFillEveryPlaceWhereSettingsLeaveNoRoom() {
        SyntheticWorld.Settings tight = DEFAULTS.withDrift(0.0).withClusters(2).withSize(10, 20, 100);

        Dataset world = SyntheticWorld.generate(tight);

        assertThat(world.summary().distinctPairs()).isEqualTo(100);
        assertThat(world.interactions().stream()
                        .collect(Collectors.groupingBy(Interaction::user, Collectors.counting())))
                .hasSize(10)
                .allSatisfy((user, events) -> assertThat(events).isEqualTo(20L / 2));
    }

    @Test
    void shouldListUsersThatNeverComeWhenThereAreFewerEvents() {
        Dataset world = SyntheticWorld.generate(DEFAULTS.withSize(800, 1_200, 10));

        assertThat(world.users()).hasSize(800);
        assertThat(world.interactions()).hasSize(10);
    }
}

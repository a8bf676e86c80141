package org.eridanus.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.RankMetrics;
import org.eridanus.event.Attributes;
import org.eridanus.event.Item;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.DeepAssociationNetwork;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.model.SeededRandom;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.SequenceChunkFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineTrainerTest {
    private static final FeatureSchema ONLINE = FeatureSchema.online();

    @Test
    void shouldBeatPopularityByLearning() {
        List<TrainingRecord> log = TrainingLogs.walks(ONLINE, 5, 150, 4_000, 1);
        Run run = new Run(Presets.online(), ONLINE, TrainerSettings.DEFAULT);

        run.accept(log);

        List<Evaluation> late = run.evaluations.subList(2_000, 4_000);
        double model = late.stream()
                .mapToDouble(e -> RankMetrics.hitRate(e.model(), 10))
                .average()
                .orElseThrow();
        double popularity = late.stream()
                .mapToDouble(e -> RankMetrics.hitRate(e.popularity(), 10))
                .average()
                .orElseThrow();
        assertThat(late).allMatch(Evaluation::ranked);
        assertThat(model).isGreaterThan(popularity + 0.4);
    }

    @Test
    void shouldTestBeforeItLearns() {
        Run run = new Run(Presets.online(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(TrainingLogs.walks(ONLINE, 5, 150, 400, 1).subList(0, 200));
        OnlineTrainer trainer = run.trainer;

        Evaluation first = trainer.accept(eventOf("newcomer", "i3", 900)).orElseThrow();
        Evaluation again = trainer.accept(eventOf("newcomer", "i3", 901)).orElseThrow();

        assertThat(first.outcome()).isEqualTo(Evaluation.Outcome.RANKED);
        assertThat(first.candidates()).isEqualTo(200);
        assertThat(first.consumed()).isZero();
        assertThat(again.outcome()).isEqualTo(Evaluation.Outcome.REPEAT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldRankAUsersFirstEventByWhatUsersStartWith(String preset) {
        FeatureSchema schema = Presets.schema(Presets.named(preset));
        Run run = new Run(Presets.named(preset), schema, TrainerSettings.DEFAULT);
        run.accept(TrainingLogs.walks(schema, 1, 20, 400, 3));
        DeepAssociationNetwork network = run.trainer.network();
        int[] expected = IntStream.of(network.live())
                .limit(network.candidates())
                .boxed()
                .sorted((a, b) -> network.compareAtStart(b, a))
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(network.startPopularity(expected[19])).isEqualTo(Double.NEGATIVE_INFINITY);

        run.accept(List.of(new TrainingRecord.Freeze("so that the order stays")));
        for (int place = 1; place <= expected.length; place++) {
            String item = network.items().id(expected[place - 1]);
            Evaluation evaluation = run.trainer
                    .accept(new TrainingRecord.Event(TrainingLogs.event(schema, "new" + place, item, 900, 1), 1))
                    .orElseThrow();

            assertThat(evaluation.model()).as("rank of %s", item).isEqualTo(place);
        }
    }

    @Test
    void shouldCountWhatUsersStartWithAsIfAForgottenOneHadNeverBeen() {
        List<TrainingRecord> log = List.of(
                eventOf("a", "i1", 1),
                eventOf("b", "i2", 2),
                eventOf("b", "i3", 3),
                eventOf("c", "i1", 4),
                new TrainingRecord.UserForgotten("a"),
                eventOf("d", "i1", 5),
                eventOf("d", "i2", 6),
                new TrainingRecord.Tick(6_000_000));

        Run run = new Run(Presets.association(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(log);

        DeepAssociationNetwork network = run.trainer.network();
        assertThat(run.markers.get(0).starts()).isEqualTo(4);
        assertThat(network.startPopularity(network.items().indexOf("i1")))
                .as("c's start is number 2, d's number 3")
                .isCloseTo(
                        Math.log(Math.pow(2, 2 / 300.0) + Math.pow(2, 3 / 300.0)) / Math.log(2), Offset.offset(1e-12));
        assertThat(network.startPopularity(network.items().indexOf("i2")))
                .as("b's start is number 1 after a was forgotten")
                .isCloseTo(1 / 300.0, Offset.offset(1e-12));
        assertThat(network.startPopularity(network.items().indexOf("i3"))).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void shouldCountWhatUsersStartWithWhereAModelOfBeforeDidNot() {
        Run run = new Run(Presets.association(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(TrainingLogs.walks(ONLINE, 1, 20, 400, 3));
        Map<String, String> counted = new TreeMap<>(run.store);
        run.store.replaceAll((key, hex) -> HexFormat.of()
                .formatHex(Run.ROWS.encode(
                        withoutStarts(Run.ROWS.decode(HexFormat.of().parseHex(hex))))));
        assertThat(run.store.values()).allMatch(hex -> hex.startsWith("01"));

        Run upgraded = run.restarted();
        upgraded.accept(List.of(new TrainingRecord.ItemRemoved("none"), new TrainingRecord.Tick(Long.MAX_VALUE / 2)));

        assertThat(upgraded.markers.get(upgraded.markers.size() - 1).starts()).isEqualTo(20);
        for (int i = 0; i < TrainingLogs.RING; i++) {
            String key = "row/item/i" + i;
            assertThat(upgraded.store.get(key)).as(key).isEqualTo(counted.get(key));
        }
    }

    private static ModelRow withoutStarts(ModelRow row) {
        if (row instanceof ModelRow.Embedding item) {
            return new ModelRow.Embedding(
                    item.table(),
                    item.id(),
                    item.index(),
                    item.candidate(),
                    item.occurrences(),
                    item.popularity(),
                    Double.NEGATIVE_INFINITY,
                    item.values(),
                    item.state());
        }
        if (row instanceof ModelRow.Marker marker) {
            return new ModelRow.Marker(
                    marker.version(),
                    marker.records(),
                    marker.events(),
                    marker.windowStart(),
                    marker.positives(),
                    0,
                    marker.batches(),
                    marker.trainedThrough(),
                    marker.newestRecordTime(),
                    marker.rows(),
                    marker.pairRows(),
                    marker.frozen(),
                    marker.preset(),
                    marker.hash(),
                    marker.kernel());
        }
        return row;
    }

    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldReachTheSameBytesFromAnyVersionOn(String preset) {
        FeatureSchema schema = preset.equals("paper") ? FeatureSchema.paper() : ONLINE;
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(schema, 3, 60, 900, 2));
        log.add(500, new TrainingRecord.UserForgotten("u7"));
        log.add(600, new TrainingRecord.ItemRemoved("i11"));
        TrainerSettings limits = new TrainerSettings(64, 100, 100, 400, 5_000, 20_000, 0.05);

        Run uninterrupted = checkThatRestartsChangeNothing(preset, schema, limits, log, 97);

        assertThat(uninterrupted.published.size()).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"online", "association"})
    void shouldReachTheSameBytesWhereItemsAreDescribedAnew(String preset) {
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(ONLINE, 3, 60, 900, 2));
        for (int i = 0; i < 3 * TrainingLogs.RING; i++) {
            log.set(i, announced("i" + i, "ring " + i / TrainingLogs.RING, "genre " + i % 4));
        }
        for (int at = log.size() - 2, i = 0; at > 200; at -= 50, i++) {
            log.add(at, announced("i" + i * 5, i % 3 == 0 ? new String[0] : new String[] {"genre " + i}));
        }
        TrainerSettings limits = new TrainerSettings(64, 100, 100, 400, 5_000, 20_000, 0.05).withMaxItems(110);

        Run uninterrupted = checkThatRestartsChangeNothing(preset, ONLINE, limits, log, 97);

        float[] mixing = uninterrupted.trainer.network().mixing();
        assertThat(mixing[mixing.length - 1])
                .as("weight, 0 at first, of what users' rings are described by")
                .isGreaterThan(0.1f);
        assertThat(uninterrupted.trainer.evictedItems()).isPositive();
    }

    private static TrainingRecord announced(String id, String... genres) {
        Item item = new Item(id, id, new Attributes(genres.length == 0 ? Map.of() : Map.of("genres", List.of(genres))));
        return new TrainingRecord.ItemAnnounced(item, ONLINE.valuesOfItem(item));
    }

    @ParameterizedTest
    @CsvSource({"online, true", "paper, false"})
    void shouldLearnFromTimesBetweenEventsWhereTheModelReadsThem(String preset, boolean reads) {
        FeatureSchema schema = Presets.schema(Presets.named(preset));
        List<TrainingRecord> log = TrainingLogs.walks(schema, 3, 60, 900, 2);

        List<String> learned = published(preset, schema, log, 0, 1);

        assertThat(published(preset, schema, log, 86_400_000, 1))
                .as("a day later")
                .isEqualTo(learned);
        assertThat(published(preset, schema, log, 0, 1_000).equals(learned))
                .as("rows as before where everything takes a thousand times as long")
                .isEqualTo(!reads);
    }

    /** The embedding rows that are published of a log whose events happen later and slower. */
    private static List<String> published(
            String preset, FeatureSchema schema, List<TrainingRecord> log, long later, long slower) {
        Run run = new Run(Presets.named(preset), schema, TrainerSettings.DEFAULT);
        run.accept(log.stream()
                .map(record -> record instanceof TrainingRecord.Event event
                        ? new TrainingRecord.Event(
                                TrainingLogs.event(
                                        schema,
                                        event.event().user(),
                                        event.event().item(),
                                        event.event().coordinate().offset(),
                                        later
                                                + slower
                                                        * event.event()
                                                                .interaction()
                                                                .timestamp()),
                                event.loggedAt())
                        : record)
                .toList());
        return run.published.stream().filter(row -> row.startsWith("row/")).toList();
    }

    @Test
    void shouldReachTheSameBytesWhereTheNewestUserWasForgotten() {
        FeatureSchema schema = FeatureSchema.paper();
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(schema, 1, 10, 60, 2));
        for (int i = 0; i < 3; i++) {
            String user = "newest" + i;
            log.add(new TrainingRecord.Event(TrainingLogs.event(schema, user, "i1", 900 + i, 5_000_000), 5_000_000));
            log.add(new TrainingRecord.Tick(6_000_000));
            log.add(new TrainingRecord.UserForgotten(user));
            log.add(new TrainingRecord.Tick(7_000_000));
        }
        log.add(new TrainingRecord.Event(TrainingLogs.event(schema, "next", "i1", 999, 8_000_000), 8_000_000));
        log.add(new TrainingRecord.Tick(9_000_000));

        Run run = checkThatRestartsChangeNothing("paper", schema, TrainerSettings.DEFAULT, log, 1);

        assertThat(run.published).anyMatch(row -> row.startsWith("row/user/next"));
        assertThat(run.store).doesNotContainKey("row/user/newest0");
    }

    @Test
    void shouldStopLearningWhereAccuracyCollapsesAndReachTheSameBytes() {
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(ONLINE, 5, 150, 3_000, 1));
        int good = log.size();
        SeededRandom noise = SeededRandom.of(1, 2, 3);
        for (int i = 0; i < 1_000; i++) {
            log.add(eventOf("bot" + i % 40, "i" + noise.nextInt(200), 10_000 + i));
        }
        log.add(new TrainingRecord.Tick(6_000_000));
        TrainerSettings guarded = TrainerSettings.DEFAULT.withCollapse(new TrainerSettings.Collapse(200, 0.5, 6));
        Run before = new Run(Presets.association(), ONLINE, guarded);
        before.accept(log.subList(0, good));
        assertThat(before.trainer.frozen())
                .as("learning and drift of popularity alone")
                .isFalse();

        Run run = checkThatRestartsChangeNothing(Presets.association(), ONLINE, guarded, log, 331);

        assertThat(run.trainer.frozen()).isTrue();
        assertThat(run.trainer.version()).isGreaterThan(before.trainer.version());
        long learned = run.markers.get(run.markers.size() - 1).batches();
        run.accept(List.of(
                new TrainingRecord.Resume("it was a bot"),
                eventOf("a", "i1", 20_000),
                new TrainingRecord.Tick(8_000_000)));
        assertThat(run.trainer.frozen()).isFalse();
        assertThat(run.markers.get(run.markers.size() - 1).batches()).isEqualTo(learned + 1);
        assertThat(((ModelRow.Accuracy) Run.ROWS.decode(HexFormat.of().parseHex(run.store.get("accuracy")))).before())
                .as("a new window")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldReachTheSameBytesFromAnyVersionOnWhereItemsAndUsersAreEvicted(String preset) {
        FeatureSchema schema = preset.equals("paper") ? FeatureSchema.paper() : ONLINE;
        TrainerSettings limits = new TrainerSettings(64, 100, 100, 400, 5_000, 20_000, 0.05).withMaxItems(80);

        Run uninterrupted = checkThatRestartsChangeNothing(preset, schema, limits, logOfComingsAndGoings(schema), 97);

        assertThat(uninterrupted.trainer.evictedItems()).isGreaterThan(40);
        assertThat(uninterrupted.trainer.network().items().rows()).isLessThanOrEqualTo(80);
        assertThat(uninterrupted.rowsOf("seen/"))
                .as("what is kept of evicted items")
                .isEqualTo(uninterrupted.rowsOf("row/item/"));
        assertThat(uninterrupted.rowsOf("pairs/"))
                .as("what is kept of evicted items")
                .isLessThanOrEqualTo(uninterrupted.rowsOf("row/item/"));
        assertThat(uninterrupted.store.keySet()).noneMatch(key -> key.startsWith("row/user/u7"));
        assertThat(uninterrupted.chunks.keySet()).as("retired").anyMatch(key -> key.startsWith("u7\u001F"));
    }

    /** Three rings of 40 items, 60 users of whom every tenth event evicts one. */
    private static List<TrainingRecord> logOfComingsAndGoings(FeatureSchema schema) {
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(schema, 3, 60, 900, 2));
        for (int at = log.size() - 2, i = 0; at > 200; at -= 10, i++) {
            log.add(at, new TrainingRecord.UserEvicted("u" + (7 + i * 13) % 60));
        }
        log.add(600, new TrainingRecord.ItemRemoved("i11"));
        log.add(new TrainingRecord.UserEvicted("u7"));
        log.add(new TrainingRecord.Tick(9_000_000));
        return log;
    }

    @Test
    void shouldKeepTheItemTableWithinItsBoundAtEveryVersion() {
        TrainerSettings limits = new TrainerSettings(64, 100, 100, 400, 5_000, 20_000, 0.05).withMaxItems(50);
        Run run = new Run(Presets.association(), ONLINE, limits);
        SeededRandom random = SeededRandom.of(4, 5, 6);
        List<TrainingRecord> log = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            // The items drift, so that most of them never come back.
            log.add(eventOf("u" + random.nextInt(40), "i" + (i / 10 + random.nextInt(30)), i));
        }
        log.add(new TrainingRecord.Tick(9_000_000));

        for (TrainingRecord record : log) {
            run.accept(List.of(record));
            int rows = run.trainer.network().items().rows();
            assertThat(rows).isLessThanOrEqualTo(run.pending.isEmpty() ? 50 : 50 + limits.versionRecords());
            assertThat(run.rowsOf("row/item/")).isLessThanOrEqualTo(50);
        }

        assertThat(run.trainer.evictedItems()).isGreaterThan(200);
        assertThat(run.store.size()).as("rows of all kinds").isLessThan(3 * 50 + 10);
    }

    @Test
    void shouldEvictThoseSeenLeastRecentlyAndTakeOneThatComesBackForNew() {
        TrainerSettings limits = new TrainerSettings(64, 100, 100, 400, 5_000, 20_000, 0.05).withMaxItems(8);
        Run run = new Run(Presets.association(), ONLINE, limits);
        run.accept(List.of(
                new TrainingRecord.ItemAnnounced(new Item("gone", "Gone", Attributes.NONE), Map.of()),
                eventOf("a", "gone", 1),
                eventOf("b", "gone", 2),
                new TrainingRecord.Tick(6_000_000)));
        String learned = run.store.get("row/item/gone");
        List<TrainingRecord> log = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            log.add(eventOf("a", "i" + i, 10 + i));
        }
        log.add(new TrainingRecord.Tick(7_000_000));
        run.accept(log);

        assertThat(run.store).as("8 of 9, less an eighth").doesNotContainKeys("row/item/gone", "row/item/i0");
        assertThat(run.published).contains("row/item/gone");

        Evaluation back = run.trainer.accept(eventOf("b", "gone", 20)).orElseThrow();

        assertThat(learned).isNotNull();
        assertThat(back.outcome())
                .as("announced in the catalogue, and its user's history is without it")
                .isEqualTo(Evaluation.Outcome.RANKED);
        int index = run.trainer.network().items().indexOf("gone");
        assertThat(run.trainer.network().occurrences(index)).isEqualTo(1);
    }

    @Test
    void shouldForgetWhatARetiredSequenceRemembersOfAUser() {
        Run run = new Run(Presets.association(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(List.of(
                eventOf("a", "i1", 1),
                eventOf("ab", "i2", 2),
                new TrainingRecord.UserEvicted("a"),
                eventOf("a", "i3", 3),
                new TrainingRecord.Tick(6_000_000)));
        assertThat(run.chunks).hasSize(3);

        run.accept(List.of(new TrainingRecord.UserForgotten("a"), new TrainingRecord.Tick(7_000_000)));

        assertThat(run.chunks.keySet()).containsExactly("ab/00000000");
    }

    @Test
    void shouldDropAForgottenUsersPartOfPublishedPairsWithTheNextVersion() {
        List<TrainingRecord> log = new ArrayList<>(TrainingLogs.walks(ONLINE, 1, 20, 400, 2));
        for (int i = 0; i < 4; i++) {
            log.add(eventOf("only", i % 2 == 0 ? "i1" : "own" + i, 900 + i));
        }
        log.add(new TrainingRecord.Tick(6_000_000));
        Run run = new Run(Presets.association(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(log);
        int own = run.trainer.network().items().indexOf("own1");
        assertThat(run.pairs("i1").successors()).contains(own);
        assertThat(run.pairs("own1").successors()).isNotEmpty();

        run.accept(List.of(new TrainingRecord.UserForgotten("only"), new TrainingRecord.Tick(7_000_000)));

        assertThat(run.pairs("i1").successors()).isNotEmpty().doesNotContain(own);
        assertThat(run.pairs("own1").successors()).isEmpty();
        assertThat(run.chunks.keySet()).noneMatch(key -> key.startsWith("only/"));
    }

    @Test
    void shouldReachTheSameBytesWhereHistoriesAreShorterThanCountsLookBack() {
        TrainerSettings limits = new TrainerSettings(64, 100, 5, 400, 5_000, 20_000, 0.05);

        Run run = checkThatRestartsChangeNothing(
                "association", ONLINE, limits, TrainingLogs.walks(ONLINE, 2, 20, 400, 6), 50);

        assertThat(run.published).anyMatch(row -> row.startsWith("pairs/"));
    }

    @Test
    void shouldReplayPastEventsWithTheCategoriesTheyHadAndReachTheSameBytes() {
        FeatureSchema schema = new FeatureSchema(
                FeatureSchema.online().categories(),
                List.of(
                        Combination.of("user", "item"),
                        Combination.of("gender", "genre"),
                        Combination.of("occupation", "age"),
                        Combination.of("recent", "genre")));
        ModelSettings settings = Presets.paper().toBuilder()
                .replay(new ModelSettings.Replay(8, 8, 10))
                .build();
        List<TrainingRecord> log = new ArrayList<>();
        for (TrainingRecord record : TrainingLogs.walks(schema, 1, 20, 300, 2)) {
            log.add(
                    record instanceof TrainingRecord.ItemAnnounced announced
                            ? new TrainingRecord.ItemAnnounced(
                                    announced.item(),
                                    Map.of(
                                            "genre",
                                            List.of("g" + announced.item().id().length())))
                            : record);
        }
        log.add(150, new TrainingRecord.UserForgotten("u7"));
        TrainerSettings limits = new TrainerSettings(64, 100, 100, 200, 5_000, 20_000, 0.05);

        Run run = checkThatRestartsChangeNothing(settings, schema, limits, log, 53);

        assertThat(run.published).anyMatch(row -> row.startsWith("description/i1"));
        assertThat(run.published).anyMatch(row -> row.startsWith("row/genre/"));
        assertThat(run.chunks.values()).as("chunks with categories").allMatch(hex -> hex.startsWith("04"));
    }

    private static Run checkThatRestartsChangeNothing(
            String preset, FeatureSchema schema, TrainerSettings limits, List<TrainingRecord> log, int every) {
        return checkThatRestartsChangeNothing(Presets.named(preset), schema, limits, log, every);
    }

    private static Run checkThatRestartsChangeNothing(
            ModelSettings settings, FeatureSchema schema, TrainerSettings limits, List<TrainingRecord> log, int every) {
        Run uninterrupted = new Run(settings, schema, limits);
        uninterrupted.accept(log);

        Run interrupted = new Run(settings, schema, limits);
        for (int i = 0; i < log.size(); i++) {
            interrupted.accept(log.subList(i, i + 1));
            if (i % every == 0) {
                interrupted = interrupted.restarted();
            }
        }

        assertThat(interrupted.evaluations).isEqualTo(uninterrupted.evaluations);
        assertThat(firstDifference(interrupted.published, uninterrupted.published))
                .isEmpty();
        assertThat(interrupted.store.equals(uninterrupted.store)).isTrue();
        assertThat(interrupted.chunks.equals(uninterrupted.chunks)).isTrue();
        return uninterrupted;
    }

    @Test
    void shouldSayThatAnItemWasRefusedWhereTheTableIsFull() {
        ModelSettings small = withRows(Presets.association(), TrainingLogs.RING);
        Run run = new Run(small, ONLINE, TrainerSettings.DEFAULT);
        run.accept(TrainingLogs.walks(ONLINE, 1, 5, 20, 1));

        Evaluation refused =
                run.trainer.accept(eventOf("u1", "one too many", 900)).orElseThrow();
        run.accept(
                List.of(new TrainingRecord.ItemAnnounced(new Item("another", "Another", Attributes.NONE), Map.of())));

        assertThat(refused.outcome()).isEqualTo(Evaluation.Outcome.UNANNOUNCED);
        assertThat(run.trainer.refusedItems()).isEqualTo(2);
        assertThat(run.trainer.network().candidates()).isEqualTo(TrainingLogs.RING);
    }

    private static ModelSettings withRows(ModelSettings settings, int maxRows) {
        return settings.toBuilder().maxRows(maxRows).build();
    }

    @Test
    void shouldCloseAVersionByCountOrByAnOldEnoughTick() {
        Run run = new Run(Presets.association(), ONLINE, new TrainerSettings(64, 100, 100, 1_000, 5_000, 20_000, 0.05));
        run.accept(List.of(new TrainingRecord.ItemAnnounced(new Item("i1", "One", Attributes.NONE), Map.of())));

        run.accept(List.of(new TrainingRecord.Event(TrainingLogs.event(ONLINE, "u", "i1", 0, 1_000), 1_000)));
        run.accept(List.of(new TrainingRecord.Tick(1_099)));
        int afterYoungTick = run.markers.size();
        run.accept(List.of(new TrainingRecord.Tick(1_100)));
        int afterOldTick = run.markers.size();
        for (int i = 0; i < 64; i++) {
            run.accept(List.of(new TrainingRecord.ItemRemoved("i1")));
        }

        assertThat(afterYoungTick).isZero();
        assertThat(afterOldTick).isEqualTo(1);
        assertThat(run.markers).hasSize(2);
        assertThat(run.markers.get(0).trainedThrough()).containsExactly(Map.entry(0, 0L));
        assertThat(run.markers.get(1).records()).isEqualTo(68);
    }

    @Test
    void shouldLetAVersionOfManyRecordsWaitLonger() {
        Run run = new Run(Presets.association(), ONLINE, new TrainerSettings(32, 100, 100, 1_000, 5_000, 20_000, 0.05));
        for (int i = 0; i < 2; i++) {
            run.accept(List.of(new TrainingRecord.Event(TrainingLogs.event(ONLINE, "u", "i" + i, i, 1_000), 1_000)));
        }

        event(run, 1_050);
        run.accept(List.of(new TrainingRecord.Tick(1_149)));
        int afterUsualAge = run.markers.size();
        event(run, 1_350);
        run.accept(List.of(new TrainingRecord.Tick(1_399)));
        int afterYoungTick = run.markers.size();
        run.accept(List.of(new TrainingRecord.Tick(1_400)));

        assertThat(afterUsualAge).as("four records of 32").isZero();
        assertThat(afterYoungTick).isZero();
        assertThat(run.markers).hasSize(1);
    }

    @Test
    void shouldCloseAVersionOfManyRecordsWhenNoMoreCome() {
        Run run = new Run(Presets.association(), ONLINE, new TrainerSettings(32, 100, 100, 1_000, 5_000, 20_000, 0.05));
        for (long time = 1_000; time < 1_100; time += 10) {
            event(run, time);
        }

        run.accept(List.of(new TrainingRecord.Tick(1_189)));
        int afterYoungTick = run.markers.size();
        run.accept(List.of(new TrainingRecord.Tick(1_190)));

        assertThat(afterYoungTick).isZero();
        assertThat(run.markers).hasSize(1);
    }

    @Test
    void shouldCloseAVersionByATickAfterTheClockWasSetBack() {
        Run run = new Run(Presets.association(), ONLINE, new TrainerSettings(64, 100, 100, 1_000, 5_000, 20_000, 0.05));
        event(run, 3_601_000);

        run.accept(List.of(new TrainingRecord.Tick(3_597_001)));
        int afterATickOfAnotherClock = run.markers.size();
        run.accept(List.of(new TrainingRecord.Tick(1_100)));

        assertThat(afterATickOfAnotherClock).isZero();
        assertThat(run.markers).hasSize(1);
    }

    private static void event(Run run, long loggedAt) {
        run.accept(List.of(
                new TrainingRecord.Event(TrainingLogs.event(ONLINE, "u" + loggedAt, "i1", 0, loggedAt), loggedAt)));
    }

    @Test
    void shouldCloseNoVersionForTicksAlone() {
        Run run = new Run(Presets.association(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(List.of(new TrainingRecord.Event(TrainingLogs.event(ONLINE, "u", "i1", 0, 1_000), 1_000)));

        for (int i = 0; i < 5; i++) {
            run.accept(List.of(new TrainingRecord.Tick(2_000 + i)));
        }

        assertThat(run.markers).hasSize(1);
    }

    @Test
    void shouldNotRankNorRecommendARemovedItem() {
        Run run = new Run(Presets.online(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(TrainingLogs.walks(ONLINE, 1, 20, 100, 3));

        run.accept(List.of(new TrainingRecord.ItemRemoved("i5")));
        Evaluation evaluation =
                run.trainer.accept(eventOf("newcomer", "i5", 900)).orElseThrow();

        assertThat(evaluation.outcome()).isEqualTo(Evaluation.Outcome.UNANNOUNCED);
        assertThat(run.trainer.network().candidates()).isEqualTo(TrainingLogs.RING - 1);
    }

    @Test
    void shouldChangeNoWeightWhileFrozen() {
        Run run = new Run(Presets.online(), ONLINE, TrainerSettings.DEFAULT);
        List<TrainingRecord> log = TrainingLogs.walks(ONLINE, 2, 40, 600, 4);
        run.accept(log.subList(0, 300));
        run.accept(List.of(new TrainingRecord.Freeze("test"), new TrainingRecord.Tick(Long.MAX_VALUE / 2)));
        Map<String, String> frozen = new TreeMap<>(run.store);

        run.accept(log.subList(300, 500));
        run.accept(List.of(new TrainingRecord.Tick(Long.MAX_VALUE / 2)));

        frozen.remove(ModelRow.Marker.KEY);
        Map<String, String> after = new TreeMap<>(run.store);
        after.remove(ModelRow.Marker.KEY);
        assertThat(after).isEqualTo(frozen);
        assertThat(run.markers.get(run.markers.size() - 1).frozen()).isTrue();
        assertThat(run.evaluations).hasSizeGreaterThan(380);
    }

    @Test
    void shouldRefuseRowsOfAnotherPreset() {
        Run run = new Run(Presets.online(), ONLINE, TrainerSettings.DEFAULT);
        run.accept(TrainingLogs.walks(ONLINE, 1, 20, 100, 3));
        ModelRow.Marker marker = run.markers.get(0);
        OnlineTrainer other = new OnlineTrainer(
                Presets.association(), ModelDefinition.of(Presets.association()).features(), TrainerSettings.DEFAULT);

        assertThatThrownBy(() -> other.restore(marker, List.of(), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("trained with preset online");
    }

    private static String firstDifference(List<String> some, List<String> others) {
        for (int i = 0; i < Math.min(some.size(), others.size()); i++) {
            if (!some.get(i).equals(others.get(i))) {
                return "row " + i + ": " + some.get(i) + "\n" + others.get(i);
            }
        }
        return some.size() == others.size() ? "" : some.size() + " against " + others.size() + " rows";
    }

    private static TrainingRecord.Event eventOf(String user, String item, long offset) {
        return new TrainingRecord.Event(TrainingLogs.event(ONLINE, user, item, offset, 5_000_000), 5_000_000);
    }

    /** A trainer with the stores that a stream would keep for it. */
    private static final class Run {
        private static final ModelRowFormat ROWS = new ModelRowFormat(true);
        private static final ModelRowFormat PUBLISHED = new ModelRowFormat(false);
        private static final SequenceChunkFormat CHUNKS = new SequenceChunkFormat();

        private final ModelSettings settings;
        private final FeatureSchema schema;
        private final TrainerSettings limits;
        private final OnlineTrainer trainer;
        private final List<Evaluation> evaluations = new ArrayList<>();
        private final List<ModelRow.Marker> markers = new ArrayList<>();
        private final Map<String, String> store = new TreeMap<>();
        private final Map<String, String> chunks = new TreeMap<>();
        private final List<String> published = new ArrayList<>();
        private final List<TrainingRecord> pending = new ArrayList<>();

        Run(ModelSettings settings, FeatureSchema schema, TrainerSettings limits) {
            this.settings = settings;
            this.schema = schema;
            this.limits = limits;
            this.trainer = new OnlineTrainer(settings, JointFeature.of(schema, settings.join()), limits);
        }

        /** Another trainer, restored from the stores alone. */
        Run restarted() {
            Run run = new Run(settings, schema, limits);
            run.store.putAll(store);
            run.chunks.putAll(chunks);
            run.evaluations.addAll(evaluations);
            run.markers.addAll(markers);
            run.published.addAll(published);
            if (store.containsKey(ModelRow.Marker.KEY)) {
                List<ModelRow> rows = new ArrayList<>();
                store.values()
                        .forEach(hex -> rows.add(ROWS.decode(HexFormat.of().parseHex(hex))));
                List<SequenceChunk> sequences = new ArrayList<>();
                chunks.values()
                        .forEach(hex ->
                                sequences.add(CHUNKS.decode(HexFormat.of().parseHex(hex))));
                byte[] marker = HexFormat.of().parseHex(store.get(ModelRow.Marker.KEY));
                run.trainer.restore((ModelRow.Marker) ROWS.decode(marker), rows, sequences);
            }
            pending.forEach(run.trainer::accept);
            run.pending.addAll(pending);
            return run;
        }

        void accept(List<TrainingRecord> log) {
            for (TrainingRecord record : log) {
                Optional<Evaluation> evaluation = trainer.accept(record);
                evaluation.ifPresent(evaluations::add);
                pending.add(record);
                if (trainer.endsVersion(record)) {
                    markers.add(trainer.close(writer()));
                    pending.clear();
                }
            }
        }

        /** How many rows the store holds whose keys begin so. */
        long rowsOf(String prefix) {
            return store.keySet().stream().filter(key -> key.startsWith(prefix)).count();
        }

        /** An item's published pair counts. */
        ModelRow.Pairs pairs(String item) {
            return (ModelRow.Pairs) ROWS.decode(HexFormat.of().parseHex(store.get("pairs/" + item)));
        }

        private VersionWriter writer() {
            return new VersionWriter() {
                @Override
                public void row(ModelRow row) {
                    store.put(row.key(), HexFormat.of().formatHex(ROWS.encode(row)));
                    published.add(row.key() + HexFormat.of().formatHex(PUBLISHED.encode(row)));
                }

                @Override
                public void kept(ModelRow row) {
                    store.put(row.key(), HexFormat.of().formatHex(ROWS.encode(row)));
                }

                @Override
                public void dropped(String key) {
                    store.remove(key);
                }

                @Override
                public void removed(String key) {
                    store.remove(key);
                    published.add(key);
                }

                @Override
                public void sequence(SequenceChunk chunk) {
                    String key = chunk.user() + "/" + String.format("%08x", chunk.chunk());
                    if (chunk.items().length == 0) {
                        chunks.remove(key);
                    } else {
                        chunks.put(key, HexFormat.of().formatHex(CHUNKS.encode(chunk)));
                    }
                }
            };
        }
    }
}

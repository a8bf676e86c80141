package org.eridanus.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Limits;
import org.eridanus.event.Rejection;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.serde.WireSerde;
import org.eridanus.testing.GoldenTopology;
import org.eridanus.testing.TestClock;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeaturesTopologyTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    /** The first event of MovieLens-100K. */
    private static final long IN_1997 = 874_724_710_000L;

    /** No key, no value: a null that says what type it has. */
    private static final byte @Nullable [] NOTHING = null;

    private static final FeaturesSettings ONLINE = FeaturesSettings.of("online", FeatureSchema.online());

    private final CountingFeaturesMonitor monitor = new CountingFeaturesMonitor();
    private final TestClock clock = new TestClock(START);

    @TempDir
    private Path state;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> interactions;
    private TestInputTopic<byte[], byte[]> users;
    private TestInputTopic<byte[], byte[]> items;
    private TestInputTopic<byte[], byte[]> control;
    private TestOutputTopic<String, EnrichedInteraction> enriched;
    private TestOutputTopic<String, TrainingRecord> trainingLog;
    private TestOutputTopic<String, CatalogueItem> catalogue;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        start(ONLINE);
        // The ticks of the start, and the one that follows what the control task wrote at its start.
        advance(Duration.ofMillis(100));
        advance(Duration.ofMillis(100));
        trainingLog.readRecordsToList();
    }

    private void start(FeaturesSettings settings) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "features-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(
                new FeaturesTopology(settings, TopicNames.PLAIN, clock, monitor).build(), properties, clock.instant());
        var bytesOut = new ByteArraySerializer();
        interactions = driver.createInputTopic(Topics.INTERACTIONS, bytesOut, bytesOut);
        users = driver.createInputTopic(Topics.USERS, bytesOut, bytesOut);
        items = driver.createInputTopic(Topics.ITEMS, bytesOut, bytesOut);
        control = driver.createInputTopic(Topics.MODEL_CONTROL, bytesOut, bytesOut);
        var id = new StringDeserializer();
        var bytesIn = new ByteArrayDeserializer();
        enriched = driver.createOutputTopic(
                Topics.ENRICHED_INTERACTIONS,
                id,
                WireSerde.enrichedInteraction().deserializer());
        trainingLog = driver.createOutputTopic(
                Topics.TRAINING_LOG, id, WireSerde.trainingRecord().deserializer());
        catalogue = driver.createOutputTopic(
                Topics.CATALOGUE, id, WireSerde.catalogueItem().deserializer());
        deadLetters = driver.createOutputTopic(Topics.DEAD_LETTERS, bytesIn, bytesIn);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldJoinProfileAndItemAndFormCombinations() {
        users.pipeInput(bytes("u"), bytes("{'age': 24, 'gender': 'M', 'occupation': 'technician'}"));
        items.pipeInput(bytes("i"), bytes("{'title': 'Toy Story', 'genres': ['Comedy', 'Animation']}"));

        interact("u", "h");
        interact("u", "i");

        EnrichedInteraction event = enriched.readValuesToList().get(1);
        assertThat(event.coordinate()).isEqualTo(new Coordinate(0, 1));
        assertThat(event.itemAnnounced()).isTrue();
        assertThat(event.categories())
                .containsOnly(
                        entry("user", List.of("u")),
                        entry("item", List.of("i")),
                        entry("age", List.of("18-24")),
                        entry("gender", List.of("M")),
                        entry("occupation", List.of("technician")),
                        entry("genre", List.of("Animation", "Comedy")));
        assertThat(event.combinations())
                .contains("session·item", "session·genre")
                .hasSameSizeAs(FeatureSchema.online().combinations());
        assertThat(monitor.of("unknown user")).isZero();
    }

    @Test
    void shouldJoinTheProfileAsItIsWhenTheEventArrives() {
        interact("u", "a");
        users.pipeInput(bytes("u"), bytes("{'gender': 'F'}"));
        interact("u", "b");
        users.pipeInput(bytes("u"), bytes("{}"));
        interact("u", "c");

        assertThat(enriched.readValuesToList())
                .extracting(event -> event.categories().get("gender"))
                .containsExactly(List.of("unknown"), List.of("F"), List.of("unknown"));
        assertThat(monitor.of("unknown user")).isEqualTo(1);
    }

    @Test
    void shouldPassOnUnknownUsersAndItems() {
        interact("nobody", "nothing");

        EnrichedInteraction event = enriched.readValue();
        assertThat(event.itemAnnounced()).isFalse();
        assertThat(event.categories())
                .contains(
                        entry("user", List.of("nobody")),
                        entry("item", List.of("nothing")),
                        entry("age", List.of("unknown")),
                        entry("genre", List.of("unknown")));
        assertThat(event.combinations()).isEmpty();
        assertThat(monitor.of("unknown user")).isEqualTo(1);
        assertThat(monitor.of("unknown item")).isEqualTo(1);
    }

    @Test
    void shouldAttachTheHistoryAsItWasBeforeTheEvent() {
        interact("u", "a");
        interact("u", "b");
        interact("other", "c");
        interact("u", "d");

        List<EnrichedInteraction> events = enriched.readValuesToList();
        assertThat(events)
                .extracting(EnrichedInteraction::history)
                .containsExactly(List.of(), List.of("a"), List.of(), List.of("b", "a"));
        assertThat(events).extracting(EnrichedInteraction::consumed).containsExactly(0, 1, 0, 2);
    }

    @Test
    void shouldTellRepeats() {
        interact("u", "a");
        interact("u", "b");
        interact("u", "a");

        List<EnrichedInteraction> events = enriched.readValuesToList();
        assertThat(events).extracting(EnrichedInteraction::repeat).containsExactly(false, false, true);
        assertThat(monitor.of("repeat")).isEqualTo(1);
    }

    @Test
    void shouldKeepNegativesOutOfTheHistoryAndIgnoredEventsOutOfBoth() {
        driver.close();
        var negative = new FeedbackTable.Row("rating", null, 3.0, new FeedbackTable.Verdict(Feedback.NEGATIVE, .5f));
        var ignored = new FeedbackTable.Row("view", null, null, new FeedbackTable.Verdict(Feedback.IGNORED, 1));
        var positive = new FeedbackTable.Verdict(Feedback.POSITIVE, 1);
        start(new FeaturesSettings(
                "online",
                FeatureSchema.online(),
                new FeedbackTable(List.of(negative, ignored), positive),
                FeaturesLimits.DEFAULT));

        interactions.pipeInput(bytes("u"), bytes("{'user':'u','item':'bad','rating':1}"));
        interactions.pipeInput(bytes("u"), bytes("{'user':'u','item':'seen'}"));
        interactions.pipeInput(bytes("u"), bytes("{'user':'u','item':'good','rating':3}"));
        interactions.pipeInput(bytes("u"), bytes("{'user':'u','item':'bad','rating':5}"));
        interactions.pipeInput(bytes("u"), bytes("{'user':'u','item':'seen','rating':5}"));

        List<EnrichedInteraction> events = enriched.readValuesToList();
        assertThat(events)
                .extracting(EnrichedInteraction::feedback)
                .containsExactly(
                        Feedback.NEGATIVE, Feedback.IGNORED, Feedback.POSITIVE, Feedback.POSITIVE, Feedback.POSITIVE);
        assertThat(events).extracting(EnrichedInteraction::weight).startsWith(.5f, 1f);
        assertThat(events)
                .extracting(EnrichedInteraction::history)
                .containsExactly(List.of(), List.of(), List.of(), List.of("good"), List.of("bad", "good"));
        assertThat(events).extracting(EnrichedInteraction::repeat).containsExactly(false, false, false, true, false);
    }

    @Test
    void shouldKeepJoinsAndRecordTimesWhenEventsAreDecadesOld() {
        Instant produced = START.plusSeconds(60);
        users.pipeInput(bytes("u"), bytes("{'gender':'F'}"), START);
        items.pipeInput(bytes("i"), bytes("{'genres':['Drama']}"), START);
        trainingLog.readRecordsToList();

        interactions.pipeInput(bytes("u"), bytes("{'user':'u','item':'i','timestamp':" + IN_1997 + "}"), produced);

        TestRecord<String, EnrichedInteraction> forScorer = enriched.readRecord();
        assertThat(forScorer.value().interaction().timestamp()).isEqualTo(IN_1997);
        assertThat(forScorer.value().categories())
                .contains(entry("gender", List.of("F")), entry("genre", List.of("Drama")));
        assertThat(forScorer.value().recordTime()).isEqualTo(produced.toEpochMilli());
        assertThat(forScorer.getRecordTime()).as("what retention goes by").isEqualTo(produced);
        assertThat(trainingLog.readRecord().getRecordTime()).isEqualTo(produced);
    }

    @Test
    void shouldWriteTheSameEventForScorerAndTrainer() {
        clock.advance(Duration.ofSeconds(7));
        interact("u", "i");

        EnrichedInteraction event = enriched.readValue();
        TestRecord<String, TrainingRecord> logged = trainingLog.readRecord();
        assertThat(logged.key()).isEqualTo("u");
        assertThat(logged.value()).isEqualTo(new TrainingRecord.Event(event, clock.millis()));
    }

    @Test
    void shouldTickWhenTheOldestEventIsOldEnough() {
        interact("u", "a");
        trainingLog.readRecord();
        int before = monitor.of("ticked");

        advance(Duration.ofMillis(50));
        interact("u", "b");
        trainingLog.readRecord();
        assertThat(trainingLog.isEmpty()).isTrue();
        advance(Duration.ofMillis(50));

        TestRecord<String, TrainingRecord> tick = trainingLog.readRecord();
        assertThat(tick.value()).isEqualTo(new TrainingRecord.Tick(clock.millis()));
        assertThat(tick.key()).isNull();
        advance(Duration.ofMillis(50));
        assertThat(trainingLog.readValue())
                .as("the second event was too young for the first tick")
                .isEqualTo(new TrainingRecord.Tick(clock.millis()));
        advance(Duration.ofMillis(500));
        assertThat(trainingLog.isEmpty()).as("nothing new, no tick").isTrue();
        assertThat(monitor.of("ticked")).isEqualTo(before + 2);
    }

    @Test
    void shouldTickAfterEveryKindOfRecord() {
        users.pipeInput(bytes("u"), NOTHING);
        items.pipeInput(bytes("i"), bytes("{}"));
        control.pipeInput(null, bytes("{'action':'resume'}"));
        assertThat(trainingLog.readValuesToList()).hasSize(3);

        advance(Duration.ofMillis(100));

        TrainingRecord tick = new TrainingRecord.Tick(clock.millis());
        assertThat(trainingLog.readValuesToList()).containsExactly(tick, tick, tick);
    }

    @Test
    void shouldTickOnceAfterAStartForWhatWasWrittenBefore() {
        driver.close();
        start(ONLINE);

        advance(Duration.ofMillis(100));

        assertThat(trainingLog.readValuesToList())
                .as("one for each task")
                .filteredOn(TrainingRecord.Tick.class::isInstance)
                .hasSize(3);
    }

    @Test
    void shouldTickAfterTheClockWasSetBack() {
        interact("u", "a");
        trainingLog.readRecord();
        clock.advance(Duration.ofHours(-1));

        driver.advanceWallClockTime(Duration.ofMillis(50));
        advance(Duration.ofMillis(50));
        advance(Duration.ofMillis(50));

        assertThat(trainingLog.readValuesToList()).containsExactly(new TrainingRecord.Tick(clock.millis()));
    }

    @Test
    void shouldForgetAUser() {
        users.pipeInput(bytes("u"), bytes("{'gender':'F'}"));
        interact("u", "a");

        users.pipeInput(bytes("u"), NOTHING);
        interact("u", "a");

        List<KeyValue<String, EnrichedInteraction>> told = enriched.readKeyValuesToList();
        assertThat(told).hasSize(3);
        assertThat(told.get(1))
                .as("between the user's events, for the scorer")
                .isEqualTo(KeyValue.<String, EnrichedInteraction>pair("u", null));
        EnrichedInteraction after = told.get(2).value;
        assertThat(after.categories()).containsEntry("gender", List.of("unknown"));
        assertThat(after.history()).isEmpty();
        assertThat(after.repeat()).isFalse();
        assertThat(after.consumed()).isZero();
        assertThat(trainingLog.readKeyValuesToList().get(1))
                .isEqualTo(KeyValue.<String, TrainingRecord>pair("u", new TrainingRecord.UserForgotten("u")));
        assertThat(monitor.of("user forgotten")).isEqualTo(1);
    }

    @Test
    void shouldAnnounceAndRemoveItems() {
        items.pipeInput(bytes("i"), bytes("{'title':'Kolya','genres':['Comedy']}"));
        interact("u", "i");
        items.pipeInput(bytes("i"), NOTHING);
        interact("v", "i");

        assertThat(enriched.readValuesToList())
                .extracting(EnrichedInteraction::itemAnnounced)
                .containsExactly(true, false);
        List<TrainingRecord> log = trainingLog.readValuesToList();
        assertThat(log.get(0)).isInstanceOfSatisfying(TrainingRecord.ItemAnnounced.class, announced -> {
            assertThat(announced.item().title()).isEqualTo("Kolya");
            assertThat(announced.categories())
                    .containsOnly(entry("item", List.of("i")), entry("genre", List.of("Comedy")));
        });
        assertThat(log.get(2)).isEqualTo(new TrainingRecord.ItemRemoved("i"));
        var table = catalogue.readRecordsToList();
        assertThat(table).extracting(TestRecord::key).containsExactly("i", "i");
        assertThat(table.get(0).value().item().title()).isEqualTo("Kolya");
        assertThat(table.get(1).value()).isNull();
    }

    @Test
    void shouldForwardControlWithOrWithoutAKey() {
        control.pipeInput(bytes("any"), bytes("{'action':'freeze','reason':'import'}"));
        control.pipeInput(null, bytes("{'action':'resume'}"));

        assertThat(trainingLog.readValuesToList())
                .containsExactly(new TrainingRecord.Freeze("import"), new TrainingRecord.Resume(""));
    }

    @Test
    void shouldTellTheSchemaOnceAndAgainWhenItChanges() {
        String online = driver.<String, String>getKeyValueStore(Names.CONFIGURATION_STORE)
                .get("configured");
        assertThat(configuredAfterRestart(ONLINE, online)).isEmpty();

        FeatureSchema paper = FeatureSchema.paper();
        assertThat(configuredAfterRestart(FeaturesSettings.of("paper", paper), online))
                .containsExactly(new TrainingRecord.Configured("paper", paper.hash()));
    }

    private List<TrainingRecord> configuredAfterRestart(FeaturesSettings settings, String restored) {
        driver.close();
        start(settings);
        driver.<String, String>getKeyValueStore(Names.CONFIGURATION_STORE).put("configured", restored);
        driver.advanceWallClockTime(Duration.ofMillis(10));
        return trainingLog.readValuesToList();
    }

    @Test
    void shouldSendGarbageToTheDeadLettersWithItsOrigin() {
        interact("u", "a");
        byte[] garbage = {(byte) 0xc3, 0x28, 0, 1, 2};
        interactions.pipeInput(bytes("u"), garbage, START.plusSeconds(1));

        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(letter.key()).isEqualTo(bytes("u"));
        assertThat(letter.value()).isEqualTo(garbage);
        assertThat(letter.getRecordTime()).isEqualTo(START.plusSeconds(1));
        assertThat(headers(letter))
                .contains(
                        entry("reason", "malformed"),
                        entry("topic", "interactions"),
                        entry("partition", "0"),
                        entry("offset", "1"),
                        entry("time", Long.toString(START.plusSeconds(1).toEpochMilli())));
        assertThat(headers(letter).get("detail")).startsWith("the record's value must be");
        assertThat(monitor.of("accepted interactions")).isEqualTo(1);
        assertThat(monitor.of("rejected interactions malformed")).isEqualTo(1);
    }

    @Test
    void shouldRejectEveryKindOfBadInteractionAndGoOn() {
        long now = START.toEpochMilli();
        reject(Rejection.Reason.EMPTY, "u", null);
        reject(Rejection.Reason.EMPTY, "u", new byte[0]);
        reject(Rejection.Reason.TOO_LARGE, "u", new byte[Limits.RECORD_BYTES + 1]);
        reject(Rejection.Reason.TOO_LARGE, "u", new byte[1 << 20]);
        reject(Rejection.Reason.MALFORMED, "u", bytes("[]"));
        reject(Rejection.Reason.MALFORMED, "u", bytes("{'user':'u','item':"));
        reject(Rejection.Reason.MALFORMED, "u", bytes("{'user':'u','user':'u','item':'i'}"));
        reject(Rejection.Reason.MISSING_KEY, null, bytes("{'user':'u','item':'i'}"));
        reject(Rejection.Reason.MISSING_FIELD, "u", bytes("{'user':'u'}"));
        reject(Rejection.Reason.MISSING_FIELD, "u", bytes("{'item':'i'}"));
        reject(Rejection.Reason.KEY_MISMATCH, "u", bytes("{'user':'v','item':'i'}"));
        reject(
                Rejection.Reason.IN_THE_FUTURE,
                "u",
                bytes("{'user':'u','item':'i','timestamp':" + (now + 300_001) + "}"));
        reject(Rejection.Reason.INVALID_FIELD, "u", bytes("{'user':'u','item':'i','rating':NaN}"));
        reject(Rejection.Reason.INVALID_FIELD, "u", bytes("{'user':'u','item':'i','rating':-Infinity}"));
        reject(Rejection.Reason.INVALID_FIELD, "u", bytes("{'user':'u','item':'i','rating':1e999}"));

        interactions.pipeInput(
                bytes("u"), bytes("{'user':'u','item':'i','timestamp':" + (now + 300_000) + ",'x':{'y':[1]}}"), START);
        assertThat(enriched.readValue().item()).isEqualTo("i");
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldEvictTheHistoriesOfThoseSeenLeastRecentlyAndTellTrainerAndScorer() {
        restart(keeping(4));
        for (String user : List.of("a", "b", "c", "d", "a", "e")) {
            interact(user, "i");
        }

        // b, c and d were each seen before a was seen again.
        assertThat(evictions()).containsExactly("b");
        assertThat(tombstones()).containsExactly("b");
        assertThat(monitor.of("evicted user")).isEqualTo(1);

        interact("b", "i");

        assertThat(newest(enriched.readValuesToList()).repeat())
                .as("b met i before, and b's history is gone")
                .isFalse();
        assertThat(evictions()).containsExactly("c");
    }

    @Test
    void shouldKeepTheOrderOfUsersOverARestart() {
        restart(keeping(4));
        for (String user : List.of("a", "b", "c", "d", "a")) {
            interact(user, "i");
        }
        restartWithState(keeping(4));

        interact("e", "i");
        interact("f", "i");

        assertThat(evictions()).containsExactly("b", "c");
    }

    @Test
    void shouldCountUsersFromBeforeThereWasABoundAndForgetNobodyTwice() {
        interact("c", "i");
        interact("a", "i");
        interact("b", "i");
        restartWithState(keeping(3));
        users.pipeInput(bytes("b"), NOTHING);
        trainingLog.readRecordsToList();

        interact("d", "i");
        interact("e", "i");

        assertThat(evictions()).as("by their ids where nothing else is known").containsExactly("a");
        interact("f", "i");
        assertThat(evictions()).containsExactly("c");
    }

    @Test
    void shouldKeepWithinTheBoundWhateverComes() {
        restart(keeping(12));
        SplittableRandom random = new SplittableRandom(3);
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            String user = "u" + (i / 10 + random.nextInt(random.nextBoolean() ? 5 : 40));
            interact(user, "i" + random.nextInt(5));
            kept.add(user);
            kept.removeAll(evictions());
            KeyValueStore<String, UserHistory> histories = driver.getKeyValueStore(Names.HISTORY_STORE);
            if (i % 50 == 49) {
                Set<String> stored = new HashSet<>();
                try (KeyValueIterator<String, UserHistory> all = histories.all()) {
                    all.forEachRemaining(each -> stored.add(each.key));
                }
                assertThat(stored).isEqualTo(kept).hasSizeLessThanOrEqualTo(12);
            }
        }
        KeyValueStore<String, String> recency = driver.getKeyValueStore(Names.RECENCY_STORE);
        try (KeyValueIterator<String, String> all = recency.all()) {
            int entries = 0;
            for (; all.hasNext(); all.next()) {
                entries++;
            }
            assertThat(entries).as("two a user, and two counts").isEqualTo(2 * kept.size() + 2);
        }
    }

    private static FeaturesSettings keeping(int users) {
        return new FeaturesSettings(
                "online",
                FeatureSchema.online(),
                FeedbackTable.ALL_POSITIVE,
                FeaturesLimits.DEFAULT.withUsersPerTask(users));
    }

    /** A driver deletes its stores when it is closed: what was in them is put into the new ones. */
    private void restartWithState(FeaturesSettings settings) {
        Map<String, Map<String, Object>> kept = new HashMap<>();
        for (String name : List.of(Names.HISTORY_STORE, Names.RECENCY_STORE)) {
            KeyValueStore<String, Object> store = driver.getKeyValueStore(name);
            if (store != null) {
                try (KeyValueIterator<String, Object> all = store.all()) {
                    all.forEachRemaining(each ->
                            kept.computeIfAbsent(name, n -> new HashMap<>()).put(each.key, each.value));
                }
            }
        }
        restart(settings);
        kept.forEach((name, entries) -> {
            KeyValueStore<String, Object> store = driver.getKeyValueStore(name);
            entries.forEach(store::put);
        });
    }

    private void restart(FeaturesSettings settings) {
        driver.close();
        start(settings);
        advance(Duration.ofMillis(100));
        advance(Duration.ofMillis(100));
        trainingLog.readRecordsToList();
    }

    private List<String> evictions() {
        return trainingLog.readValuesToList().stream()
                .filter(TrainingRecord.UserEvicted.class::isInstance)
                .map(record -> ((TrainingRecord.UserEvicted) record).user())
                .toList();
    }

    private List<String> tombstones() {
        return enriched.readKeyValuesToList().stream()
                .filter(record -> record.value == null)
                .map(record -> record.key)
                .toList();
    }

    private static EnrichedInteraction newest(List<EnrichedInteraction> events) {
        return events.stream().filter(Objects::nonNull).reduce((a, b) -> b).orElseThrow();
    }

    private void reject(Rejection.Reason reason, @Nullable String key, byte @Nullable [] value) {
        int before = monitor.of("rejected interactions " + reason.label());
        byte[] keyBytes = key == null ? null : bytes(key);

        interactions.pipeInput(keyBytes, value, START);

        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(headers(letter)).containsEntry("reason", reason.label());
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.key()).isEqualTo(keyBytes);
        assertThat(enriched.isEmpty()).isTrue();
        assertThat(monitor.of("rejected interactions " + reason.label())).isEqualTo(before + 1);
    }

    @Test
    void shouldRejectBadUsersItemsAndCommands() {
        users.pipeInput(null, bytes("{}"));
        users.pipeInput(NOTHING, NOTHING);
        users.pipeInput(bytes("u"), bytes("{'user':'v'}"));
        users.pipeInput(bytes("u"), bytes("{'age':{'years':3}}"));
        items.pipeInput(bytes("i"), new byte[0]);
        items.pipeInput(new byte[] {(byte) 0xff}, NOTHING);
        items.pipeInput(bytes("x".repeat(129)), bytes("{}"));
        control.pipeInput(null, bytes("{'action':'explode'}"));
        control.pipeInput(NOTHING, NOTHING);

        assertThat(deadLetters.readRecordsToList())
                .extracting(letter ->
                        headers(letter).get("topic") + " " + headers(letter).get("reason"))
                .containsExactly(
                        "users missing-key",
                        "users missing-key",
                        "users key-mismatch",
                        "users invalid-field",
                        "items empty",
                        "items invalid-field",
                        "items too-large",
                        "model-control invalid-field",
                        "model-control empty");
        assertThat(trainingLog.isEmpty()).isTrue();
        assertThat(catalogue.isEmpty()).isTrue();
    }

    @Test
    void shouldKeepHeadersOfADeadLetterAndDropThoseOfAnAcceptedRecord() {
        byte[] value = bytes("{'user':'u','item':'i'}");
        var accepted = new TestRecord<>(bytes("u"), value);
        accepted.headers().add("trace", bytes("1"));
        var refused = new TestRecord<>(bytes("v"), value);
        refused.headers().add("trace", bytes("2")).add("reason", bytes("because"));

        interactions.pipeInput(accepted);
        interactions.pipeInput(refused);

        assertThat(enriched.readRecord().headers()).isEmpty();
        assertThat(trainingLog.readRecord().headers()).isEmpty();
        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertThat(headers(letter)).contains(entry("trace", "2"), entry("reason", "key-mismatch"));
        assertThat(letter.headers().headers("reason")).hasSize(1);
    }

    @Test
    void shouldAccountForEveryRecord() {
        for (int i = 0; i < 1_000; i++) {
            if (i % 7 == 0) {
                interactions.pipeInput(bytes("u" + i % 13), bytes("{'user':'?','item':'i'}"));
            } else {
                interact("u" + i % 13, "i" + i % 50);
            }
        }

        List<Long> offsets = enriched.readValuesToList().stream()
                .map(event -> event.coordinate().offset())
                .toList();
        List<Long> refused = deadLetters.readRecordsToList().stream()
                .map(letter -> Long.valueOf(headers(letter).get("offset")))
                .toList();
        List<Long> logged = trainingLog.readValuesToList().stream()
                .map(record ->
                        ((TrainingRecord.Event) record).event().coordinate().offset())
                .toList();
        assertThat(logged).isEqualTo(offsets);
        assertThat(Stream.concat(offsets.stream(), refused.stream()))
                .hasSize(1_000)
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldBeTheTopologyThatIsCommitted() throws IOException {
        GoldenTopology.check(
                "features", new FeaturesTopology(ONLINE, TopicNames.PLAIN, clock, monitor).build(), getClass());
    }

    @Test
    void shouldBeTheTopologyThatIsCommittedWhereUsersAreBounded() throws IOException {
        FeaturesSettings bounded = new FeaturesSettings(
                ONLINE.preset(), ONLINE.schema(), ONLINE.feedback(), FeaturesLimits.DEFAULT.withUsersPerTask(1));

        GoldenTopology.check(
                "features-bounded",
                new FeaturesTopology(bounded, TopicNames.PLAIN, clock, monitor).build(),
                getClass());
    }

    private void interact(String user, String item) {
        interactions.pipeInput(bytes(user), bytes("{'user':'" + user + "','item':'" + item + "'}"));
    }

    private void advance(Duration duration) {
        clock.advance(duration);
        driver.advanceWallClockTime(duration);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    private static Map<String, String> headers(TestRecord<byte[], byte[]> letter) {
        Map<String, String> headers = new HashMap<>();
        Arrays.stream(letter.headers().toArray())
                .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}

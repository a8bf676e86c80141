package org.eridanus.stream.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.Rejection;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.serde.WireSerde;
import org.eridanus.stream.BoundedRocksDb;
import org.eridanus.stream.CountingFeaturesMonitor;
import org.eridanus.stream.FeaturesMonitor;
import org.eridanus.stream.FeaturesSettings;
import org.eridanus.stream.Names;
import org.eridanus.stream.processor.ValidateProcessor.Accepted;
import org.eridanus.testing.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeaturesProcessorsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long NOW = START.toEpochMilli();
    private static final FeaturesSettings SETTINGS = FeaturesSettings.of("online", FeatureSchema.online());
    private static final Interaction INTERACTION = new Interaction("u", "i", "view", null, 5);

    private final CountingFeaturesMonitor monitor = new CountingFeaturesMonitor();
    private final TestClock clock = new TestClock(START);

    @TempDir
    private Path state;

    @Test
    void shouldForwardWhatIsAcceptedAndWhatIsNotToDifferentNodes() {
        MockProcessorContext<Object, Object> context = context();
        context.setRecordMetadata("interactions", 3, 77);
        var step = new ValidateProcessor<String>(
                "interactions",
                (key, value, time) -> value == null
                        ? Validated.rejected(Rejection.Reason.EMPTY, "nothing there")
                        : Validated.valid(new Accepted<>("k", new String(value, UTF_8))),
                "next",
                "dead-letters",
                monitor);
        step.init(context);

        step.process(new Record<>(new byte[] {1}, "hello".getBytes(UTF_8), NOW));
        step.process(new Record<>(new byte[] {1}, null, NOW));

        List<CapturedForward<?, ?>> forwarded = List.copyOf(context.forwarded());
        assertThat(forwarded.get(0).childName()).hasValue("next");
        assertThat(forwarded.get(0).record()).isEqualTo(new Record<>("k", "hello", NOW));
        assertThat(forwarded.get(1).childName()).hasValue("dead-letters");
        assertThat(forwarded
                        .get(1)
                        .record()
                        .headers()
                        .lastHeader(DeadLetters.OFFSET)
                        .value())
                .isEqualTo("77".getBytes(UTF_8));
        assertThat(monitor.of("accepted interactions")).isEqualTo(1);
        assertThat(monitor.of("rejected interactions empty")).isEqualTo(1);
    }

    @Test
    void shouldNotGuessACoordinate() {
        MockProcessorContext<String, JoinedInteraction> context = context();
        profileStore(context);
        var step = new JoinProfileProcessor(FeedbackTable.ALL_POSITIVE, monitor);
        step.init(context);

        assertThatIllegalStateException()
                .isThrownBy(() -> step.process(new Record<>("u", INTERACTION, NOW)))
                .withMessageContaining("task 0_0");
    }

    @Test
    void shouldJoinProfileCoordinateAndTime() {
        MockProcessorContext<String, JoinedInteraction> context = context();
        context.setRecordMetadata("interactions", 3, 77);
        UserProfile profile = new UserProfile("u", new Attributes(Map.of("gender", List.of("F"))));
        profileStore(context).put("u", profile);
        var step = new JoinProfileProcessor(FeedbackTable.ALL_POSITIVE, monitor);
        step.init(context);

        step.process(new Record<>("u", INTERACTION, NOW));

        JoinedInteraction joined = context.forwarded().get(0).record().value();
        assertThat(joined.coordinate()).isEqualTo(new Coordinate(3, 77));
        assertThat(joined.recordTime()).isEqualTo(NOW);
        assertThat(joined.profile()).isEqualTo(profile);
        assertThat(monitor.of("unknown user")).isZero();
    }

    @Test
    void shouldJoinTheItemOrCountThatThereIsNone() {
        MockProcessorContext<String, JoinedInteraction> context = context();
        var catalogue = store(context, Names.CATALOGUE_STORE, WireSerde.catalogueItem());
        Item item = new Item("i", "t", Attributes.NONE);
        var step = new JoinItemProcessor(monitor);
        step.init(context);

        step.process(joined("u", "i"));
        catalogue.put("i", new CatalogueItem(item, Map.of()));
        step.process(joined("u", "i"));

        assertThat(context.forwarded())
                .extracting(forward -> forward.record().value().item())
                .containsExactly(null, item);
        assertThat(monitor.of("unknown item")).isEqualTo(1);
    }

    @Test
    void shouldKeepCatalogueOfItemsThatAreNotRemoved() {
        MockProcessorContext<Void, Void> context = context();
        var catalogue = store(context, Names.CATALOGUE_STORE, WireSerde.catalogueItem());
        CatalogueItem item = new CatalogueItem(new Item("i", "t", Attributes.NONE), Map.of());
        var step = new KeepCatalogueProcessor();
        step.init(context);

        step.process(new Record<>("i", item, NOW));
        assertThat(catalogue.get("i")).isEqualTo(item);
        step.process(new Record<>("i", null, NOW));
        assertThat(catalogue.get("i")).isNull();
    }

    @Test
    void shouldCountWhatAFullSeenSetForgets() {
        MockProcessorContext<String, JoinedInteraction> context = context();
        var histories = historyStore(context);
        histories.put("u", UserHistory.of(List.of("a"), new long[10_000], 1, 0));
        var step = new KeepHistoryProcessor(monitor);
        step.init(context);

        step.process(joined("u", "i"));

        assertThat(monitor.of("seen-set dropped")).isEqualTo(1);
        assertThat(histories.get("u").dropped()).isEqualTo(1);
        assertThat(context.forwarded().get(0).record().value().before().newest())
                .containsExactly("a");
    }

    @Test
    void shouldWriteOneEventToTwoNodes() {
        MockProcessorContext<String, Object> context = context();
        var monitor = new CountingFeaturesMonitor();
        var step = new FormCombinationsProcessor(FeatureSchema.online(), clock, monitor);
        step.init(context);

        step.process(joined("u", "i"));

        var forwarded = List.copyOf(context.forwarded());
        assertThat(forwarded)
                .extracting(forward -> forward.childName().orElseThrow())
                .containsExactly(Names.ENRICHED_INTERACTIONS_SINK, Names.LOG_INTERACTIONS);
        EnrichedInteraction event =
                (EnrichedInteraction) forwarded.get(0).record().value();
        assertThat(forwarded.get(1).record().value()).isEqualTo(new TrainingRecord.Event(event, NOW));
        assertThat(monitor.ages()).containsExactly(NOW - event.recordTime());
    }

    @Test
    void shouldForgetWhatItWaitedForWhenTheTaskIsInitialisedAgain() {
        MockProcessorContext<String, TrainingRecord> context = context();
        var step = new LogProcessor(SETTINGS, clock, FeaturesMonitor.NONE);
        step.init(context);
        tick(context);
        assertThat(context.forwarded()).as("not old enough").isEmpty();

        clock.advance(Duration.ofMillis(99));
        step.init(context);
        clock.advance(Duration.ofMillis(99));
        tick(context);
        assertThat(context.forwarded()).as("counted from the second start").isEmpty();

        clock.advance(Duration.ofMillis(1));
        tick(context);
        assertThat(context.forwarded().get(0).record())
                .isEqualTo(new Record<>(null, new TrainingRecord.Tick(NOW + 199), NOW + 199));
    }

    private static void tick(MockProcessorContext<String, TrainingRecord> context) {
        var punctuators = context.scheduledPunctuators();
        assertThat(punctuators.get(0).getInterval()).isEqualTo(Duration.ofMillis(50));
        punctuators.get(punctuators.size() - 1).getPunctuator().punctuate(0);
    }

    @Test
    void shouldTellTheConfigurationOnce() {
        MockProcessorContext<String, TrainingRecord> context = context();
        var store = store(context, Names.CONFIGURATION_STORE, Serdes.String());
        var step = new ForwardControlProcessor(SETTINGS);
        step.init(context);
        var start = context.scheduledPunctuators().get(0);

        start.getPunctuator().punctuate(NOW);

        assertThat(start.cancelled()).isTrue();
        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.forwarded().get(0).record().value())
                .isEqualTo(new TrainingRecord.Configured(
                        "online", FeatureSchema.online().hash()));
        assertThat(store.get("configured"))
                .isEqualTo("online " + FeatureSchema.online().hash());
    }

    @Test
    void shouldKeepHistoriesOfAMillionUsersOffTheHeap() {
        MockProcessorContext<String, JoinedInteraction> context = context();
        var histories = historyStore(context);
        var step = new KeepHistoryProcessor(monitor);
        step.init(context);
        long before = usedHeap();

        for (int i = 0; i < 1_000_000; i++) {
            step.process(joined("user-" + i, "i"));
            if (i % 1_000 == 0) {
                context.resetForwards();
            }
        }
        context.resetForwards();

        assertThat(usedHeap() - before).isLessThan(32L << 20);
        UserHistory expected = UserHistory.EMPTY.after("i", Feedback.POSITIVE);
        assertThat(List.of(0, 1, 499_999, 999_999))
                .allSatisfy(i -> assertThat(histories.get("user-" + i)).isEqualTo(expected));
        assertThat(monitor.of("repeat")).as("no two of them taken for one").isZero();
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Record<String, JoinedInteraction> joined(String user, String item) {
        return new Record<>(
                user,
                JoinedInteraction.of(
                        new Coordinate(0, 1),
                        new Interaction(user, item, "view", null, 5),
                        NOW,
                        FeedbackTable.ALL_POSITIVE.otherwise()),
                NOW);
    }

    private <K, V> MockProcessorContext<K, V> context() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "features-test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:0");
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        File directory = state.toFile();
        return new MockProcessorContext<>(properties, new TaskId(0, 0), directory);
    }

    private static KeyValueStore<String, UserProfile> profileStore(MockProcessorContext<?, ?> context) {
        return store(context, Names.PROFILE_STORE, WireSerde.userProfile());
    }

    private static KeyValueStore<String, UserHistory> historyStore(MockProcessorContext<?, ?> context) {
        return store(context, Stores.persistentKeyValueStore(Names.HISTORY_STORE), WireSerde.userHistory());
    }

    private static <V> KeyValueStore<String, V> store(
            MockProcessorContext<?, ?> context, String name, Serde<V> values) {
        return store(context, Stores.inMemoryKeyValueStore(name), values);
    }

    private static <V> KeyValueStore<String, V> store(
            MockProcessorContext<?, ?> context, KeyValueBytesStoreSupplier supplier, Serde<V> values) {
        KeyValueStore<String, V> store = Stores.keyValueStoreBuilder(supplier, Serdes.String(), values)
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return store;
    }
}

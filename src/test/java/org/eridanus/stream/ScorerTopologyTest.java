package org.eridanus.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.recommend.PendingRefresh;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.serde.Json;
import org.eridanus.serde.ModelDefinitionJson;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.WireSerde;
import org.eridanus.testing.GoldenTopology;
import org.eridanus.testing.TestClock;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScorerTopologyTest {
    private static final int ITEMS = 20;
    private static final Instant START =
            Instant.ofEpochMilli(TinyTrainer.RECORD_TIME).plusMillis(500);

    private final CountingScorerMonitor monitor = new CountingScorerMonitor();
    private final TestClock clock = new TestClock(START);
    private final TinyTrainer trainer = new TinyTrainer().announce(ITEMS);
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
    private final OpenContexts open = new OpenContexts();

    @TempDir
    private Path state;

    private TopologyTestDriver driver;
    private TestInputTopic<String, EnrichedInteraction> enriched;
    private TestInputTopic<byte[], byte[]> requests;
    private TestInputTopic<byte[], byte[]> rows;
    private TestOutputTopic<String, byte[]> recommendations;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        start(settings(ScorerSettings.DEFAULT.refreshUsers(), ScorerSettings.DEFAULT.maxWaiting()));
    }

    private void start(ScorerSettings settings) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "scorer-test");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(
                new ScorerTopology(settings, TopicNames.PLAIN, model, open, clock, monitor).build(),
                properties,
                clock.instant());
        var bytesOut = new ByteArraySerializer();
        enriched = driver.createInputTopic(
                Topics.ENRICHED_INTERACTIONS,
                new StringSerializer(),
                WireSerde.enrichedInteraction().serializer());
        requests = driver.createInputTopic(Topics.RECOMMENDATION_REQUESTS, bytesOut, bytesOut);
        rows = driver.createInputTopic(Topics.MODEL, bytesOut, bytesOut);
        var bytesIn = new ByteArrayDeserializer();
        recommendations = driver.createOutputTopic(Topics.RECOMMENDATIONS, new StringDeserializer(), bytesIn);
        deadLetters = driver.createOutputTopic(Topics.DEAD_LETTERS, bytesIn, bytesIn);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldRefreshTheListOfAUserWithAnEvent() {
        publish(trainer.walk(10, ITEMS, 12));
        EnrichedInteraction event = trainer.event("new", "i4");

        interact(event);
        assertThat(recommendations.isEmpty()).as("nothing before the next look").isTrue();
        advance(Duration.ofMillis(10));

        TestRecord<String, byte[]> record = recommendations.readRecord();
        JsonNode list = json(record);
        assertThat(record.key()).isEqualTo("new");
        assertThat(record.getRecordTime()).as("that of the event").isEqualTo(Instant.ofEpochMilli(event.recordTime()));
        assertThat(list.get("user").asText()).isEqualTo("new");
        assertThat(list.get("generatedAt").asLong()).isEqualTo(clock.millis());
        assertThat(list.get("cause").toString()).isEqualTo("{\"partition\":0,\"offset\":120}");
        assertThat(list.get("modelVersion").asInt()).isEqualTo(1);
        assertThat(list.get("trainedThrough").toString()).isEqualTo("{\"0\":119}");
        assertThat(items(list)).hasSize(10).contains("i5").doesNotContain("i4");
        assertThat(list.get("filtered").toString()).isEqualTo("{\"consumed\":1,\"removed\":0,\"excluded\":0}");
        assertThat(list.has("fallback")).isFalse();
        assertThat(list.has("request")).isFalse();
        advance(Duration.ofSeconds(1));
        assertThat(recommendations.isEmpty()).as("one event, one list").isTrue();
        assertThat(monitor.of("recommended EVENT")).isEqualTo(1);
        assertThat(monitor.ages()).containsExactly(list.get("generatedAt").asLong() - event.recordTime());
        assertThat(monitor.of("scored")).isEqualTo(1);
        assertThat(monitor.of("filtered CONSUMED")).isEqualTo(1);
    }

    @Test
    void shouldMakeOneListOfEventsThatWaitTogether() {
        publish(trainer.walk(10, ITEMS, 12));
        interact(trainer.event("a", "i4"));
        interact(trainer.event("b", "i4"));
        interact(trainer.event("a", "i5"));
        EnrichedInteraction newest = trainer.event("a", "i6");
        interact(newest);

        advance(Duration.ofMillis(10));

        List<TestRecord<String, byte[]>> lists = recommendations.readRecordsToList();
        assertThat(lists).extracting(TestRecord::key).containsExactly("a", "b");
        assertThat(lists.get(0).timestamp()).isEqualTo(newest.recordTime());
        assertThat(json(lists.get(0)).at("/cause/offset").asLong())
                .isEqualTo(newest.coordinate().offset());
        assertThat(items(json(lists.get(0)))).doesNotContain("i4", "i5", "i6");
        assertThat(monitor.of("coalesced")).isEqualTo(2);
    }

    @Test
    void shouldBoundTheWorkOfOneLook() {
        stop();
        start(settings(2, 100));
        publish(trainer.walk(10, ITEMS, 12));
        for (int u = 0; u < 5; u++) {
            interact(trainer.event("u" + u, "i19"));
        }

        advance(Duration.ofMillis(10));
        assertThat(recommendations.readRecordsToList())
                .extracting(TestRecord::key)
                .containsExactly("u0", "u1");
        interact(trainer.event("u4", "i18"));
        interact(trainer.event("u0", "i18"));
        advance(Duration.ofMillis(10));
        assertThat(recommendations.readRecordsToList())
                .extracting(TestRecord::key)
                .containsExactly("u2", "u3");
        advance(Duration.ofMillis(10));
        assertThat(recommendations.readRecordsToList())
                .as("in the order of waiting")
                .extracting(TestRecord::key)
                .containsExactly("u4", "u0");
    }

    @Test
    void shouldLetMoreEventsShareAListWhileReadingIsBehind() {
        publish(trainer.walk(10, ITEMS, 12));
        clock.advance(Duration.ofSeconds(2));
        driver.advanceWallClockTime(Duration.ofSeconds(2));
        interact(trainer.event("a", "i4"));
        advance(Duration.ofMillis(200));
        interact(trainer.event("a", "i5"));
        interact(trainer.event("b", "i5"));
        assertThat(recommendations.isEmpty()).isTrue();

        advance(Duration.ofMillis(50));
        assertThat(recommendations.readRecordsToList())
                .extracting(TestRecord::key)
                .containsExactly("a");
        advance(Duration.ofMillis(200));
        assertThat(recommendations.readRecordsToList())
                .extracting(TestRecord::key)
                .containsExactly("b");
        assertThat(monitor.of("coalesced")).isEqualTo(1);
    }

    @Test
    void shouldBoundHowManyWait() {
        stop();
        start(settings(100, 3));
        publish(trainer.walk(10, ITEMS, 12));

        for (int u = 0; u < 5; u++) {
            interact(trainer.event("u" + u, "i19"));
        }

        assertThat(recommendations.readRecordsToList())
                .extracting(TestRecord::key)
                .containsExactly("u0", "u1");
        advance(Duration.ofMillis(10));
        assertThat(recommendations.readRecordsToList())
                .extracting(TestRecord::key)
                .containsExactly("u2", "u3", "u4");
    }

    @Test
    void shouldKeepAMarkUntilItsListIsMade() {
        publish(trainer.walk(10, ITEMS, 12));
        EnrichedInteraction event = trainer.event("a", "i4");
        var marks = driver.<String, PendingRefresh>getKeyValueStore(ScorerNames.PENDING_REFRESH_STORE);

        interact(event);
        assertThat(marks.get("a")).isEqualTo(new PendingRefresh(event.coordinate(), event.recordTime()));
        advance(Duration.ofMillis(10));

        assertThat(marks.get("a")).isNull();
    }

    @Test
    void shouldAnswerARequestAtOnce() {
        publish(trainer.walk(10, ITEMS, 12));
        interact(trainer.event("new", "i4"));
        advance(Duration.ofMillis(10));
        recommendations.readRecord();
        request("other", "{}");
        recommendations.readRecord();

        requests.pipeInput(
                bytes("new"), bytes("{'k': 3, 'exclude': ['i5', 'i6'], 'why': 'unknown fields pass'}"), START);

        TestRecord<String, byte[]> record = recommendations.readRecord();
        JsonNode list = json(record);
        assertThat(record.key()).isEqualTo("new");
        assertThat(record.getRecordTime()).isEqualTo(START);
        assertThat(list.get("request").asBoolean()).isTrue();
        assertThat(list.get("cause").toString()).isEqualTo("{\"partition\":0,\"offset\":1}");
        assertThat(items(list)).hasSize(3).doesNotContain("i4", "i5", "i6");
        assertThat(list.get("filtered").toString()).isEqualTo("{\"consumed\":1,\"removed\":0,\"excluded\":2}");
        assertThat(monitor.of("recommended REQUEST")).isEqualTo(2);
        assertThat(monitor.of("accepted recommendation-requests")).isEqualTo(2);
    }

    @Test
    void shouldAnswerStrangersByPopularityAndSaySo() {
        publish(trainer.walk(10, ITEMS, 12));

        request("stranger", "{}");

        JsonNode list = json(recommendations.readRecord());
        assertThat(list.get("fallback").asText()).isEqualTo("no-history");
        assertThat(items(list)).hasSize(10);
        assertThat(monitor.of("fallback no-history")).isEqualTo(1);
    }

    @Test
    void shouldSayThatThereIsNoModelYet() {
        interact(trainer.event("a", "i4"));
        advance(Duration.ofMillis(10));

        JsonNode list = json(recommendations.readRecord());
        assertThat(list.get("fallback").asText()).isEqualTo("no-model");
        assertThat(list.get("modelVersion").asInt()).isZero();
        assertThat(list.get("items")).isEmpty();
        assertThat(list.get("trainedThrough")).isEmpty();
    }

    @Test
    void shouldSendBadRequestsToTheDeadLetters() {
        requests.pipeInput(bytes("u"), bytes("{'k': 0}"));
        requests.pipeInput(bytes("u"), bytes("{'k': 101}"));
        requests.pipeInput(bytes("u"), bytes("not json"));
        requests.pipeInput(bytes("u"), bytes("{'user': 'v'}"));
        requests.pipeInput(null, bytes("{}"));
        requests.pipeInput(new TestRecord<>(bytes("u"), null, START));

        List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
        assertThat(letters)
                .extracting(letter ->
                        new String(letter.headers().lastHeader("reason").value(), UTF_8))
                .containsExactly("invalid-field", "invalid-field", "malformed", "key-mismatch", "missing-key", "empty");
        assertThat(recommendations.isEmpty()).isTrue();
        request("u", "{}");
        assertThat(recommendations.isEmpty()).as("and goes on").isFalse();
    }

    @Test
    void shouldDropARemovedItemWithTheNextVersion() {
        publish(trainer.walk(10, ITEMS, 12));
        interact(trainer.event("a", "i4"));
        advance(Duration.ofMillis(10));
        assertThat(items(json(recommendations.readRecord()))).contains("i5");

        publish(trainer.remove("i5"));
        interact(trainer.event("a", "i3"));
        request("a", "{'k': 100}");
        advance(Duration.ofMillis(10));

        for (TestRecord<String, byte[]> record : recommendations.readRecordsToList()) {
            assertThat(items(json(record))).isNotEmpty().doesNotContain("i5");
            assertThat(json(record).get("filtered").get("removed").asInt()).isEqualTo(1);
            assertThat(json(record).get("modelVersion").asInt()).isEqualTo(2);
        }
    }

    @Test
    void shouldUseAVersionOnlyWhenItsMarkerHasArrived() {
        List<Map.Entry<String, byte[]>> first = trainer.walk(10, ITEMS, 12).close();
        pipe(first.subList(0, first.size() - 1));
        request("a", "{}");
        assertThat(json(recommendations.readRecord()).get("fallback").asText()).isEqualTo("no-model");

        pipe(first.subList(first.size() - 1, first.size()));

        request("a", "{}");
        assertThat(json(recommendations.readRecord()).get("modelVersion").asInt())
                .isEqualTo(1);
        assertThat(monitor.of("version loaded")).isEqualTo(1);
    }

    @Test
    void shouldMakeListsByTheGenerationThatTheTopicNames() {
        publish(trainer.walk(10, ITEMS, 12));
        Generation second = new Generation(2);
        ModelDefinition definition = ModelDefinition.ofPreset("association");
        TinyTrainer other = new TinyTrainer(definition.settings(), definition.schema());
        rows.pipeInput(bytes(second.key(Generation.DEFINITION)), ModelDefinitionJson.write(definition));
        other.announce(3).close().forEach(row -> rows.pipeInput(bytes(second.key(row.getKey())), row.getValue()));
        request("a", "{'k':100}");
        assertThat(items(json(recommendations.readRecord()))).hasSize(ITEMS);

        rows.pipeInput(bytes(Generation.SERVED), ModelDefinitionJson.served(second));
        request("a", "{'k':100}");
        JsonNode list = json(recommendations.readRecord());
        assertThat(items(list)).hasSize(3);
        assertThat(list.get("modelGeneration").asInt()).isEqualTo(2);

        rows.pipeInput(bytes(Generation.SERVED), ModelDefinitionJson.served(Generation.FIRST));
        request("a", "{'k':100}");
        assertThat(items(json(recommendations.readRecord()))).hasSize(ITEMS);

        rows.pipeInput(bytes(Generation.SERVED), bytes("the best"));
        assertThat(monitor.of("skipped UNDECODABLE")).isEqualTo(1);
        request("a", "{'k':100}");
        assertThat(items(json(recommendations.readRecord())))
                .as("nothing changes")
                .hasSize(ITEMS);
    }

    @Test
    void shouldSkipRowsThatCannotBeReadAndRefuseOtherPresets() {
        rows.pipeInput(bytes("row/item/i1"), new byte[] {1, 2, 3});
        rows.pipeInput(bytes("row/item/i2"), new byte[0]);
        rows.pipeInput(null, new byte[] {1});
        assertThat(monitor.of("skipped UNDECODABLE")).isEqualTo(3);
        ModelRow.Embedding narrow = new ModelRow.Embedding("item", "i1", 1, true, 0, 0, 0, new float[5], new float[0]);
        rows.pipeInput(bytes(narrow.key()), new ModelRowFormat(false).encode(narrow));

        publish(trainer.walk(10, ITEMS, 12));

        assertThat(monitor.of("skipped UNFIT"))
                .as("replaced by the row that fits")
                .isZero();
        TinyTrainer other = new TinyTrainer(Presets.association(), FeatureSchema.online());
        publish(other.announce(2));
        assertThat(monitor.of("version refused")).isEqualTo(1);
        assertThat(model.marker().orElseThrow().preset()).isEqualTo("tiny");
        request("a", "{'k':100}");
        assertThat(items(json(recommendations.readRecord()))).hasSize(ITEMS);
    }

    @Test
    void shouldMeasureTheRankInTheLastListOnlyWhereItsModelCannotKnow() {
        publish(trainer.walk(10, ITEMS, 12));
        interact(trainer.event("a", "i4"));
        assertThat(monitor.ranks()).as("no list yet").isEmpty();
        advance(Duration.ofMillis(10));
        List<String> list = items(json(recommendations.readRecord()));

        interact(trainer.event("a", list.get(2)));
        assertThat(monitor.ranks()).containsExactly(3);
        EnrichedInteraction leaked = trainer.event("a", "i17");
        trainer.learn(leaked);
        publish(trainer);
        advance(Duration.ofMillis(10));
        recommendations.readRecord();
        interact(leaked);

        assertThat(monitor.ranks())
                .as("the model of the list has learned from this event")
                .hasSize(1);
        assertThat(monitor.of("served excluded")).isEqualTo(1);
        interact(trainer.event("a", "unheard-of"));
        assertThat(monitor.ranks()).as("not in the list").containsExactly(3, 0);
        interact(trainer.event("a", "i4"));
        assertThat(monitor.ranks()).as("a repeat is not asked about").hasSize(2);
        assertThat(monitor.of("consumed i4")).isEqualTo(1);
    }

    @Test
    void shouldNotMeasureByListsThatAnswerRequests() {
        publish(trainer.walk(10, ITEMS, 12));
        request("a", "{'k':100}");
        recommendations.readRecord();

        interact(trainer.event("a", "i4"));

        assertThat(monitor.ranks()).isEmpty();
        assertThat(monitor.of("served excluded")).isZero();
    }

    @Test
    void shouldMeasureHowLongItTakesUntilAnEventIsLearnedFrom() {
        publish(trainer.walk(10, ITEMS, 12));
        EnrichedInteraction event = trainer.event("a", "i4");
        interact(event);
        assertThat(monitor.freshness()).isEmpty();
        assertThat(monitor.waitingSince()).isEqualTo(event.recordTime());
        trainer.learn(event);
        clock.advance(Duration.ofSeconds(2));

        publish(trainer);

        assertThat(monitor.freshness()).containsExactly(clock.millis() - event.recordTime());
        assertThat(monitor.waitingSince()).isZero();
        publish(trainer);
        assertThat(monitor.freshness()).as("once").hasSize(1);
    }

    @Test
    void shouldForgetAUserWhoseHistoryStartsAnew() {
        publish(trainer.walk(10, ITEMS, 12));
        interact(trainer.event("a", "i4"));
        interact(trainer.event("a", "i5"));
        advance(Duration.ofMillis(10));
        recommendations.readRecord();

        interact(new TinyTrainer().event("a", "i6"));
        advance(Duration.ofMillis(10));

        JsonNode list = json(recommendations.readRecord());
        assertThat(list.at("/filtered/consumed").asInt()).isEqualTo(1);
    }

    @Test
    void shouldTakeOverTheHistoryOfEventsItMissed() {
        publish(trainer.walk(10, ITEMS, 12));
        trainer.event("a", "i4");
        trainer.event("a", "i5");

        interact(trainer.event("a", "i6"));
        advance(Duration.ofMillis(10));

        JsonNode list = json(recommendations.readRecord());
        assertThat(list.at("/filtered/consumed").asInt()).isEqualTo(3);
        assertThat(items(list)).doesNotContain("i4", "i5", "i6");
    }

    @Test
    void shouldForgetAUser() {
        publish(trainer.walk(10, ITEMS, 12));
        interact(trainer.event("a", "i4"));
        advance(Duration.ofMillis(10));
        recommendations.readRecord();
        interact(trainer.event("a", "i5"));

        enriched.pipeInput("a", null, START);
        advance(Duration.ofSeconds(1));

        TestRecord<String, byte[]> tombstone = recommendations.readRecord();
        assertThat(tombstone.key()).isEqualTo("a");
        assertThat(tombstone.value()).isNull();
        assertThat(recommendations.isEmpty()).as("no list for what waited").isTrue();
        assertThat(monitor.of("user forgotten")).isEqualTo(1);
        for (String store : List.of(
                ScorerNames.USER_CONTEXT_STORE, ScorerNames.SERVED_LIST_STORE, ScorerNames.PENDING_REFRESH_STORE)) {
            assertThat(driver.<String, Object>getKeyValueStore(store).get("a"))
                    .as(store)
                    .isNull();
        }
        request("a", "{'k':5}");
        assertThat(json(recommendations.readRecord()).has("fallback"))
                .as("a stranger now")
                .isTrue();
    }

    @Test
    void shouldLetOthersReadContextsWhileTheirTaskIsAtWork() {
        interact(trainer.event("a", "i4"));

        assertThat(open.of(0))
                .hasValueSatisfying(store -> assertThat(store.get("a"))
                        .isNotNull()
                        .satisfies(context ->
                                assertThat(context.history().newest()).containsExactly("i4")));
        assertThat(open.of(1)).isEmpty();
        driver.close();
        assertThat(open.of(0)).isEmpty();
        start();
    }

    @Test
    void shouldBeTheTopologyThatIsCommitted() throws IOException {
        GoldenTopology.check(
                "scorer",
                new ScorerTopology(ScorerSettings.DEFAULT, TopicNames.PLAIN, model, open, clock, monitor).build(),
                getClass());
    }

    /** The first list takes long, because it loads native code; tests do not go by how long. */
    private static ScorerSettings settings(int refreshUsers, int maxWaiting) {
        ScorerSettings usual = ScorerSettings.DEFAULT;
        return new ScorerSettings(
                usual.k(),
                usual.hideConsumed(),
                usual.refreshEvery(),
                refreshUsers,
                Duration.ofSeconds(4),
                usual.behind(),
                usual.patience(),
                maxWaiting);
    }

    private void publish(TinyTrainer published) {
        pipe(published.close());
    }

    private void pipe(List<Map.Entry<String, byte[]>> version) {
        version.forEach(row -> rows.pipeInput(bytes(row.getKey()), row.getValue().length == 0 ? null : row.getValue()));
    }

    private void interact(EnrichedInteraction event) {
        enriched.pipeInput(event.user(), event, Instant.ofEpochMilli(event.recordTime()));
    }

    private void request(String user, String request) {
        requests.pipeInput(bytes(user), bytes(request), START);
    }

    private void advance(Duration duration) {
        clock.advance(duration);
        driver.advanceWallClockTime(duration);
    }

    private static JsonNode json(TestRecord<String, byte[]> record) {
        try {
            return Json.mapper().readTree(record.value());
        } catch (IOException e) {
            throw new AssertionError("a list is JSON", e);
        }
    }

    private static List<String> items(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.get("items").forEach(item -> ids.add(item.get("item").asText()));
        return ids;
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }
}

package org.eridanus.stream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.event.Coordinate;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.recommend.PendingRefresh;
import org.eridanus.recommend.Recommender;
import org.eridanus.recommend.ServedList;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.TinyTrainer;
import org.eridanus.recommend.UserContext;
import org.eridanus.serde.WireSerde;
import org.eridanus.stream.CountingScorerMonitor;
import org.eridanus.stream.ScorerNames;
import org.eridanus.stream.ScorerSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefreshRecommendationsProcessorTest {
    private final TinyTrainer trainer = new TinyTrainer().announce(20).walk(10, 20, 12);
    private final ServedModel model = new ServedModel(TinyTrainer.DEFINITION);
    private final MockProcessorContext<String, byte[]> context = new MockProcessorContext<>();
    private final KeyValueStore<String, UserContext> contexts =
            store(ScorerNames.USER_CONTEXT_STORE, WireSerde.userContext());
    private final KeyValueStore<String, ServedList> lists =
            store(ScorerNames.SERVED_LIST_STORE, WireSerde.servedList());
    private final KeyValueStore<String, PendingRefresh> marks =
            store(ScorerNames.PENDING_REFRESH_STORE, WireSerde.pendingRefresh());
    private final CountingScorerMonitor monitor = new CountingScorerMonitor();
    private final RefreshRecommendationsProcessor processor = new RefreshRecommendationsProcessor(
            unhurried(), new RecommendationIssuer(new Recommender(model, true), Clock.systemUTC(), monitor), monitor);

    @BeforeEach
    void publish() {
        trainer.publishTo(model);
        context.setCurrentSystemTimeMs(TinyTrainer.RECORD_TIME);
    }

    @Test
    void shouldTakeUpTheMarksOfTheStoreOldestFirst() {
        contexts.put("u1", trainer.context("u1"));
        contexts.put("u2", trainer.context("u2"));
        marks.put("u1", new PendingRefresh(new Coordinate(0, 118), 7));
        marks.put("u2", new PendingRefresh(new Coordinate(0, 117), 8));

        processor.init(context);
        look();

        assertThat(forwarded()).containsExactly("u2", "u1");
        assertThat(context.forwarded().get(0).record().timestamp()).isEqualTo(8);
        assertThat(marks.approximateNumEntries()).isZero();
        assertThat(lists.get("u1").cause()).isEqualTo(new Coordinate(0, 118));
        assertThat(lists.get("u1").items()).hasSize(8);
        assertThat(lists.get("u1").trainedThrough()).isEqualTo(119);
    }

    @Test
    void shouldForgetWhatAnAbortTookBack() {
        processor.init(context);
        EnrichedInteraction aborted = trainer.event("u1", "i0");
        processor.process(new Record<>("u1", aborted, 0));
        assertThat(marks.get("u1")).isNotNull();
        marks.delete("u1");
        marks.put("u3", new PendingRefresh(new Coordinate(0, 100), 9));

        context.scheduledPunctuators().get(0).cancel();
        processor.init(context);
        look();

        assertThat(forwarded()).as("as the store says").containsExactly("u3");
        assertThat(monitor.of("coalesced")).isZero();
    }

    /** The first list takes long, because it loads native code; tests do not go by how long. */
    private static ScorerSettings unhurried() {
        ScorerSettings usual = ScorerSettings.DEFAULT;
        return new ScorerSettings(
                usual.k(),
                usual.hideConsumed(),
                usual.refreshEvery(),
                usual.refreshUsers(),
                Duration.ofSeconds(4),
                usual.behind(),
                usual.patience(),
                usual.maxWaiting());
    }

    private void look() {
        context.scheduledPunctuators().stream()
                .filter(punctuator -> !punctuator.cancelled())
                .forEach(punctuator -> punctuator.getPunctuator().punctuate(0));
    }

    private List<String> forwarded() {
        return context.forwarded().stream()
                .<String>map(captured -> captured.record().key())
                .toList();
    }

    private <V> KeyValueStore<String, V> store(String name, Serde<V> values) {
        KeyValueStore<String, V> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return store;
    }
}

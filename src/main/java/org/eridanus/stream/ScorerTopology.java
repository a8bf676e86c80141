package org.eridanus.stream;

import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.event.RecommendationRequest;
import org.eridanus.recommend.PendingRefresh;
import org.eridanus.recommend.Recommender;
import org.eridanus.recommend.ServedList;
import org.eridanus.recommend.ServedModel;
import org.eridanus.recommend.UserContext;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.WireSerde;
import org.eridanus.stream.processor.AnswerRequestsProcessor;
import org.eridanus.stream.processor.KeepContextProcessor;
import org.eridanus.stream.processor.LoadModelProcessor;
import org.eridanus.stream.processor.RecommendationIssuer;
import org.eridanus.stream.processor.RefreshRecommendationsProcessor;
import org.eridanus.stream.processor.TrackServedProcessor;
import org.eridanus.stream.processor.ValidateProcessor;
import org.eridanus.stream.processor.ValidateProcessor.Accepted;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;

/**
 * The scorer role: follows the model, keeps users' contexts, and writes a user's list after each of the user's events and
 * for each request.
 *
 * <p>Events and requests meet in the stores, so that their topics need equal numbers of partitions. The model's topic is
 * read as a global store in memory, which makes Kafka Streams read it whole, in every instance, before anything else
 * runs; what is read goes to a {@link ServedModel} that all threads share, and the store stays empty.
 */
public final class ScorerTopology {
    private final ScorerSettings settings;
    private final TopicNames topics;
    private final ServedModel model;
    private final OpenContexts open;
    private final Clock clock;
    private final ScorerMonitor monitor;
    private final FreshnessTracker freshness;

    /**
     * The role with these settings.
     *
     * @param topics how topics are called
     * @param model what lists are made with; this role fills it, others may read it
     * @param open where readers find the users' contexts
     * @param clock says when lists are made, and measures freshness
     */
    public ScorerTopology(
            ScorerSettings settings,
            TopicNames topics,
            ServedModel model,
            OpenContexts open,
            Clock clock,
            ScorerMonitor monitor) {
        this.settings = settings;
        this.topics = topics;
        this.model = model;
        this.open = open;
        this.clock = clock;
        this.monitor = monitor;
        this.freshness = new FreshnessTracker(clock, monitor);
    }

    /** The topology, in the order of the data. */
    public Topology build() {
        Topology topology = new Topology();

        addModel(topology);

        topology.addSource(
                        AutoOffsetReset.earliest(),
                        ScorerNames.ENRICHED_INTERACTIONS_SOURCE,
                        new RecordTime(),
                        new StringDeserializer(),
                        WireSerde.enrichedInteraction().deserializer(),
                        topics.of(Topics.ENRICHED_INTERACTIONS))
                .addProcessor(
                        ScorerNames.TRACK_SERVED,
                        () -> new TrackServedProcessor(freshness, monitor),
                        ScorerNames.ENRICHED_INTERACTIONS_SOURCE)
                .addProcessor(
                        ScorerNames.KEEP_CONTEXT,
                        () -> new KeepContextProcessor(open, monitor),
                        ScorerNames.TRACK_SERVED)
                .addProcessor(
                        ScorerNames.REFRESH_RECOMMENDATIONS,
                        () -> new RefreshRecommendationsProcessor(settings, issuer(), monitor),
                        ScorerNames.KEEP_CONTEXT);
        topology.addSource(
                        AutoOffsetReset.earliest(),
                        ScorerNames.REQUESTS_SOURCE,
                        new RecordTime(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.of(Topics.RECOMMENDATION_REQUESTS))
                .addProcessor(ScorerNames.VALIDATE_REQUESTS, validateRequests(), ScorerNames.REQUESTS_SOURCE)
                .addProcessor(
                        ScorerNames.ANSWER_REQUESTS,
                        () -> new AnswerRequestsProcessor(issuer()),
                        ScorerNames.VALIDATE_REQUESTS)
                .addStateStore(
                        contexts(),
                        ScorerNames.KEEP_CONTEXT,
                        ScorerNames.REFRESH_RECOMMENDATIONS,
                        ScorerNames.ANSWER_REQUESTS)
                .addStateStore(servedLists(), ScorerNames.TRACK_SERVED, ScorerNames.REFRESH_RECOMMENDATIONS)
                .addStateStore(pendingRefreshes(), ScorerNames.REFRESH_RECOMMENDATIONS);
        topology.addSink(
                        ScorerNames.RECOMMENDATIONS_SINK,
                        topics.of(Topics.RECOMMENDATIONS),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        ScorerNames.REFRESH_RECOMMENDATIONS,
                        ScorerNames.ANSWER_REQUESTS)
                .addSink(
                        ScorerNames.REQUESTS_DEAD_LETTERS_SINK,
                        topics.of(Topics.DEAD_LETTERS),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        ScorerNames.VALIDATE_REQUESTS);

        return topology;
    }

    private void addModel(Topology topology) {
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(ScorerNames.MODEL_STORE),
                                Serdes.ByteArray(),
                                Serdes.ByteArray())
                        .withLoggingDisabled(),
                ScorerNames.MODEL_SOURCE,
                new RecordTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topics.of(Topics.MODEL),
                ScorerNames.LOAD_MODEL,
                () -> new LoadModelProcessor(model, freshness, monitor));
    }

    private ProcessorSupplier<byte[], byte[], Object, Object> validateRequests() {
        return () -> new ValidateProcessor<RecommendationRequest>(
                Topics.RECOMMENDATION_REQUESTS,
                (key, value, time) -> EventReader.request(key, value)
                        .map(request -> new Accepted<RecommendationRequest>(request.user(), request)),
                ScorerNames.ANSWER_REQUESTS,
                ScorerNames.REQUESTS_DEAD_LETTERS_SINK,
                monitor);
    }

    private RecommendationIssuer issuer() {
        return new RecommendationIssuer(new Recommender(model, settings.hideConsumed()), clock, monitor);
    }

    private static StoreBuilder<KeyValueStore<String, UserContext>> contexts() {
        return store(Stores.persistentKeyValueStore(ScorerNames.USER_CONTEXT_STORE), WireSerde.userContext());
    }

    private static StoreBuilder<KeyValueStore<String, ServedList>> servedLists() {
        return store(Stores.persistentKeyValueStore(ScorerNames.SERVED_LIST_STORE), WireSerde.servedList());
    }

    private static StoreBuilder<KeyValueStore<String, PendingRefresh>> pendingRefreshes() {
        return store(Stores.inMemoryKeyValueStore(ScorerNames.PENDING_REFRESH_STORE), WireSerde.pendingRefresh());
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(
            KeyValueBytesStoreSupplier supplier, Serde<V> values) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.String(), StoredValues.of(supplier.name(), values))
                .withCachingEnabled()
                .withLoggingEnabled(Map.of());
    }
}

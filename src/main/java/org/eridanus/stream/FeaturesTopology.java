package org.eridanus.stream;

import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.event.ControlCommand;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.JoinedInteraction;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.WireSerde;
import org.eridanus.stream.processor.AnnounceItemsProcessor;
import org.eridanus.stream.processor.EvictUsersProcessor;
import org.eridanus.stream.processor.FormCombinationsProcessor;
import org.eridanus.stream.processor.ForwardControlProcessor;
import org.eridanus.stream.processor.JoinItemProcessor;
import org.eridanus.stream.processor.JoinProfileProcessor;
import org.eridanus.stream.processor.KeepCatalogueProcessor;
import org.eridanus.stream.processor.KeepHistoryProcessor;
import org.eridanus.stream.processor.KeepProfilesProcessor;
import org.eridanus.stream.processor.LogProcessor;
import org.eridanus.stream.processor.ValidateProcessor;
import org.eridanus.stream.processor.ValidateProcessor.Accepted;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * The features role: validates what comes in, joins interactions with profile, item and history, forms the
 * combinations, and writes enriched interactions and the training log.
 *
 * <p>Three sub-topologies: interactions and users, whose equal keys meet in the stores (so their topics need
 * equal numbers of partitions), items, and control. They share no node, sinks included, because Kafka Streams
 * would make one of them. The catalogue is a global store over a topic of its own: items are keyed by item,
 * interactions by user, and Kafka Streams refuses one topic as both a source and a global source.
 */
public final class FeaturesTopology {
    private final FeaturesSettings settings;
    private final TopicNames topics;
    private final Clock clock;
    private final FeaturesMonitor monitor;

    /**
     * The role with these settings.
     *
     * @param topics how topics are called
     * @param clock stamps what goes to the training log, ticks included
     */
    public FeaturesTopology(FeaturesSettings settings, TopicNames topics, Clock clock, FeaturesMonitor monitor) {
        this.settings = settings;
        this.topics = topics;
        this.clock = clock;
        this.monitor = monitor;
    }

    /** The topology, in the order of the data. */
    public Topology build() {
        Topology topology = new Topology();

        addCatalogue(topology);

        addSource(topology, Names.INTERACTIONS_SOURCE, Topics.INTERACTIONS);
        topology.addProcessor(Names.VALIDATE_INTERACTIONS, validateInteractions(), Names.INTERACTIONS_SOURCE)
                .addProcessor(Names.JOIN_PROFILE, joinProfile(), Names.VALIDATE_INTERACTIONS)
                .addProcessor(Names.JOIN_ITEM, () -> new JoinItemProcessor(monitor), Names.JOIN_PROFILE)
                .addProcessor(Names.KEEP_HISTORY, () -> new KeepHistoryProcessor(monitor), Names.JOIN_ITEM)
                .addProcessor(Names.FORM_COMBINATIONS, formCombinations(), Names.KEEP_HISTORY);
        if (settings.limits().evictsUsers()) {
            topology.addProcessor(Names.EVICT_USERS, evictUsers(), Names.KEEP_HISTORY);
        }
        addSource(topology, Names.USERS_SOURCE, Topics.USERS);
        topology.addProcessor(Names.VALIDATE_USERS, validateUsers(), Names.USERS_SOURCE)
                .addProcessor(Names.KEEP_PROFILES, keepProfiles(), Names.VALIDATE_USERS)
                .addProcessor(Names.LOG_INTERACTIONS, log(), evicting(Names.FORM_COMBINATIONS, Names.KEEP_PROFILES))
                .addStateStore(profiles(), Names.JOIN_PROFILE, Names.KEEP_PROFILES)
                .addStateStore(histories(), Names.KEEP_HISTORY, Names.KEEP_PROFILES);
        if (settings.limits().evictsUsers()) {
            topology.addStateStore(recency(), Names.EVICT_USERS, Names.KEEP_PROFILES)
                    .connectProcessorAndStateStores(Names.EVICT_USERS, Names.HISTORY_STORE);
        }
        addEnriched(topology, Names.ENRICHED_INTERACTIONS_SINK, evicting(Names.FORM_COMBINATIONS, Names.KEEP_PROFILES));
        addTrainingLog(topology, Names.INTERACTIONS_LOG_SINK, Names.LOG_INTERACTIONS);
        addDeadLetters(
                topology, Names.INTERACTIONS_DEAD_LETTERS_SINK, Names.VALIDATE_INTERACTIONS, Names.VALIDATE_USERS);

        addSource(topology, Names.ITEMS_SOURCE, Topics.ITEMS);
        topology.addProcessor(Names.VALIDATE_ITEMS, validateItems(), Names.ITEMS_SOURCE)
                .addProcessor(Names.ANNOUNCE_ITEMS, announceItems(), Names.VALIDATE_ITEMS)
                .addProcessor(Names.LOG_ITEMS, log(), Names.ANNOUNCE_ITEMS);
        addAnnounced(topology, Names.CATALOGUE_SINK, Names.ANNOUNCE_ITEMS);
        addTrainingLog(topology, Names.ITEMS_LOG_SINK, Names.LOG_ITEMS);
        addDeadLetters(topology, Names.ITEMS_DEAD_LETTERS_SINK, Names.VALIDATE_ITEMS);

        addSource(topology, Names.CONTROL_SOURCE, Topics.MODEL_CONTROL);
        topology.addProcessor(Names.VALIDATE_CONTROL, validateControl(), Names.CONTROL_SOURCE)
                .addProcessor(Names.FORWARD_CONTROL, forwardControl(), Names.VALIDATE_CONTROL)
                .addProcessor(Names.LOG_CONTROL, log(), Names.FORWARD_CONTROL)
                .addStateStore(configuration(), Names.FORWARD_CONTROL);
        addTrainingLog(topology, Names.CONTROL_LOG_SINK, Names.LOG_CONTROL);
        addDeadLetters(topology, Names.CONTROL_DEAD_LETTERS_SINK, Names.VALIDATE_CONTROL);

        return topology;
    }

    private void addCatalogue(Topology topology) {
        WireSerde<CatalogueItem> items = WireSerde.catalogueItem();
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(Names.CATALOGUE_STORE), Serdes.String(), items)
                        .withLoggingDisabled(),
                Names.CATALOGUE_SOURCE,
                new RecordTime(),
                new StringDeserializer(),
                items.deserializer(),
                topics.of(Topics.CATALOGUE),
                Names.KEEP_CATALOGUE,
                KeepCatalogueProcessor::new);
    }

    private void addSource(Topology topology, String name, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                new RecordTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topics.of(topic));
    }

    private void addEnriched(Topology topology, String name, String... parents) {
        addSink(topology, name, Topics.ENRICHED_INTERACTIONS, WireSerde.enrichedInteraction(), parents);
    }

    private void addTrainingLog(Topology topology, String name, String parent) {
        addSink(topology, name, Topics.TRAINING_LOG, WireSerde.trainingRecord(), parent);
    }

    private void addAnnounced(Topology topology, String name, String parent) {
        addSink(topology, name, Topics.CATALOGUE, WireSerde.catalogueItem(), parent);
    }

    private <V> void addSink(Topology topology, String name, String topic, Serde<V> values, String... parents) {
        topology.addSink(name, topics.of(topic), new StringSerializer(), values.serializer(), parents);
    }

    private void addDeadLetters(Topology topology, String name, String... parents) {
        topology.addSink(
                name, topics.of(Topics.DEAD_LETTERS), new ByteArraySerializer(), new ByteArraySerializer(), parents);
    }

    private ProcessorSupplier<byte[], byte[], Object, Object> validateInteractions() {
        return () -> new ValidateProcessor<Interaction>(
                Topics.INTERACTIONS,
                (key, value, time) -> accept(EventReader.interaction(key, value, time), Interaction::user),
                Names.JOIN_PROFILE,
                Names.INTERACTIONS_DEAD_LETTERS_SINK,
                monitor);
    }

    private ProcessorSupplier<byte[], byte[], Object, Object> validateUsers() {
        return () -> new ValidateProcessor<UserProfile>(
                Topics.USERS,
                (key, value, time) -> value == null
                        ? tombstone(EventReader.tombstone(key, "user"))
                        : accept(EventReader.userProfile(key, value), UserProfile::id),
                Names.KEEP_PROFILES,
                Names.INTERACTIONS_DEAD_LETTERS_SINK,
                monitor);
    }

    private ProcessorSupplier<byte[], byte[], Object, Object> validateItems() {
        return () -> new ValidateProcessor<Item>(
                Topics.ITEMS,
                (key, value, time) -> value == null
                        ? tombstone(EventReader.tombstone(key, "item"))
                        : accept(EventReader.item(key, value), Item::id),
                Names.ANNOUNCE_ITEMS,
                Names.ITEMS_DEAD_LETTERS_SINK,
                monitor);
    }

    private ProcessorSupplier<byte[], byte[], Object, Object> validateControl() {
        return () -> new ValidateProcessor<ControlCommand>(
                Topics.MODEL_CONTROL,
                (key, value, time) -> accept(
                        EventReader.command(value), command -> command.action().name()),
                Names.FORWARD_CONTROL,
                Names.CONTROL_DEAD_LETTERS_SINK,
                monitor);
    }

    private static <T> Validated<Accepted<T>> accept(Validated<T> read, Function<T, String> key) {
        return read.map(value -> new Accepted<T>(key.apply(value), value));
    }

    private static <T> Validated<Accepted<T>> tombstone(Validated<String> id) {
        return id.map(key -> new Accepted<T>(key, null));
    }

    private ProcessorSupplier<String, Interaction, String, JoinedInteraction> joinProfile() {
        return () -> new JoinProfileProcessor(settings.feedback(), monitor);
    }

    private ProcessorSupplier<String, JoinedInteraction, String, Object> formCombinations() {
        return () -> new FormCombinationsProcessor(settings.schema(), clock, monitor);
    }

    private ProcessorSupplier<String, @Nullable UserProfile, String, @Nullable Object> keepProfiles() {
        return () -> new KeepProfilesProcessor(settings.limits().usersPerTask(), monitor);
    }

    private ProcessorSupplier<String, JoinedInteraction, String, @Nullable Object> evictUsers() {
        return () -> new EvictUsersProcessor(settings.limits().usersPerTask(), monitor);
    }

    /** The parents of a sink of users' records: these, and the step that evicts users where there is one. */
    private String[] evicting(String... parents) {
        return settings.limits().evictsUsers()
                ? Stream.concat(Stream.of(parents), Stream.of(Names.EVICT_USERS))
                        .toArray(String[]::new)
                : parents;
    }

    private ProcessorSupplier<String, @Nullable Item, String, @Nullable Object> announceItems() {
        return () -> new AnnounceItemsProcessor(settings.schema());
    }

    private ProcessorSupplier<@Nullable String, TrainingRecord, @Nullable String, TrainingRecord> log() {
        return () -> new LogProcessor(settings, clock, monitor);
    }

    private ProcessorSupplier<String, ControlCommand, @Nullable String, TrainingRecord> forwardControl() {
        return () -> new ForwardControlProcessor(settings);
    }

    private static StoreBuilder<KeyValueStore<String, UserProfile>> profiles() {
        return store(Names.PROFILE_STORE, WireSerde.userProfile());
    }

    private static StoreBuilder<KeyValueStore<String, UserHistory>> histories() {
        return store(Names.HISTORY_STORE, WireSerde.userHistory());
    }

    private static StoreBuilder<KeyValueStore<String, String>> recency() {
        return store(Names.RECENCY_STORE, Serdes.String());
    }

    private static StoreBuilder<KeyValueStore<String, String>> configuration() {
        return store(Names.CONFIGURATION_STORE, Serdes.String());
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.String(), StoredValues.of(name, values))
                .withCachingEnabled()
                .withLoggingEnabled(Map.of());
    }
}

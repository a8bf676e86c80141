package org.eridanus.stream;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.stream.processor.TestThenLearnProcessor;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.eridanus.trainer.TrainerSettings;

/**
 * The trainer role: reads the training log, tests the model on each event, learns from it, and writes evaluations and
 * versions of the model. One partition, one writer.
 *
 * <p>Its stores are logged; what lives on the heap is rebuilt from them when a task starts or starts over. One is on disk,
 * because without any Streams takes a new process id, hence new transactional ids, at each start, and after a kill the
 * transaction that hangs blocks readers until it times out.
 */
public final class TrainerTopology {
    private final ModelDefinition definition;
    private final Generation generation;
    private final TopicNames topics;
    private final TrainerSettings limits;
    private final TrainerMonitor monitor;

    /**
     * A trainer of one generation.
     *
     * @param definition the model
     * @param generation which of the models that learn from the log it is
     * @param topics how topics are called
     * @param limits cuts and bounds
     * @param monitor who is told
     */
    public TrainerTopology(
            ModelDefinition definition,
            Generation generation,
            TopicNames topics,
            TrainerSettings limits,
            TrainerMonitor monitor) {
        this.definition = definition;
        this.generation = generation;
        this.topics = topics;
        this.limits = limits;
        this.monitor = monitor;
    }

    /** The topology, in the order of the data. */
    public Topology build() {
        Topology topology = new Topology();
        topology.addSource(
                        AutoOffsetReset.earliest(),
                        TrainerNames.TRAINING_LOG_SOURCE,
                        new RecordTime(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.of(Topics.TRAINING_LOG))
                .addProcessor(
                        TrainerNames.TEST_THEN_LEARN,
                        () -> new TestThenLearnProcessor(definition, generation, limits, monitor),
                        TrainerNames.TRAINING_LOG_SOURCE)
                .addStateStore(
                        byText(Stores.inMemoryKeyValueStore(TrainerNames.MODEL_ROWS_STORE)),
                        TrainerNames.TEST_THEN_LEARN)
                .addStateStore(
                        byText(Stores.persistentKeyValueStore(TrainerNames.SEQUENCES_STORE)),
                        TrainerNames.TEST_THEN_LEARN)
                .addStateStore(ring(), TrainerNames.TEST_THEN_LEARN);
        addSink(topology, TrainerNames.EVALUATIONS_SINK, Topics.EVALUATIONS);
        addSink(topology, TrainerNames.MODEL_SINK, Topics.MODEL);
        return topology;
    }

    private void addSink(Topology topology, String name, String topic) {
        topology.addSink(
                name,
                topics.of(topic),
                new StringSerializer(),
                new ByteArraySerializer(),
                TrainerNames.TEST_THEN_LEARN);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> byText(KeyValueBytesStoreSupplier store) {
        return Stores.keyValueStoreBuilder(store, Serdes.String(), Serdes.ByteArray());
    }

    private static StoreBuilder<KeyValueStore<Integer, byte[]>> ring() {
        return Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(TrainerNames.PENDING_RECORDS_STORE), Serdes.Integer(), Serdes.ByteArray());
    }
}

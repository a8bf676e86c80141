package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.config.Configuration;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelDefinitionJson;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.stream.Names;
import org.eridanus.stream.Role;
import org.eridanus.stream.TrainerNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Which generations stand in the topic {@code model}, and which one its scorers are told to serve.
 *
 * <p>Threading: for one thread.
 */
final class GenerationsInTopic {
    private static final ModelRowFormat ROWS = new ModelRowFormat(false);

    private final SortedMap<Integer, ModelRow.Marker> markers = new TreeMap<>();
    private final Map<Integer, Set<String>> keys = new HashMap<>();
    private @Nullable Generation served;

    private GenerationsInTopic() {}

    /** Reads the topic from its start to where it ends now. */
    static GenerationsInTopic read(Configuration configuration, Runnable check) {
        GenerationsInTopic generations = new GenerationsInTopic();
        try (TopicReader topic = new TopicReader(configuration, Topics.MODEL)) {
            topic.readToEnd(record -> generations.take(record.key(), record.value()), check);
        }
        return generations;
    }

    private void take(byte @Nullable [] bytes, byte @Nullable [] value) {
        if (bytes == null) {
            return;
        }
        String text = new String(bytes, UTF_8);
        if (text.equals(Generation.SERVED)) {
            served = value == null ? null : ModelDefinitionJson.served(value);
            return;
        }
        Generation.Key key = Generation.parse(text);
        int number = key.generation().number();
        if (value == null) {
            keys.getOrDefault(number, Set.of()).remove(text);
        } else {
            keys.computeIfAbsent(number, each -> new HashSet<>()).add(text);
        }
        if (key.own().equals(ModelRow.Marker.KEY)) {
            if (value != null && ROWS.decode(value) instanceof ModelRow.Marker marker) {
                markers.put(number, marker);
            } else {
                markers.remove(number);
            }
        }
    }

    /** The markers of the last complete versions, by generation. */
    SortedMap<Integer, ModelRow.Marker> markers() {
        return Collections.unmodifiableSortedMap(markers);
    }

    /** The generation that all scorers are told to serve; where there is none, each serves the configured one. */
    Optional<Generation> served() {
        return Optional.ofNullable(served);
    }

    /** The marker of a generation's last complete version. */
    Optional<ModelRow.Marker> marker(Generation generation) {
        return Optional.ofNullable(markers.get(generation.number()));
    }

    /** Whether scorers can learn from the topic what a generation is. */
    boolean defined(Generation generation) {
        return keys(generation).contains(generation.key(Generation.DEFINITION));
    }

    /** The keys of all records of a generation. */
    Set<String> keys(Generation generation) {
        return keys.getOrDefault(generation.number(), Set.of());
    }

    /** Tells all scorers to serve a generation, from the next moment on. */
    static void serve(Configuration configuration, Generation generation) {
        try (KafkaProducer<byte[], byte @Nullable []> producer = producer(configuration, Map.of())) {
            producer.send(new ProducerRecord<>(
                    configuration.topics().names().of(Topics.MODEL),
                    Generation.SERVED.getBytes(UTF_8),
                    ModelDefinitionJson.served(generation)));
            producer.flush();
        }
    }

    /** Removes a generation that nobody serves or trains: its rows, the marker last, and what its trainer left in Kafka. */
    void remove(Configuration configuration, Generation generation) {
        String topic = configuration.topics().names().of(Topics.MODEL);
        String marker = generation.key(ModelRow.Marker.KEY);
        try (KafkaProducer<byte[], byte @Nullable []> producer = producer(configuration, Map.of())) {
            for (String key : keys(generation)) {
                if (!key.equals(marker)) {
                    producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), null));
                }
            }
            producer.send(new ProducerRecord<>(topic, marker.getBytes(UTF_8), null));
            producer.flush();
        }
        String group = configuration.streams().applicationId(Role.TRAINER, generation);
        try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
            String rule = "what the trainer " + group + " left must be removed";
            Set<String> present = ClusterAnswer.of(admin.listTopics().names(), ClusterAnswer.PATIENCE, rule);
            List<String> changelogs = TrainerNames.STORES.stream()
                    .map(store -> Names.changelog(group, store))
                    .filter(present::contains)
                    .toList();
            ClusterAnswer.of(admin.deleteTopics(changelogs).all(), ClusterAnswer.PATIENCE, rule);
            ClusterAnswer.ofGroup(admin.deleteConsumerGroups(List.of(group)).all(), ClusterAnswer.PATIENCE, rule);
        }
    }

    /** A producer that waits for all acknowledgements. */
    static KafkaProducer<byte[], byte @Nullable []> producer(Configuration configuration, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(configuration.streams().producerConfig());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Refuses to go on while a trainer of a generation runs.
     *
     * @throws CommandException if one does
     */
    static void refuseWithTrainer(Configuration configuration, Generation generation) {
        String group = configuration.streams().applicationId(Role.TRAINER, generation);
        try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
            int trainers = ClusterAnswer.ofGroup(
                            admin.describeConsumerGroups(Set.of(group)).all(),
                            ClusterAnswer.PATIENCE,
                            "the cluster must tell of the group " + group)
                    .stream()
                    .flatMap(groups -> groups.values().stream())
                    .mapToInt(each -> each.members().size())
                    .sum();
            if (trainers > 0) {
                throw new CommandException("no trainer must be running, but the group " + group + " has " + trainers
                        + " members; stop them, or use another cluster or prefix");
            }
        }
    }
}

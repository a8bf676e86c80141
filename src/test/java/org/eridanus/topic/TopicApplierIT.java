package org.eridanus.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicApplierIT {
    private static final List<TopicDefinition> DEFINITIONS =
            TopicFiles.onClassPath().load();
    private static final long IN_1997 = 881_250_949_000L;

    private final TestBroker broker = TestBroker.shared();
    private final Admin admin = broker.admin();
    private final String prefix = TestBroker.uniqueName("applier") + ".";
    private final TopicSettings settings = new TopicSettings(3, 1, new TopicNames(prefix));
    private final TopicApplier applier = new TopicApplier(admin, settings);

    @AfterEach
    void closeAdmin() {
        admin.close();
    }

    @Test
    void shouldCreateEveryTopicAsItsFileSays() throws Exception {
        TopicReport report = applier.apply(DEFINITIONS);

        assertThat(report.dryRun()).isFalse();
        assertThat(report.notes()).isEmpty();
        assertThat(report.changes())
                .containsExactlyElementsOf(DEFINITIONS.stream()
                        .<TopicChange>map(each -> new TopicChange.Created(prefix + each.name(), each.partitions(3), 1))
                        .toList());
        assertThat(DEFINITIONS).allSatisfy(each -> {
            assertThat(partitions(each.name())).isEqualTo(each.partitions(3));
            assertThat(config(each.name())).containsExactlyInAnyOrderEntriesOf(each.config());
        });
    }

    @Test
    void shouldChangeNothingTheSecondTime() {
        applier.apply(DEFINITIONS);

        TopicReport second = applier.apply(DEFINITIONS);

        assertThat(second.changes()).isEmpty();
        assertThat(second).hasToString("all topics are as their files say");
    }

    @Test
    void shouldDoNothingOnADryRun() throws Exception {
        TopicReport report = applier.plan(DEFINITIONS);

        assertThat(report.dryRun()).isTrue();
        assertThat(report.changes()).hasSize(DEFINITIONS.size());
        assertThat(report.toString()).contains("create " + prefix + "model (partitions 1, replication 1)");
        assertThat(topics()).isEmpty();
    }

    @Test
    void shouldCreateWhatIsMissingAloneAndDeleteNothing() throws Exception {
        applier.apply(DEFINITIONS);
        admin.deleteTopics(Set.of(prefix + Topics.EVALUATIONS)).all().get(30, TimeUnit.SECONDS);
        create("holiday-pictures", 2, Map.of());

        TopicReport report = applier.apply(DEFINITIONS);

        assertThat(report.changes()).containsExactly(new TopicChange.Created(prefix + Topics.EVALUATIONS, 3, 1));
        assertThat(topics())
                .hasSize(Topics.ALL.size() + 1)
                .contains(prefix + Topics.EVALUATIONS, prefix + "holiday-pictures");
    }

    @Test
    void shouldRestoreSettingsThatWereAlteredAndLeaveOthersAlone() throws Exception {
        applier.apply(DEFINITIONS);
        set(Topics.INTERACTIONS, "retention.ms", "1000");
        set(Topics.INTERACTIONS, "min.insync.replicas", "1");
        unset(Topics.MODEL, "min.cleanable.dirty.ratio");

        TopicReport plan = applier.plan(DEFINITIONS);
        TopicReport report = applier.apply(DEFINITIONS);

        assertThat(report.changes())
                .containsExactly(
                        new TopicChange.Altered(prefix + Topics.INTERACTIONS, "retention.ms", "1000", "604800000"),
                        new TopicChange.Altered(prefix + Topics.MODEL, "min.cleanable.dirty.ratio", null, "0.1"));
        assertThat(plan.changes()).isEqualTo(report.changes());
        assertThat(report.toString())
                .contains("alter " + prefix + "interactions: retention.ms from 1000 to 604800000")
                .contains("from the cluster's default to 0.1");
        assertThat(config(Topics.INTERACTIONS))
                .containsEntry("retention.ms", "604800000")
                .containsEntry("min.insync.replicas", "1");
        assertThat(applier.apply(DEFINITIONS).changes()).isEmpty();
    }

    @Test
    void shouldTakeAnotherSpellingForTheSame() throws Exception {
        applier.apply(DEFINITIONS);
        set(Topics.MODEL, "min.cleanable.dirty.ratio", "0.10");
        set(Topics.RECOMMENDATIONS, "cleanup.policy", "delete,compact");

        assertThat(applier.apply(DEFINITIONS).changes()).isEmpty();
    }

    @Test
    void shouldRefuseAnotherNumberOfPartitionsBeforeItChangesAnything() throws Exception {
        applier.apply(DEFINITIONS);
        set(Topics.USERS, "delete.retention.ms", "1000");
        admin.deleteTopics(Set.of(prefix + Topics.MODEL)).all().get(30, TimeUnit.SECONDS);
        TopicApplier wider = new TopicApplier(admin, new TopicSettings(5, 1, new TopicNames(prefix)));

        assertThatThrownBy(() -> wider.apply(DEFINITIONS))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("topic " + prefix + "interactions must have 5 partitions, got 3")
                .hasMessageContaining("topic " + prefix + "users must have 5 partitions, got 3")
                .hasMessageContaining("would be stranded")
                .hasMessageContaining("set topics.partitions to 3")
                .message()
                .doesNotContain(Topics.DEAD_LETTERS);

        assertThat(partitions(Topics.INTERACTIONS)).isEqualTo(3);
        assertThat(partitions(Topics.DEAD_LETTERS)).isEqualTo(3);
        assertThat(config(Topics.USERS)).containsEntry("delete.retention.ms", "1000");
        assertThat(topics()).doesNotContain(prefix + Topics.MODEL);
    }

    @Test
    void shouldRefuseATrainingLogOfTwoPartitions() throws Exception {
        create(Topics.TRAINING_LOG, 2, Map.of());

        assertThatThrownBy(() -> applier.plan(DEFINITIONS))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("training-log must have 1 partitions, got 2");
    }

    @Test
    void shouldAddPartitionsWhereNothingDependsOnThem() throws Exception {
        create(Topics.DEAD_LETTERS, 1, Map.of());

        TopicReport report = applier.apply(DEFINITIONS);

        assertThat(report.changes()).contains(new TopicChange.Grown(prefix + Topics.DEAD_LETTERS, 1, 3));
        assertThat(partitions(Topics.DEAD_LETTERS)).isEqualTo(3);
        assertThat(applier.apply(DEFINITIONS).changes()).isEmpty();
    }

    @Test
    void shouldRefuseToTakePartitionsAway() throws Exception {
        create(Topics.DEAD_LETTERS, 4, Map.of());

        assertThatThrownBy(() -> applier.apply(DEFINITIONS))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("partitions cannot be taken away");
        assertThat(topics()).containsExactly(prefix + Topics.DEAD_LETTERS);
    }

    @Test
    void shouldRefuseMoreReplicasThanBrokers() throws Exception {
        TopicApplier replicated = new TopicApplier(admin, new TopicSettings(3, 2, new TopicNames(prefix)));

        assertThatThrownBy(() -> replicated.apply(DEFINITIONS))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("topics.replication must be at most the number of brokers, 1, got 2");
        assertThat(topics()).isEmpty();

        applier.apply(DEFINITIONS);
        assertThat(replicated.apply(DEFINITIONS).notes())
                .hasSize(Topics.ALL.size())
                .contains(prefix + "model has replication 1, configured is 2: left alone; kafka-reassign-partitions"
                        + " changes it");
    }

    @Test
    void shouldLetSeveralProcessesApplyAtOnce() throws Exception {
        List<CompletableFuture<TopicReport>> reports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            reports.add(CompletableFuture.supplyAsync(() -> new TopicApplier(admin, settings).apply(DEFINITIONS)));
        }

        List<TopicChange> changes = new ArrayList<>();
        for (CompletableFuture<TopicReport> report : reports) {
            changes.addAll(report.get(60, TimeUnit.SECONDS).changes());
        }

        assertThat(changes).hasSize(Topics.ALL.size()).doesNotHaveDuplicates();
    }

    @Test
    void shouldLoseNothingThatIsProducedRightAfterwards() throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                broker.producer(Map.of("retries", 0, "enable.idempotence", false))) {
            applier.apply(DEFINITIONS);
            for (String topic : Topics.ALL) {
                int partitions = topic.equals(Topics.INTERACTIONS) ? 3 : 1;
                for (int partition = 0; partition < partitions; partition++) {
                    sent.add(producer.send(
                            new ProducerRecord<>(prefix + topic, partition, new byte[] {1}, new byte[] {2})));
                }
            }
        }

        for (Future<RecordMetadata> each : sent) {
            assertThat(each.get(30, TimeUnit.SECONDS).hasOffset()).isTrue();
        }
        assertThat(broker.read(prefix + Topics.INTERACTIONS))
                .extracting(ConsumerRecord::partition, ConsumerRecord::offset)
                .containsExactly(tuple(0, 0L), tuple(1, 0L), tuple(2, 0L));
    }

    @Test
    void shouldStampAnInteractionOf1997WithTheTimeAtWhichItArrives() throws Exception {
        applier.apply(DEFINITIONS);
        long before = System.currentTimeMillis();

        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(new ProducerRecord<>(
                            prefix + Topics.INTERACTIONS, 0, IN_1997, new byte[] {1}, new byte[] {2}))
                    .get(30, TimeUnit.SECONDS);
        }

        assertThat(broker.read(prefix + Topics.INTERACTIONS))
                .singleElement()
                .satisfies(record -> assertThat(record.timestamp()).isBetween(before, System.currentTimeMillis()));
    }

    @Test
    void shouldTakeTheLargestInputAsADeadLetterWithItsHeaders() throws Exception {
        applier.apply(DEFINITIONS);
        byte[] largest = new byte[1_048_500];

        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of("max.request.size", 2_000_000))) {
            producer.send(new ProducerRecord<>(prefix + Topics.USERS, new byte[] {1}, largest))
                    .get(30, TimeUnit.SECONDS);
            ProducerRecord<byte[], byte[]> letter =
                    new ProducerRecord<>(prefix + Topics.DEAD_LETTERS, new byte[] {1}, largest);
            letter.headers().add("detail", new byte[100_000]);
            producer.send(letter).get(30, TimeUnit.SECONDS);
        }

        assertThat(broker.read(prefix + Topics.DEAD_LETTERS))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).hasSize(largest.length));
    }

    private void create(String topic, int partitions, Map<String, String> config) throws Exception {
        admin.createTopics(List.of(new NewTopic(prefix + topic, partitions, (short) 1).configs(config)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private void set(String topic, String setting, String value) throws Exception {
        alter(topic, new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET));
    }

    private void unset(String topic, String setting) throws Exception {
        alter(topic, new AlterConfigOp(new ConfigEntry(setting, ""), AlterConfigOp.OpType.DELETE));
    }

    private void alter(String topic, AlterConfigOp operation) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> operations = new HashMap<>();
        operations.put(new ConfigResource(ConfigResource.Type.TOPIC, prefix + topic), List.of(operation));
        admin.incrementalAlterConfigs(operations).all().get(30, TimeUnit.SECONDS);
    }

    private int partitions(String topic) {
        try {
            Map<String, TopicDescription> described = admin.describeTopics(List.of(prefix + topic))
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS);
            return described.get(prefix + topic).partitions().size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The settings that the topic has of its own. */
    private Map<String, String> config(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, prefix + topic);
        Map<String, String> config = new HashMap<>();
        try {
            admin.describeConfigs(List.of(resource)).all().get(30, TimeUnit.SECONDS).get(resource).entries().stream()
                    .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                    .forEach(entry -> config.put(entry.name(), entry.value()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return config;
    }

    private Set<String> topics() throws Exception {
        Set<String> topics = new TreeSet<>(admin.listTopics().names().get(30, TimeUnit.SECONDS));
        topics.removeIf(topic -> !topic.startsWith(prefix));
        return topics;
    }
}

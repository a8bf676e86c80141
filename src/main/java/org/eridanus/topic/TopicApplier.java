package org.eridanus.topic;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the topics of a cluster in line with their files: creates what is missing, alters settings that differ, adds
 * partitions to topics that nothing depends on. A second application changes nothing. Settings that a file does not
 * name, and the replication of topics that exist, are left alone; nothing is ever deleted. A topic whose number of
 * partitions cannot be mended is refused before anything is changed.
 *
 * <p>When {@link #apply} returns, all partitions can be written to: producing to a topic that has just been created
 * can lose a batch (KAFKA-15591).
 *
 * <p>Threading: for one thread. Several processes may apply the same files at once.
 */
public final class TopicApplier {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Admin admin;
    private final TopicSettings settings;

    /**
     * An applier to one cluster.
     *
     * @param admin a client of the cluster, not closed by this class
     * @param settings partitions, replication and prefix
     */
    public TopicApplier(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * What {@link #apply} would do, without doing it.
     *
     * @throws TopicException as {@link #apply}
     */
    public TopicReport plan(Collection<TopicDefinition> definitions) {
        Plan plan = compare(definitions);
        return new TopicReport(plan.changes(), plan.notes(), true);
    }

    /**
     * Brings the cluster in line with the definitions, and waits until all their partitions answer.
     *
     * @throws TopicException if a topic has a number of partitions that cannot be mended (nothing is changed then), or
     *     if the cluster refuses or does not answer within a minute
     */
    public TopicReport apply(Collection<TopicDefinition> definitions) {
        Plan plan = compare(definitions);
        if (!create(plan, definitions)) {
            // Another process was faster. It may have other settings, so what it made is compared like any topic.
            Plan rest = compare(definitions);
            plan = new Plan(plan.created(), rest.grown(), rest.altered(), rest.notes());
        }
        grow(plan);
        alter(plan);
        awaitPartitions(definitions);
        awaitSettings(definitions);
        return new TopicReport(plan.changes(), plan.notes(), false);
    }

    private record Plan(
            List<TopicChange.Created> created,
            List<TopicChange.Grown> grown,
            List<TopicChange.Altered> altered,
            List<String> notes) {
        List<TopicChange> changes() {
            List<TopicChange> changes = new ArrayList<>(created);
            changes.addAll(grown);
            changes.addAll(altered);
            return changes;
        }
    }

    private Plan compare(Collection<TopicDefinition> definitions) {
        Map<String, TopicDescription> existing = describe(definitions);
        Map<String, Config> configs = configs(existing.keySet());
        // A topic that is being deleted may be described still, but has no settings any more.
        existing.keySet().retainAll(configs.keySet());
        Plan plan = new Plan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<String> refused = new ArrayList<>();
        for (TopicDefinition definition : definitions) {
            String topic = name(definition);
            int partitions = definition.partitions(settings.partitions());
            TopicDescription found = existing.get(topic);
            if (found == null) {
                plan.created().add(new TopicChange.Created(topic, partitions, settings.replication()));
                continue;
            }
            int present = found.partitions().size();
            if (present != partitions) {
                if (definition.stateful() || present > partitions) {
                    refused.add(refusal(definition, topic, present, partitions));
                } else {
                    plan.grown().add(new TopicChange.Grown(topic, present, partitions));
                }
            }
            int replicas = found.partitions().get(0).replicas().size();
            if (settings.replication() != TopicSettings.CLUSTER_DEFAULT && replicas != settings.replication()) {
                plan.notes()
                        .add(topic + " has replication " + replicas + ", configured is " + settings.replication()
                                + ": left alone; kafka-reassign-partitions changes it");
            }
            plan.altered().addAll(differences(definition, configs.get(topic)));
        }
        if (!refused.isEmpty()) {
            throw new TopicException(String.join("\n", refused));
        }
        if (!plan.created().isEmpty()) {
            refuseMoreReplicasThanBrokers();
        }
        return plan;
    }

    private static String refusal(TopicDefinition definition, String topic, int present, int wanted) {
        String why = definition.stateful()
                ? "what depends on its partitions (stores, compaction, order by key) would be stranded"
                : "partitions cannot be taken away";
        String remedy = definition.fixedPartitions().isPresent()
                ? "move the records to a topic with " + wanted + " and delete this one, or use another topics.prefix"
                : "set topics.partitions to " + present + ", or use another topics.prefix and start afresh";
        return "topic " + topic + " must have " + wanted + " partitions, got " + present
                + "; the number is never changed: " + why + ". Either " + remedy;
    }

    private void refuseMoreReplicasThanBrokers() {
        int brokers =
                get(admin.describeCluster().nodes(), "describe the cluster").size();
        if (settings.replication() > brokers) {
            throw new TopicException("topics.replication must be at most the number of brokers, " + brokers + ", got "
                    + settings.replication() + "; lower it, or start more brokers");
        }
    }

    private Map<String, TopicDescription> describe(Collection<TopicDefinition> definitions) {
        return known(
                admin.describeTopics(definitions.stream().map(this::name).toList())
                        .topicNameValues(),
                "describe topic ");
    }

    /** The settings of those among some topics that the cluster knows. */
    private Map<String, Config> configs(Set<String> topics) {
        if (topics.isEmpty()) {
            return Map.of();
        }
        List<ConfigResource> resources =
                topics.stream().map(TopicApplier::resource).toList();
        return known(
                admin.describeConfigs(resources).values().entrySet().stream()
                        .collect(Collectors.toMap(each -> each.getKey().name(), Map.Entry::getValue)),
                "describe the settings of topic ");
    }

    /** The answers for those topics that the cluster knows. */
    private static <T> Map<String, T> known(Map<String, KafkaFuture<T>> answers, String what) {
        Map<String, T> known = new HashMap<>();
        answers.forEach((topic, future) -> {
            try {
                known.put(topic, await(future, what + topic));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw refused(what + topic, e);
                }
            }
        });
        return known;
    }

    private List<TopicChange.Altered> differences(TopicDefinition definition, @Nullable Config config) {
        List<TopicChange.Altered> altered = new ArrayList<>();
        definition.config().forEach((setting, value) -> {
            ConfigEntry entry = config == null ? null : config.get(setting);
            // What the topic does not say itself may change with the cluster's defaults.
            String present = entry != null && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG
                    ? entry.value()
                    : null;
            if (!same(present, value)) {
                altered.add(new TopicChange.Altered(name(definition), setting, present, value));
            }
        });
        return altered;
    }

    /** Whether two spellings of a setting mean the same: {@code 0.10} and {@code 0.1}, or a list in another order. */
    private static boolean same(@Nullable String present, String wanted) {
        if (present == null) {
            return false;
        }
        if (present.equals(wanted)) {
            return true;
        }
        try {
            return new BigDecimal(present).compareTo(new BigDecimal(wanted)) == 0;
        } catch (NumberFormatException notNumbers) {
            return elements(present).equals(elements(wanted));
        }
    }

    private static Set<String> elements(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    }

    /** Creates what the plan says, and takes out of it what exists by now: false if there was any of that. */
    private boolean create(Plan plan, Collection<TopicDefinition> definitions) {
        if (plan.created().isEmpty()) {
            return true;
        }
        Map<String, TopicDefinition> byName = new HashMap<>();
        definitions.forEach(definition -> byName.put(name(definition), definition));
        List<NewTopic> topics = new ArrayList<>();
        for (TopicChange.Created each : plan.created()) {
            TopicDefinition definition = byName.get(each.topic());
            topics.add(new NewTopic(each.topic(), each.partitions(), (short) each.replication())
                    .configs(definition == null ? Map.of() : definition.config()));
        }
        Set<String> taken = new HashSet<>();
        admin.createTopics(topics).values().forEach((topic, future) -> {
            try {
                await(future, "create topic " + topic);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw refused("create topic " + topic, e);
                }
                taken.add(topic);
            }
        });
        plan.created().removeIf(each -> taken.contains(each.topic()));
        return taken.isEmpty();
    }

    private void grow(Plan plan) {
        Map<String, NewPartitions> partitions = new LinkedHashMap<>();
        plan.grown().forEach(each -> partitions.put(each.topic(), NewPartitions.increaseTo(each.after())));
        if (!partitions.isEmpty()) {
            get(admin.createPartitions(partitions).all(), "add partitions to " + partitions.keySet());
        }
    }

    private void alter(Plan plan) {
        Map<ConfigResource, Collection<AlterConfigOp>> operations = new LinkedHashMap<>();
        plan.altered()
                .forEach(each -> operations
                        .computeIfAbsent(resource(each.topic()), topic -> new ArrayList<>())
                        .add(new AlterConfigOp(
                                new ConfigEntry(each.setting(), each.after()), AlterConfigOp.OpType.SET)));
        if (!operations.isEmpty()) {
            get(admin.incrementalAlterConfigs(operations).all(), "alter settings of topics");
        }
    }

    private void awaitPartitions(Collection<TopicDefinition> definitions) {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicDefinition definition : definitions) {
            for (int i = 0; i < definition.partitions(settings.partitions()); i++) {
                partitions.put(new TopicPartition(name(definition), i), OffsetSpec.latest());
            }
        }
        ListOffsetsOptions options = new ListOffsetsOptions().timeoutMs((int) PATIENCE.toMillis());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                await(admin.listOffsets(partitions, options).all(), "reach all partitions");
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() - deadline > 0) {
                    throw refused("reach all partitions", e);
                }
                pause();
            }
        }
    }

    /** Brokers learn of a setting a moment after the controller has taken it. */
    private void awaitSettings(Collection<TopicDefinition> definitions) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Map<String, Config> configs =
                    configs(definitions.stream().map(this::name).collect(Collectors.toSet()));
            List<TopicChange.Altered> left = definitions.stream()
                    .flatMap(each -> differences(each, configs.get(name(each))).stream())
                    .toList();
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TopicException("settings must be what the files say, but the cluster keeps others: cannot "
                        + left + "; write the value in the cluster's spelling, or ask whoever else sets it");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicException("interrupted while applying topics", e);
        }
    }

    private String name(TopicDefinition definition) {
        return settings.names().of(definition.name());
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T get(KafkaFuture<T> future, String what) {
        try {
            return await(future, what);
        } catch (ExecutionException e) {
            throw refused(what, e);
        }
    }

    private static <T> T await(KafkaFuture<T> future, String what) throws ExecutionException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicException("interrupted; could not " + what, e);
        } catch (TimeoutException e) {
            throw new TopicException(
                    "could not " + what + ": no answer within " + PATIENCE.toSeconds() + " s; is the cluster up?", e);
        }
    }

    private static TopicException refused(String what, ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new TopicException(
                "could not " + what + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
    }
}

package org.eridanus.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.eridanus.recommend.UserContexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One role running on Kafka Streams: its topology, exactly once, under an application id of its own.
 *
 * <p>A fault that may pass, such as a broker that does not answer in time, costs a stream thread, which is replaced; any
 * other one stops the role and is kept as its {@link #failure}. Nothing here ends the process.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class StreamsRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsRole.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    /** Nothing is read before it is committed, and a commit sends what waits: large batches cost no latency. */
    private static final int BATCH_BYTES = 256 << 10;

    /** No list waits for the trainer's commit, only the next version does: it commits this many times less often. */
    private static final int TRAINER_COMMITS = 4;

    /** A dead letter is as large as what was refused, and has headers beside. */
    private static final int REQUEST_BYTES = 2 << 20;

    /** Fetching waits no longer than this for records, so that commits and ticks are on time. */
    private static final Duration POLL = Duration.ofMillis(10);

    /** The least that Kafka Streams allows. */
    private static final Duration PROBING = Duration.ofMinutes(1);

    /** How Kafka Streams, which finds it out at each sharing of work, says that a changelog was altered. */
    private static final String RESIZED = "has invalid partitions";

    /** How Kafka's client begins to say that a partition is damaged on the broker's disk. */
    private static final List<String> DAMAGED = List.of(
            "Received exception when fetching the next record from",
            "Encountered corrupt message when fetching",
            "Failed to make progress reading messages at");

    /** What to do about it. What Kafka Streams advises is to do everything again, in front of all that is there. */
    private static final String REGAIN_PARTITIONS =
            "; no topic can give partitions back: copy its records, delete it, create it with as many as it had and"
                    + " cleanup.policy=compact, put each record back into the partition it was in, and start without the"
                    + " state folder";

    private static final String DAY = String.valueOf(Duration.ofDays(1).toMillis());

    /** What the operating system says in every store's words. */
    private static final String NO_SPACE = "No space left on device";

    /** How Kafka Streams begins to say that another process has the state folder. */
    private static final String FOLDER_IN_USE = "Unable to initialize state";

    /** In the names of all threads but the one that reads global stores, which Kafka Streams cannot replace. */
    private static final String REPLACEABLE = "-StreamThread-";

    /** Of changelogs: what was overwritten or forgotten is gone after a day, and a tombstone after one more. */
    private static final Map<String, String> CHANGELOG = Map.of(
            "max.compaction.lag.ms", DAY,
            "delete.retention.ms", DAY,
            "segment.ms", DAY);

    private static final int HEARTBEATS_PER_SESSION = 4;
    /** How long topics that were there may be unknown to a broker that starts. */
    private static final Duration SOURCES_PATIENCE = Duration.ofSeconds(10);

    private static final Duration SOURCES_LOOK = Duration.ofMillis(250);

    private static final String INSTANCE = StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

    private final Role role;
    private final StreamsSettings settings;
    private final Topology topology;
    private final String instance;
    private final KafkaStreams streams;
    private final CompletableFuture<RoleException> failure = new CompletableFuture<>();
    private final Replacements replacements;
    private final GroupAssignment groupAssignment;
    /** Threads that do nothing any more but end, which takes minutes where the broker does not answer. */
    private final Set<Thread> ending = ConcurrentHashMap.newKeySet();

    private final StallWatch stallWatch;
    private volatile Map<TopicPartition, Long> stalled = Map.of();
    private volatile Set<TopicPartition> sources = Set.of();
    private volatile boolean started;

    /**
     * A role that is not yet started.
     *
     * @throws RoleException if Kafka's settings contradict each other
     */
    public StreamsRole(Role role, Topology topology, StreamsSettings settings) {
        this(role, topology, settings, System::nanoTime);
    }

    /** The same by a clock of the caller's, in nanoseconds, that tells how long ago threads were replaced. */
    StreamsRole(Role role, Topology topology, StreamsSettings settings, LongSupplier nanoTime) {
        this.role = role;
        this.topology = topology;
        this.settings = settings;
        this.replacements = new Replacements(nanoTime);
        this.groupAssignment = new GroupAssignment(
                settings.applicationId(role), () -> admin("-group", GroupAssignment.PATIENCE), System::nanoTime);
        Properties config = config(role, settings);
        try {
            config.putIfAbsent(INSTANCE, InstanceId.of(settings.stateFolder()));
            this.instance = config.getProperty(INSTANCE);
            this.streams = new KafkaStreams(topology, config);
            this.stallWatch = new StallWatch(topicsRead(topology.describe()), buffered(config), nanoTime);
        } catch (IOException e) {
            throw new RoleException(
                    role,
                    "the state folder must be writable, got " + settings.stateFolder() + ": " + e
                            + "; mend it, or name another one",
                    e);
        } catch (KafkaException e) {
            throw new RoleException(
                    role,
                    "cannot be set up: " + innermost(e)
                            + (String.valueOf(e.getMessage()).startsWith(FOLDER_IN_USE)
                                    ? alone()
                                    : "; check Kafka's settings"),
                    e);
        }
        streams.setUncaughtExceptionHandler(this::handle);
        streams.setStateListener((now, before) -> LOG.debug("{}: {} -> {}", settings.applicationId(role), before, now));
    }

    /** Kafka's settings for a role. */
    static Properties config(Role role, StreamsSettings settings) {
        String id = settings.applicationId(role);
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        // Names threads and clients in logs; by default a random id would, a new one each time.
        config.put(StreamsConfig.CLIENT_ID_CONFIG, id);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateFolder().toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        // A new instance first warms up on what it is to take over; by default nobody asks for ten minutes whether it
        // has.
        config.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING.toMillis());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);

        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis() * (role == Role.TRAINER ? TRAINER_COMMITS : 1));
        config.put(
                StreamsConfig.POLL_MS_CONFIG,
                Math.min(POLL.toMillis(), settings.commitInterval().toMillis()));
        config.put(
                StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
                settings.linger().toMillis());
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), REQUEST_BYTES);
        // Interactions, profiles and items need no waiting for each other: an unknown user or item is a value.
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 0L);

        long session = settings.sessionTimeout().toMillis();
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int) session);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), (int)
                (session / HEARTBEATS_PER_SESSION));
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");

        CHANGELOG.forEach((setting, value) -> config.put(StreamsConfig.topicPrefix(setting), value));
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, settings.cacheBytes());
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);

        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, FailOnUnreadableRecord.class);
        config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailOnUnprocessedRecord.class);
        config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);

        config.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, "INFO");
        config.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        config.putAll(settings.overrides(role));
        return config;
    }

    /** Which role this is. */
    public Role role() {
        return role;
    }

    /** Kafka's side of the role, for its metrics and for queries of its stores. */
    public KafkaStreams streams() {
        return streams;
    }

    /**
     * The user contexts in the role's stores; of the scorer alone.
     *
     * @param topic a topic that the role reads, split by user
     * @param open where the role's topology opens them
     */
    UserContexts contexts(String topic, OpenContexts open) {
        return new StoredContexts(
                open,
                streams,
                Optional.ofNullable(settings.overrides(role).get(StreamsConfig.APPLICATION_SERVER_CONFIG))
                        .map(HostInfo::buildFromEndpoint),
                () -> (int) sources.stream()
                        .filter(source -> source.topic().equals(topic))
                        .count());
    }

    /**
     * Checks the topics that the role reads and those that its stores come back from, then starts its threads and returns at
     * once.
     *
     * @throws RoleException if a topic is missing, or a changelog although work that rests on it is committed, if topics that
     *     meet in a store, or its changelog, differ in their number of partitions, if Kafka does not answer, if the state
     *     folder is in use, or if a global store cannot be read
     */
    public void start() {
        try (Asking asking = new Asking(adminToStart())) {
            sources = checkedSources(asking.admin);
            checkChangelogs(asking.admin);
        }
        try {
            streams.start();
        } catch (StreamsException | IllegalStateException e) {
            boolean told = causes(e)
                    .anyMatch(cause -> cause instanceof RecordException
                            || knownReason(cause).isPresent());
            throw new RoleException(role, "cannot start: " + (told ? reason(e) : innermost(e) + alone()), e);
        }
        started = true;
    }

    /**
     * Waits until every partition that the role reads is assigned and every store restored.
     *
     * @throws RoleException if the role fails, or does not get there in time; the message says what is missing
     */
    public void awaitRunning(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<String> missing = missing();
            if (missing.isEmpty()) {
                return;
            }
            boolean late = System.nanoTime() - deadline > 0;
            try {
                throw failure.get(late ? 0 : LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (late) {
                    throw new RoleException(
                            role,
                            "must run within " + patience.toSeconds() + " s, but: " + missing.get()
                                    + "; look into the log, or wait longer",
                            e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RoleException(role, "interrupted while starting", e);
            } catch (ExecutionException e) {
                throw new RoleException(role, "failed while starting", e);
            }
        }
    }

    /**
     * What keeps the role from working right now; empty while all its tasks run. In a group with other instances all
     * partitions have to be with one of them, which the broker is asked for, twice a second at most.
     */
    public Optional<String> missing() {
        RoleException failed = failure.getNow(null);
        if (failed != null) {
            return Optional.of(failed.reason());
        }
        if (!started) {
            return Optional.of("not started");
        }
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.RUNNING) {
            return Optional.of("Kafka Streams is " + state);
        }
        Set<TopicPartition> left = new HashSet<>(sources);
        left.removeAll(assigned());
        if (!left.isEmpty()) {
            left.removeAll(groupAssignment.among(left));
        }
        if (!left.isEmpty()) {
            return Optional.of("no task yet for " + shown(left));
        }
        Map<TopicPartition, Long> standing = stalled;
        return standing.isEmpty() ? Optional.empty() : Optional.of(stallOf(standing));
    }

    /**
     * Looks whether consumers stand still in front of committed records; to be called again and again. What it has found
     * keeps the role from being ready, and no longer: it goes on where the broker gives it records after all.
     */
    void lookForStalls() {
        if (!started || streams.state() != KafkaStreams.State.RUNNING) {
            stallWatch.forget();
            stalled = Map.of();
            return;
        }
        Map<TopicPartition, Long> found = behind(stallWatch.look(streams.metrics()));
        if (!found.isEmpty() && !found.equals(stalled)) {
            LOG.error("{}: {}", settings.applicationId(role), stallOf(found));
        }
        stalled = found;
    }

    /** The partitions that the role does not get on in, with the offset it waits for in each. */
    Map<TopicPartition, Long> stalled() {
        return stalled;
    }

    private static String stallOf(Map<TopicPartition, Long> stalled) {
        return "nothing was read for " + StallWatch.PATIENCE.toMinutes()
                + " minutes although committed records are there: "
                + stalled.entrySet().stream()
                        .map(each -> each.getKey() + " from offset " + each.getValue())
                        .collect(Collectors.joining(", "))
                + "; where the broker is well, what a batch begins with is damaged on its disk: see what kafka-dump-log"
                + " says of it, and bring the partition back from a replica or a copy";
    }

    private Map<TopicPartition, Long> behind(Map<TopicPartition, Long> leads) {
        if (leads.isEmpty()) {
            return Map.of();
        }
        String group = settings.applicationId(role);
        try (Asking asking = new Asking(admin())) {
            return stallWatch.behind(asking.admin, leads, group, ADMIN_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // A broker that does not answer this answers no fetch either, which its clients notice.
            LOG.debug("{}: cannot ask how far topics reach: {}", group, e.toString());
            return Map.of();
        }
    }

    /** Completes when the role has stopped because of a fault; never completes otherwise. */
    public CompletableFuture<RoleException> failure() {
        return failure.copy();
    }

    /**
     * Takes the role for stopped, as it would not get on before a clock that was set back has caught up; what it still does is
     * right. A role that has failed stays as it is.
     */
    void stopForClock(Duration setBack) {
        RoleException failed = new RoleException(
                role,
                "stopped: the clock was set back by " + Math.round(setBack.toMillis() / 1e3)
                        + " s, and Kafka's clients would wait until it has"
                        + " caught up; start again: what is committed is on the broker");
        if (failure.complete(failed)) {
            LOG.error("{}", failed.getMessage());
        }
    }

    /** Commits, leaves the group at once, and stops. */
    @Override
    public void close() {
        CloseOptions options = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_PATIENCE);
        if (!streams.close(options)) {
            LOG.warn(
                    "{}: not closed within {} s; its transactions end by their own timeout",
                    settings.applicationId(role),
                    CLOSE_PATIENCE.toSeconds());
        }
        groupAssignment.close();
    }

    private Set<TopicPartition> assigned() {
        Set<TopicPartition> assigned = new HashSet<>();
        ending.removeIf(thread -> !thread.isAlive());
        Set<String> atAnEnd = ending.stream().map(Thread::getName).collect(Collectors.toSet());
        try {
            for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
                if (!atAnEnd.contains(thread.threadName())) {
                    thread.activeTasks().forEach(task -> assigned.addAll(task.topicPartitions()));
                }
            }
        } catch (IllegalStateException e) {
            // It has stopped since its state was looked at; the next look says so.
            LOG.debug("{}: {}", settings.applicationId(role), e.toString());
        }
        return assigned;
    }

    private Set<TopicPartition> checkedSources(Admin admin) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            Map<String, Integer> counts = partitionCounts(admin, sourceTopics(part));
            if (new HashSet<>(counts.values()).size() > 1) {
                throw new RoleException(
                        role,
                        "topics that meet in a store must have equal numbers of partitions, got " + counts
                                + "; move the smaller ones to topics with as many");
            }
            counts.forEach((topic, count) -> {
                for (int i = 0; i < count; i++) {
                    partitions.add(new TopicPartition(topic, i));
                }
            });
        }
        return partitions;
    }

    private Map<String, Integer> partitionCounts(Admin admin, Set<String> topics) {
        Map<String, Integer> counts = new TreeMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, future) -> {
            try {
                TopicDescription described = future.get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                counts.put(topic, described.partitions().size());
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    throw new RoleException(role, "topic " + topic + " does not exist; create the topics first", e);
                }
                throw unanswered(e);
            }
        });
        return counts;
    }

    private void checkChangelogs(Admin admin) {
        String group = settings.applicationId(role);
        ChangelogCheck.Findings found;
        try {
            found = new ChangelogCheck(admin, group, ADMIN_PATIENCE.toMillis()).look(topology, sources);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw unanswered(e);
        }
        if (!found.gone().isEmpty()) {
            throw new RoleException(
                    role,
                    "changelogs of stores must exist once their role has committed work, and these do not: "
                            + String.join(", ", found.gone())
                            + "; the stores would be empty, and what is committed would not"
                            + " be done again: bring the topics back from a copy, or begin anew, by deleting consumer"
                            + " group " + group + " and the state folder " + settings.stateFolder());
        }
        if (!found.resized().isEmpty()) {
            throw new RoleException(
                    role,
                    "changelogs must have as many partitions as the topics that are read into their stores, and these"
                            + " do not: "
                            + found.resized().stream().map(Object::toString).collect(Collectors.joining(", "))
                            + REGAIN_PARTITIONS);
        }
    }

    /** Why Kafka did not answer a question that comes before the start. */
    private RoleException unanswered(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new RoleException(role, "interrupted while starting", e);
        }
        if (e instanceof TimeoutException) {
            return new RoleException(role, unreachable(), e);
        }
        return new RoleException(
                role,
                e.getCause() instanceof AuthorizationException
                        ? denied(e.getCause())
                        : unreachable() + ": " + innermost(e),
                e);
    }

    private String unreachable() {
        return "Kafka at " + settings.bootstrapServers() + " must answer within " + ADMIN_PATIENCE.toSeconds()
                + " s, but did not; is it up, and is the address right?";
    }

    private String alone() {
        return "; let no other process use the state folder " + settings.stateFolder();
    }

    /** The topics that a part of a topology reads, but for those of global stores. */
    static Set<String> sourceTopics(TopologyDescription.Subtopology part) {
        Set<String> topics = new TreeSet<>();
        for (TopologyDescription.Node node : part.nodes()) {
            if (node instanceof TopologyDescription.Source source && source.topicSet() != null) {
                topics.addAll(source.topicSet());
            }
        }
        return topics;
    }

    /** How many records of a partition Kafka Streams has before it asks for no more. */
    private static long buffered(Properties config) {
        String setting = StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG;
        Object byDefault = StreamsConfig.configDef().defaultValues().get(setting);
        return Long.parseLong(
                String.valueOf(config.getOrDefault(setting, byDefault)).strip());
    }

    /** The topics that a topology reads, those of global stores as well. */
    private static Set<String> topicsRead(TopologyDescription topology) {
        Set<String> topics = new HashSet<>();
        topology.subtopologies().forEach(part -> topics.addAll(sourceTopics(part)));
        topology.globalStores().forEach(store -> topics.addAll(store.source().topicSet()));
        return topics;
    }

    /**
     * Questions to a cluster. An admin client that is closed without a bound may wait for a broker that does not answer for
     * as long as that lasts.
     */
    private record Asking(Admin admin) implements AutoCloseable {
        @Override
        public void close() {
            admin.close(ADMIN_PATIENCE);
        }
    }

    private Admin adminToStart() {
        try {
            return admin();
        } catch (KafkaException e) {
            throw new RoleException(
                    role, "cannot reach Kafka at " + settings.bootstrapServers() + ": " + innermost(e), e);
        }
    }

    private Admin admin() {
        return admin("-check", ADMIN_PATIENCE);
    }

    private Admin admin(String name, Duration patience) {
        Map<String, Object> config = settings.adminConfig(role);
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, settings.applicationId(role) + name);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        return Admin.create(config);
    }

    private StreamThreadExceptionResponse handle(Throwable exception) {
        String thread = Thread.currentThread().getName();
        if (thread.contains(REPLACEABLE)
                && mayPass(exception)
                && replacements.allow()
                && (!missedTopic(exception) || awaitSources())) {
            LOG.warn(
                    "{}: a stream thread is replaced after a fault that may pass: {}",
                    settings.applicationId(role),
                    innermost(exception));
            ending.add(Thread.currentThread());
            leaveGroup(thread);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        RoleException failed = new RoleException(role, "stopped: " + reason(exception), exception);
        LOG.error("{}", failed.getMessage(), exception);
        failure.complete(failed);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Takes a thread that is about to be replaced out of its group. By itself it would stay there until its session ends:
     * the one in its place, which has another name, would wait for it, and the group would say that all is assigned.
     */
    private void leaveGroup(String thread) {
        String group = settings.applicationId(role);
        // Kafka Streams adds to an instance's name the number with which the thread's name ends.
        String member = instance + thread.substring(thread.lastIndexOf('-'));
        try (Asking asking = new Asking(admin())) {
            asking.admin
                    .removeMembersFromConsumerGroup(
                            group, new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove(member))))
                    .all()
                    .get(ADMIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // It may have been put out already; if not, its session ends.
            LOG.info("{}: {} does not leave its group before its session ends: {}", group, thread, e.toString());
        }
    }

    /** Whether a topic that the role reads was not there when its group shared out its work. */
    private static boolean missedTopic(Throwable exception) {
        return causes(exception).anyMatch(MissingSourceTopicException.class::isInstance);
    }

    /** Waits until a broker that has just started knows of the topics again; false where they are gone for good. */
    private boolean awaitSources() {
        long deadline = System.nanoTime() + SOURCES_PATIENCE.toNanos();
        while (true) {
            try (Asking asking = new Asking(adminToStart())) {
                checkedSources(asking.admin);
                return true;
            } catch (RoleException e) {
                if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LOG.info("{}: waits for its topics: {}", settings.applicationId(role), e.reason());
                LockSupport.parkNanos(SOURCES_LOOK.toNanos());
            }
        }
    }

    /**
     * Whether a thread that takes the place of the one that failed may get on. One that does begins at what is committed:
     * so it also gets over a transaction that the broker has ended by itself, because it was away for longer than
     * transactions may last, and over the broker's own confusion when it is told to commit while it is about to do so. A
     * broker that has just started may not know of its topics for a moment.
     */
    static boolean mayPass(Throwable exception) {
        return causes(exception).noneMatch(StreamsRole::tellsOfDamage)
                && causes(exception)
                        .anyMatch(cause -> cause instanceof RetriableException
                                || cause instanceof InvalidTxnStateException
                                || cause instanceof MissingSourceTopicException
                                || cause instanceof UnknownServerException
                                || tellsOfOneThatMayPass(cause));
    }

    /** Whether an exception is one by which a consumer tells that what the broker has is damaged. */
    private static boolean tellsOfDamage(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause.getClass() == KafkaException.class && DAMAGED.stream().anyMatch(message::startsWith);
    }

    /** Whether an exception is one of those by which clients tell a broker's answer, one of the above, in words alone. */
    private static boolean tellsOfOneThatMayPass(Throwable cause) {
        String message = cause.getMessage();
        return cause.getClass() == KafkaException.class
                && message != null
                && Arrays.stream(Errors.values())
                        .filter(answer -> answer == Errors.UNKNOWN_SERVER_ERROR
                                || answer.exception() instanceof RetriableException)
                        .anyMatch(answer -> message.endsWith(answer.message()));
    }

    /** What happened and what to do about it. */
    static String reason(Throwable exception) {
        Optional<String> known =
                causes(exception).flatMap(cause -> knownReason(cause).stream()).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        if (mayPass(exception)) {
            // It may have met a record at work, which is not to blame.
            return innermost(exception) + "; it came back after " + Replacements.MOST + " replacements within "
                    + Replacements.WINDOW.toMinutes() + " minutes, or in a thread that cannot be replaced: look after"
                    + " the broker, then start again";
        }
        String remedy = causes(exception).anyMatch(StoreException.class::isInstance)
                ? StoreException.REMEDY
                : "; run the version and the preset that wrote it, or report a bug";
        return causes(exception)
                .filter(cause -> cause instanceof RecordException || cause instanceof StoreException)
                .findFirst()
                .map(cause -> cause.getMessage() + remedy)
                .orElseGet(() ->
                        innermost(exception) + "; it does not pass by itself: remove its cause, then start again");
    }

    /** An exception and what led to it, the innermost last. */
    private static Stream<Throwable> causes(Throwable exception) {
        return Stream.iterate(exception, Objects::nonNull, Throwable::getCause);
    }

    private static Optional<String> knownReason(Throwable cause) {
        if (cause instanceof MissingSourceTopicException) {
            return Optional.of("a topic that it reads is gone; create the topics again, then start again");
        }
        if (cause instanceof FencedInstanceIdException) {
            return Optional.of(
                    "another process has taken this instance's place in its group; give every instance a state"
                            + " folder of its own, and copy none: the file " + InstanceId.FILE + " in it is its name");
        }
        if (cause instanceof AuthorizationException) {
            return Optional.of(denied(cause));
        }
        if (tellsOfDamage(cause)) {
            return Optional.of("a topic is damaged on the broker's disk: "
                    + (cause.getCause() == null ? "" : firstSentence(cause) + ": ") + innermost(cause)
                    + "; bring the partition back from a replica or a copy, then start again; where there is"
                    + " none, what the batch held is lost, and a group that has committed up to it goes on behind"
                    + " it once kafka-consumer-groups has reset its offset");
        }
        if (String.valueOf(cause.getMessage()).contains(RESIZED)) {
            return Optional.of("a changelog was altered: " + firstSentence(cause) + REGAIN_PARTITIONS);
        }
        if (cause instanceof RecordTooLargeException) {
            return Optional.of("a record is larger than Kafka takes: " + cause.getMessage()
                    + "; raise max.message.bytes of its topic and the producer's max.request.size, then start again");
        }
        if (cause instanceof InvalidTimestampException) {
            return Optional.of("the broker takes no record from so far in its future: " + cause.getMessage()
                    + "; set this machine's clock and the broker's right, then start again");
        }
        if (String.valueOf(cause.getMessage()).contains(NO_SPACE)) {
            return Optional.of("the disk of the state folder is full: " + cause.getMessage()
                    + "; make room, then start again: what is committed is on the broker");
        }
        return Optional.empty();
    }

    private static String denied(Throwable cause) {
        return "Kafka does not allow it: " + cause.getMessage()
                + "; allow what eridanus topics acls lists, then start again";
    }

    /** What an exception says without the advice that follows. */
    private static String firstSentence(Throwable exception) {
        return String.valueOf(exception.getMessage()).split("\\. ", 2)[0];
    }

    private static String innermost(Throwable exception) {
        Throwable cause = causes(exception).reduce(exception, (outer, inner) -> inner);
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
    }

    private static String shown(Set<TopicPartition> partitions) {
        Set<String> names = new TreeSet<>();
        partitions.forEach(each -> names.add(each.toString()));
        return String.join(", ", names);
    }
}

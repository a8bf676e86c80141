package org.eridanus.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eridanus.accounting.FactReader;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.PrequentialScores;
import org.eridanus.evaluation.PrequentialScores.Line;
import org.eridanus.evaluation.PrequentialScores.Users;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.eridanus.model.ModelRow;
import org.eridanus.recommend.ServedModel;
import org.eridanus.serde.CatalogueItemFormat;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.WireException;
import org.eridanus.stream.FreshnessTracker;
import org.eridanus.stream.ScorerMonitor;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what can be looked at: {@code catalogue} and {@code users} whole, the latest {@code evaluations}, and
 * {@code recommendations}, while somebody listens, from then on; read-committed, on a thread of its own, in no group. Where reading fails it goes
 * on a second later where it was.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class LiveFeed implements AutoCloseable {
    /** How many seconds are remembered. */
    public static final int SAMPLES = 600;
    /** How many of the events that pass in one go are shown. */
    public static final int SHOWN = 6;
    /** How often at most, in a second, listeners are told of a version, and of each user's list. */
    public static final int TOLD_PER_SECOND = 10;

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final long SAMPLE_MILLIS = 1_000;
    private static final long PASS_MILLIS = 500;
    private static final long TELL_MILLIS = SAMPLE_MILLIS / TOLD_PER_SECOND;
    /** Latest evaluations of each partition that a new reader takes in, so that its figures do not begin at nothing. */
    private static final long CATCH_UP = 2_000;

    /** Who did nothing for so long is not active: much less than a tombstone of {@code users} is kept. */
    private static final long ACTIVE_MILLIS = Duration.ofDays(1).toMillis();

    private static final int DURATIONS = 512;

    private final Map<String, Object> clients;
    private final TopicNames topics;
    private final ServedModel model;
    private final Clock clock;
    private final Catalogue catalogue = new Catalogue();
    private final KnownUsers users = new KnownUsers();
    private final PrequentialScores scores = new PrequentialScores();
    private final CatalogueItemFormat items = new CatalogueItemFormat();
    private final RecentDurations listDurations = new RecentDurations(DURATIONS);
    private final RecentDurations learnedDurations = new RecentDurations(DURATIONS);
    private final FreshnessTracker freshness;
    private final List<LiveListener> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Deque<PassingEvent> passing = new ArrayDeque<>();
    private final Map<String, Due> due = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    /** Where evaluations ended when reading began: what stands behind has passed by since. */
    private final Map<TopicPartition, Long> newFrom = new HashMap<>();

    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> reading;

    private boolean listening;
    private long events;
    private long eventsBefore;
    private long lists;
    private long listsBefore;
    private long passed;
    private long sampledAt;
    private long passedAt;
    private long toldAt;
    private long version;
    private long toldVersion;

    /**
     * A list to tell of.
     *
     * @param json the newest
     * @param more how many it has replaced
     */
    private record Due(byte[] json, long more) {}

    /**
     * A feed that does not read yet.
     *
     * @param clients how to connect, {@code bootstrap.servers} at least
     * @param topics how topics are called
     * @param model the model that is served in this process
     * @param clock measures ages
     */
    public LiveFeed(Map<String, Object> clients, TopicNames topics, ServedModel model, Clock clock) {
        this.clients = Map.copyOf(clients);
        this.topics = topics;
        this.model = model;
        this.clock = clock;
        this.freshness = new FreshnessTracker(clock, new ScorerMonitor() {
            @Override
            public void freshness(long millis) {
                learnedDurations.add(millis);
            }
        });
        this.thread = new Thread(this::run, "live-feed");
        this.thread.setDaemon(true);
    }

    /** Starts to read, as soon as the topics that it reads exist: it does not create them. */
    public void start() {
        thread.start();
    }

    /** The announced items, as far as they were read. */
    public Catalogue catalogue() {
        return catalogue;
    }

    /** The model that is served. */
    public ServedModel model() {
        return model;
    }

    /** The users, as far as they were read. */
    public KnownUsers users() {
        return users;
    }

    /** The latest seconds, oldest first. */
    public List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /** Tells a listener of what passes by from now on. */
    public void listen(LiveListener listener) {
        listeners.add(listener);
    }

    private void run() {
        long began = clock.millis();
        sampledAt = began;
        passedAt = began;
        toldAt = began;
        while (!closing) {
            try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
                reading = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                LOG.debug("woken up to close");
            } catch (RuntimeException e) {
                LOG.warn("the live view cannot read and tries again in {} s: {}", AGAIN.toSeconds(), e.toString());
                pause();
            } finally {
                reading = null;
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(AGAIN.toMillis());
        } catch (InterruptedException e) {
            closing = true;
            Thread.currentThread().interrupt();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "live-feed");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> whole = partitions(consumer, Topics.CATALOGUE, Topics.USERS);
        List<TopicPartition> latest = partitions(consumer, Topics.EVALUATIONS);
        List<TopicPartition> fromNow = partitions(consumer, Topics.RECOMMENDATIONS);
        List<TopicPartition> all = new ArrayList<>(whole);
        all.addAll(latest);
        all.addAll(fromNow);
        consumer.assign(all);
        consumer.seekToBeginning(whole);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(latest);
        Map<TopicPartition, Long> ends = consumer.endOffsets(latest);
        ends.forEach(newFrom::putIfAbsent);
        latest.forEach(each ->
                consumer.seek(each, Math.max(begins.getOrDefault(each, 0L), ends.getOrDefault(each, 0L) - CATCH_UP)));
        all.stream()
                .filter(positions::containsKey)
                .forEach(each -> consumer.seek(each, positions.getOrDefault(each, 0L)));
        if (!listening) {
            consumer.pause(fromNow);
        }
        while (!closing) {
            boolean wanted = listeners.stream().anyMatch(LiveListener::listens);
            if (wanted != listening) {
                // Lists are large, and read only while somebody looks on.
                if (wanted) {
                    consumer.seekToEnd(fromNow);
                    fromNow.forEach(each -> positions.put(each, consumer.position(each)));
                    consumer.resume(fromNow);
                } else {
                    consumer.pause(fromNow);
                }
                listening = wanted;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                // First, so that a record that breaks the reader is not met again.
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                take(record);
            }
            tell();
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String... read) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : read) {
            List<PartitionInfo> there = consumer.partitionsFor(topics.of(topic));
            if (there.isEmpty()) {
                throw new IllegalStateException("topic " + topics.of(topic) + " must exist; create the topics first");
            }
            there.forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        return partitions;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            byte[] value = record.value();
            switch (topics.plain(record.topic())) {
                case Topics.CATALOGUE -> {
                    if (value == null) {
                        catalogue.remove(new String(required(record.key()), UTF_8));
                    } else {
                        catalogue.put(items.decode(value).item());
                    }
                }
                case Topics.USERS -> takeUser(record.timestamp(), record.key(), value);
                case Topics.EVALUATIONS -> {
                    FactReader.Tested tested = FactReader.tested(required(value));
                    if (tested.generation().equals(model.generation())) {
                        takeEvaluation(record, tested.evaluation());
                    }
                }
                default -> takeList(record.timestamp(), required(record.key()), value);
            }
        } catch (SerializationException e) {
            LOG.debug("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            passOver(topics.plain(record.topic()));
        }
    }

    private void passOver(String topic) {
        listeners.forEach(listener -> listener.unreadable(topic));
    }

    private static byte[] required(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new WireException("a key and a value are required");
        }
        return bytes;
    }

    private void takeUser(long recordTime, byte @Nullable [] key, byte @Nullable [] value) {
        if (value == null) {
            users.remove(new String(required(key), UTF_8), recordTime);
            return;
        }
        Validated<UserProfile> read = EventReader.userProfile(key, value);
        if (read instanceof Validated.Valid<UserProfile> user) {
            users.put(user.value().id(), user.value().attributes());
        } else {
            throw new WireException(
                    ((Validated.Rejected<UserProfile>) read).rejection().detail());
        }
    }

    private void takeEvaluation(ConsumerRecord<byte[], byte[]> record, Evaluation test) {
        if (test.ranked()) {
            scores.add(test);
        }
        if (record.timestamp() > clock.millis() - ACTIVE_MILLIS) {
            users.active(test.user(), record.timestamp());
        }
        if (record.offset() < newFrom.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
            return;
        }
        events++;
        freshness.met(test.coordinate(), record.timestamp());
        passed++;
        passing.addLast(new PassingEvent(record.timestamp(), test));
        if (passing.size() > SHOWN) {
            passing.removeFirst();
        }
    }

    private void takeList(long recordTime, byte[] key, byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        lists++;
        listDurations.add(clock.millis() - recordTime);
        String user = new String(key, UTF_8);
        if (listeners.stream().anyMatch(listener -> listener.watches(user))) {
            due.merge(user, new Due(value, 0), (before, newest) -> new Due(newest.json(), before.more() + 1));
        }
    }

    private void tell() {
        long now = clock.millis();
        ModelRow.Marker marker = model.marker().orElse(null);
        if (marker != null && marker.version() != version) {
            version = marker.version();
            freshness.served(marker);
        }
        if (past(TELL_MILLIS, toldAt, now) && (version != toldVersion || !due.isEmpty())) {
            toldAt = now;
            // First, so that a list that breaks a listener is not told of again.
            Map<String, Due> told = Map.copyOf(due);
            due.clear();
            told.forEach(this::tellOfList);
            if (marker != null && version != toldVersion) {
                toldVersion = version;
                listeners.forEach(listener -> listener.served(marker));
            }
        }
        if (past(PASS_MILLIS, passedAt, now) && !passing.isEmpty()) {
            List<PassingEvent> shown = List.copyOf(passing);
            long more = passed - shown.size();
            passing.clear();
            passed = 0;
            passedAt = now;
            listeners.forEach(listener -> listener.passed(shown, more));
        }
        if (past(SAMPLE_MILLIS, sampledAt, now)) {
            sample(now);
        }
    }

    /** Whether so much time has passed; a clock that was set back stops nothing. */
    private static boolean past(long millis, long since, long now) {
        return now - since >= millis || now < since;
    }

    private void tellOfList(String user, Due list) {
        try {
            listeners.forEach(listener -> listener.listed(user, list.json(), list.more()));
        } catch (SerializationException e) {
            LOG.debug("a list of user {} in {}: {}", user, topics.of(Topics.RECOMMENDATIONS), e.getMessage());
            passOver(Topics.RECOMMENDATIONS);
        }
    }

    private void sample(long now) {
        double seconds = Math.max(1, now - sampledAt) / 1e3;
        double[] list = listDurations.quantiles(.5, .99);
        double[] learned = learnedDurations.quantiles(.5, .99);
        Sample sample = new Sample(
                now,
                events,
                (events - eventsBefore) / seconds,
                (lists - listsBefore) / seconds,
                recent(Line.MODEL),
                recent(Line.POPULARITY),
                recent(Line.SEQUENTIAL_RULES),
                scores.figures(Line.MODEL, Users.ALL).events(),
                list[0],
                list[1],
                learned[0],
                learned[1],
                version);
        eventsBefore = events;
        listsBefore = lists;
        sampledAt = now;
        synchronized (samples) {
            samples.addLast(sample);
            if (samples.size() > SAMPLES) {
                samples.removeFirst();
            }
        }
        listeners.forEach(listener -> listener.sampled(sample));
    }

    private double recent(Line line) {
        return scores.figures(line, Users.ALL).recentHitRate();
    }

    /** Stops reading. */
    @Override
    public void close() {
        closing = true;
        KafkaConsumer<?, ?> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

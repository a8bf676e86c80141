package org.eridanus.stream;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eridanus.model.Generation;

/**
 * How the roles run on Kafka. What is not named here is Kafka's default or fixed, see {@link StreamsRole}.
 *
 * @param bootstrapServers where Kafka is, {@code host:port}, several separated by commas
 * @param stateFolder where stores are kept; each role has a folder of its own in it
 * @param prefix goes before {@code eridanus-<role>} to form the application id, as it does before topics; letters,
 *     digits, dots, dashes and underscores
 * @param commitInterval how often a role commits; what it wrote is seen by readers only then
 * @param linger how long a producer waits for more records to send together
 * @param threads stream threads of each role
 * @param cacheBytes what the stores of one role may hold back until it commits
 * @param sessionTimeout after which silence a member that was killed is replaced; 6 s is the least that brokers allow
 *     by default
 * @param standbys instances that keep a copy of each store beside the one that works with it, to take over at once
 * @param replication replication factor of changelog topics; -1 is the broker's default
 * @param generation the model's generation: its trainer is an application of its own
 * @param overrides any of Kafka's settings, which go before all of ours; for every role
 * @param roleOverrides the same for one role, before those for every role
 */
public record StreamsSettings(
        String bootstrapServers,
        Path stateFolder,
        String prefix,
        Duration commitInterval,
        Duration linger,
        int threads,
        long cacheBytes,
        Duration sessionTimeout,
        int standbys,
        int replication,
        Generation generation,
        Map<String, String> overrides,
        Map<Role, Map<String, String>> roleOverrides) {
    /** Kafka's providers of configuration have names of the user's own. */
    private static final String PROVIDERS = "config.providers";

    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(50);
    /** As long as the longest commit interval of a role: what a commit sends anyway is not sent in pieces before. */
    private static final Duration LINGER = Duration.ofMillis(200);

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(8);
    private static final Duration SHORTEST_SESSION = Duration.ofSeconds(1);
    private static final long CACHE_BYTES = 32L << 20;

    public StreamsSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException(
                    "kafka.bootstrap-servers must name a broker, got nothing; write host:port");
        }
        if (!prefix.matches("[A-Za-z0-9._-]{0,64}")) {
            throw new IllegalArgumentException("topics.prefix must be at most 64 letters, digits, dots, dashes and"
                    + " underscores, got '" + prefix + "'");
        }
        if (commitInterval.toMillis() < 1) {
            throw new IllegalArgumentException("kafka.commit-interval must be at least 1 ms, got " + commitInterval);
        }
        if (linger.isNegative()) {
            throw new IllegalArgumentException("kafka.linger must not be negative, got " + linger);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("kafka.threads must be at least 1, got " + threads);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("kafka.cache-bytes must not be negative, got " + cacheBytes);
        }
        if (sessionTimeout.compareTo(SHORTEST_SESSION) < 0) {
            throw new IllegalArgumentException("kafka.session-timeout must be at least 1 s, got " + sessionTimeout);
        }
        if (standbys < 0) {
            throw new IllegalArgumentException("kafka.standby-replicas must not be negative, got " + standbys);
        }
        if (replication != -1 && replication < 1) {
            throw new IllegalArgumentException(
                    "topics.replication must be at least 1, or -1 for the broker's default, got " + replication);
        }
        overrides = Map.copyOf(overrides);
        Map<Role, Map<String, String>> copies = new EnumMap<>(Role.class);
        roleOverrides.forEach((role, settings) -> {
            if (!settings.isEmpty()) {
                copies.put(role, Map.copyOf(settings));
            }
        });
        roleOverrides = Collections.unmodifiableMap(copies);
    }

    /** The defaults, for this broker and this folder. */
    public static StreamsSettings of(String bootstrapServers, Path stateFolder) {
        return new StreamsSettings(
                bootstrapServers,
                stateFolder,
                "",
                COMMIT_INTERVAL,
                LINGER,
                1,
                CACHE_BYTES,
                SESSION_TIMEOUT,
                0,
                -1,
                Generation.FIRST,
                Map.of(),
                Map.of());
    }

    /** The same with another prefix. */
    public StreamsSettings withPrefix(String other) {
        return new StreamsSettings(
                bootstrapServers,
                stateFolder,
                other,
                commitInterval,
                linger,
                threads,
                cacheBytes,
                sessionTimeout,
                standbys,
                replication,
                generation,
                overrides,
                roleOverrides);
    }

    /** The same with another commit interval. */
    public StreamsSettings withCommitInterval(Duration other) {
        return new StreamsSettings(
                bootstrapServers,
                stateFolder,
                prefix,
                other,
                linger,
                threads,
                cacheBytes,
                sessionTimeout,
                standbys,
                replication,
                generation,
                overrides,
                roleOverrides);
    }

    /** The same with other overrides. */
    public StreamsSettings withOverrides(Map<String, String> other) {
        return new StreamsSettings(
                bootstrapServers,
                stateFolder,
                prefix,
                commitInterval,
                linger,
                threads,
                cacheBytes,
                sessionTimeout,
                standbys,
                replication,
                generation,
                other,
                roleOverrides);
    }

    /** What goes before all of our settings in a role. */
    Map<String, String> overrides(Role role) {
        Map<String, String> all = new HashMap<>(overrides);
        all.putAll(roleOverrides.getOrDefault(role, Map.of()));
        return all;
    }

    /** How an admin client reaches the same cluster. */
    public Map<String, Object> adminConfig() {
        return client(overrides, "admin.", AdminClientConfig.configNames());
    }

    /** The same with what a role has of its own. */
    Map<String, Object> adminConfig(Role role) {
        return client(overrides(role), "admin.", AdminClientConfig.configNames());
    }

    /** How a producer apart from the roles reaches the same cluster. */
    public Map<String, Object> producerConfig() {
        return client(overrides, "producer.", ProducerConfig.configNames());
    }

    /** How a consumer apart from the roles reaches the same cluster. */
    public Map<String, Object> consumerConfig() {
        return client(overrides, "consumer.", ConsumerConfig.configNames());
    }

    /** The address, and those settings that such a client knows, security above all; what has its prefix goes before. */
    private Map<String, Object> client(Map<String, String> settings, String prefix, Set<String> known) {
        Map<String, Object> config = new HashMap<>();
        known.forEach(name -> {
            String value = settings.getOrDefault(prefix + name, settings.get(name));
            if (value != null) {
                config.put(name, value);
            }
        });
        settings.forEach((name, value) -> {
            if (name.startsWith(PROVIDERS)) {
                config.put(name, value);
            }
        });
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return config;
    }

    /** Everything but the values of Kafka's own settings, for some of them are secrets. */
    @Override
    public String toString() {
        return "StreamsSettings[bootstrapServers=" + bootstrapServers + ", stateFolder=" + stateFolder + ", prefix="
                + prefix + ", commitInterval=" + commitInterval + ", linger=" + linger + ", threads=" + threads
                + ", cacheBytes=" + cacheBytes + ", sessionTimeout=" + sessionTimeout + ", standbys=" + standbys
                + ", replication=" + replication + ", overrides=" + new TreeSet<>(overrides.keySet())
                + ", roleOverrides=" + names(roleOverrides) + "]";
    }

    private static Map<Role, Set<String>> names(Map<Role, Map<String, String>> settings) {
        Map<Role, Set<String>> names = new EnumMap<>(Role.class);
        settings.forEach((role, values) -> names.put(role, new TreeSet<>(values.keySet())));
        return names;
    }

    /** The application id of a role: consumer group, transactional ids, changelog topics and folder are named by it. */
    public String applicationId(Role role) {
        return applicationId(role, generation);
    }

    /** The same where another generation is configured. */
    public String applicationId(Role role, Generation of) {
        return prefix + "eridanus-" + role.label() + (role == Role.TRAINER ? of.suffix() : "");
    }
}

package org.eridanus.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.eridanus.config.ValueType.UnfitException;

/** Which of Kafka's own settings may pass through, and which of them are secrets. */
final class KafkaSettingNames {
    /** Settings of Streams may have one of these before the name of a client's setting. */
    private static final List<String> PREFIXES =
            List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin.");

    /** What topics of Streams' own are created with; their names are the cluster's business. */
    private static final String TOPIC_PREFIX = "topic.";

    /** What Kafka's providers of configuration are, which a value such as <code>${file:/run/secrets/kafka:login}</code> names. */
    private static final String PROVIDERS_PREFIX = "config.providers";

    private static final Pattern PROVIDED = Pattern.compile("\\$\\{[^}:]+:[^}]+}");

    private static final List<ConfigDef> DEFINITIONS = List.of(
            StreamsConfig.configDef(),
            ConsumerConfig.configDef(),
            ProducerConfig.configDef(),
            AdminClientConfig.configDef());

    /** What has a setting of its own, or has to be as it is. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("bootstrap.servers", "set kafka.bootstrap-servers"),
            Map.entry("application.id", "it follows from topics.prefix"),
            Map.entry("state.dir", "set state.folder"),
            Map.entry("num.stream.threads", "set kafka.threads"),
            Map.entry("num.standby.replicas", "set kafka.standby-replicas"),
            Map.entry("replication.factor", "set topics.replication"),
            Map.entry("commit.interval.ms", "set kafka.commit-interval"),
            Map.entry("linger.ms", "set kafka.linger"),
            Map.entry("session.timeout.ms", "set kafka.session-timeout"),
            Map.entry("statestore.cache.max.bytes", "set kafka.cache-bytes"),
            Map.entry("cache.max.bytes.buffering", "set kafka.cache-bytes"),
            Map.entry("processing.guarantee", "exactly once is a promise of every role"),
            Map.entry("isolation.level", "every reader here reads what is committed"),
            Map.entry("enable.idempotence", "every producer here is idempotent"),
            Map.entry("enable.auto.commit", "every role commits with its transactions"),
            Map.entry("group.id", "it follows from topics.prefix"),
            Map.entry("transactional.id", "it follows from topics.prefix"),
            Map.entry("auto.offset.reset", "every role reads its topics from their start"),
            Map.entry("key.serializer", "the formats of topics are fixed"),
            Map.entry("value.serializer", "the formats of topics are fixed"),
            Map.entry("key.deserializer", "the formats of topics are fixed"),
            Map.entry("value.deserializer", "the formats of topics are fixed"));

    private static final Set<String> SECRET_WORDS =
            Set.of("password", "secret", "token", "jaas", "credential", "private.key", "keystore.key", "basic.auth");

    private KafkaSettingNames() {}

    /** Whether a setting's value must not be shown. */
    static boolean secret(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return definition(name) == ConfigDef.Type.PASSWORD
                || SECRET_WORDS.stream().anyMatch(plain::contains);
    }

    private static ConfigDef.Type definition(String name) {
        for (ConfigDef each : DEFINITIONS) {
            ConfigDef.ConfigKey key = each.configKeys().get(withoutPrefix(name));
            if (key != null) {
                return key.type;
            }
        }
        return ConfigDef.Type.STRING;
    }

    /** Refuses settings that Kafka does not know, that may not be set, or whose values Kafka would refuse. */
    static void check(Map<String, String> settings) throws UnfitException {
        for (Map.Entry<String, String> each : settings.entrySet()) {
            check(each.getKey(), each.getValue());
        }
    }

    private static void check(String name, String value) throws UnfitException {
        if (name.startsWith(TOPIC_PREFIX) || name.startsWith(PROVIDERS_PREFIX)) {
            return;
        }
        String plain = withoutPrefix(name);
        String remedy = REFUSED.get(plain);
        if (remedy != null) {
            throw new UnfitException("must not hold " + name + ": " + remedy);
        }
        boolean known = false;
        for (ConfigDef definition : DEFINITIONS) {
            ConfigDef.ConfigKey key = definition.configKeys().get(plain);
            if (key != null) {
                known = true;
                checkValue(name, value, key);
            }
        }
        if (!known) {
            throw new UnfitException("holds " + name + ", which is no setting of Kafka's clients or of Kafka Streams"
                    + Nearest.suggestion(
                            plain,
                            DEFINITIONS.stream()
                                    .flatMap(each -> each.names().stream())
                                    .toList()));
        }
    }

    private static void checkValue(String name, String value, ConfigDef.ConfigKey key) throws UnfitException {
        // What a provider will say is known when a client is made.
        if (PROVIDED.matcher(value).find()) {
            return;
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
        } catch (org.apache.kafka.common.config.ConfigException e) {
            // Kafka's message holds the value, which may be a secret.
            throw new UnfitException("holds a value for " + name + " that Kafka refuses; it wants "
                    + key.type.name().toLowerCase(Locale.ROOT)
                    + (key.validator == null ? "" : ", " + key.validator)
                    + (secret(name) ? "" : ", got '" + value + "'"));
        }
    }

    private static String withoutPrefix(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return name.substring(prefix.length());
            }
        }
        return name;
    }
}

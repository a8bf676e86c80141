package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eridanus.embedded.EmbeddedBroker;
import org.eridanus.model.Presets;
import org.eridanus.testing.Await;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.TopicSettings;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that authorises: everything is refused that no rule allows. */
class RoleAccessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"%1$s\" password=\"%1$s-password\"";
    private static final TopicNames NAMES = new TopicNames("shop.");
    private static final List<TopicDefinition> TOPICS =
            TopicFiles.in(Path.of("topics")).load();

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private Admin root;

    @BeforeEach
    void startAuthorisingBroker() {
        broker = EmbeddedBroker.start(
                folder.resolve("broker"),
                0,
                Map.of(
                        "listener.security.protocol.map",
                        "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "inter.broker.listener.name",
                        "PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.plaintext.plain.sasl.jaas.config",
                        PLAIN_LOGIN.formatted("root") + users("root", "operator", "eridanus"),
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        // The controller's listener knows no names.
                        "super.users",
                        "User:root;User:ANONYMOUS"));
        root = Admin.create(client("root"));
    }

    @AfterEach
    void stopBroker() {
        root.close();
        broker.close();
    }

    @Test
    void shouldRunByTheListedRulesAndByNoFewer() throws Exception {
        TopicSettings topics = new TopicSettings(2, 1, NAMES);
        StreamsSettings streams = streams(folder.resolve("state"));
        try (Admin operator = Admin.create(client("operator"))) {
            assertThatThrownBy(() -> new TopicApplier(operator, topics).apply(TOPICS))
                    .hasMessageContaining("TopicAuthorizationException");
            allow(RoleAccess.applyTopics("User:operator", TOPICS, NAMES));
            new TopicApplier(operator, topics).apply(TOPICS);
        }

        List<AclBinding> rules = RoleAccess.run(EnumSet.allOf(Role.class), "User:eridanus", streams, TOPICS, NAMES);
        assertThatThrownBy(() -> runFor(streams, "no-rules")).isInstanceOf(RoleException.class);
        allow(rules);
        runFor(streams, "with-rules");

        for (String topic : List.of(Topics.TRAINING_LOG, Topics.INTERACTIONS)) {
            AclBinding needed = rules.stream()
                    .filter(rule -> rule.pattern().name().equals(NAMES.of(topic)))
                    .findFirst()
                    .orElseThrow();
            forbid(needed);
            assertThatThrownBy(() -> runFor(streams, "without-" + topic))
                    .isInstanceOf(RoleException.class)
                    .hasMessageContaining("Kafka does not allow it: ")
                    .hasMessageContaining("eridanus topics acls");
            allow(List.of(needed));
        }
    }

    @Test
    void shouldNotAllowWhatIsNotListed() throws Exception {
        new TopicApplier(root, new TopicSettings(2, 1, NAMES)).apply(TOPICS);
        StreamsSettings streams = streams(folder.resolve("state"));
        allow(RoleAccess.run(Set.of(Role.SCORER), "User:eridanus", streams, TOPICS, NAMES));

        Map<String, Object> config = client("eridanus");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(NAMES.of(Topics.MODEL), "row", "forged"))
                            .get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    /** The controller answers before the broker has read what it wrote: until then the broker judges by the old rules. */
    private void allow(List<AclBinding> rules) throws Exception {
        root.createAcls(rules).all().get(30, TimeUnit.SECONDS);
        Await.until(PATIENCE, () -> enforced().containsAll(rules), "the broker to know of the rules");
    }

    private void forbid(AclBinding rule) throws Exception {
        root.deleteAcls(List.of(rule.toFilter())).all().get(30, TimeUnit.SECONDS);
        Await.until(PATIENCE, () -> !enforced().contains(rule), "the broker to know that a rule is gone");
    }

    /** The rules of the broker's own authorizer, which answers. */
    private Collection<AclBinding> enforced() {
        try {
            return Set.copyOf(root.describeAcls(AclBindingFilter.ANY).values().get(30, TimeUnit.SECONDS));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker does not tell its rules", e);
        }
    }

    /** Runs all roles until an interaction has led to a list; fails if they do not get there. */
    private void runFor(StreamsSettings streams, String user) {
        PipelineSettings settings = PipelineSettings.of(Presets.association()).withTopics(NAMES);
        try (Pipeline pipeline = Pipeline.of(settings, streams, Clock.systemUTC(), PipelineSettings.Monitors.NONE);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client("root"), new StringSerializer(), new StringSerializer());
                KafkaConsumer<String, String> lists = lists()) {
            pipeline.start();
            pipeline.awaitRunning(PATIENCE);
            producer.send(new ProducerRecord<>(
                    NAMES.of(Topics.INTERACTIONS), user, "{\"user\":\"" + user + "\",\"item\":\"a\"}"));
            producer.flush();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                RoleException failed = pipeline.failure().getNow(null);
                if (failed != null) {
                    throw failed;
                }
                for (var list : lists.poll(Duration.ofMillis(100))) {
                    if (user.equals(list.key())) {
                        return;
                    }
                }
            }
            throw new AssertionError("no list for " + user);
        }
    }

    private KafkaConsumer<String, String> lists() {
        Map<String, Object> config = client("root");
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        config.put("group.id", "lists-" + System.nanoTime());
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(NAMES.of(Topics.RECOMMENDATIONS)));
        return consumer;
    }

    private StreamsSettings streams(Path state) {
        Map<String, String> security = new HashMap<>();
        client("eridanus").forEach((name, value) -> security.put(name, String.valueOf(value)));
        security.remove("bootstrap.servers");
        return StreamsSettings.of(broker.bootstrapServers(), state)
                .withPrefix(NAMES.prefix())
                .withOverrides(security);
    }

    private Map<String, Object> client(String user) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", broker.bootstrapServers());
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", "PLAIN");
        config.put("sasl.jaas.config", PLAIN_LOGIN.formatted(user) + ";");
        return config;
    }

    private static String users(String... names) {
        StringBuilder users = new StringBuilder();
        for (String name : names) {
            users.append(" user_").append(name).append("=\"").append(name).append("-password\"");
        }
        return users.append(';').toString();
    }
}

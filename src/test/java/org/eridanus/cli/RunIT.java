package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.streams.processor.assignment.ApplicationState;
import org.apache.kafka.streams.processor.assignment.assignors.StickyTaskAssignor;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Attributes;
import org.eridanus.event.UserProfile;
import org.eridanus.model.ModelRow;
import org.eridanus.stream.Names;
import org.eridanus.stream.Role;
import org.eridanus.stream.TrainerNames;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.ShiftedClock;
import org.eridanus.testing.SmallDisk;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} in processes of its own, as in production. */
class RunIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(10);
    /** The look that notices it, and the patience of closing with clients that wait for the clock. */
    private static final Duration SET_BACK = Duration.ofSeconds(30);

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void shouldWorkUntilItIsToldToStop() throws Exception {
        Instances instances = instances("run");
        Dataset world = SmallWorld.generate();
        try (ChildProcess run = instances.run("one")) {
            URI http = Instances.awaitRunning(run);
            HttpResponse<String> ready = answer(http, "ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).as("a cold start is told of").contains("no model yet: lists are by popularity");
            assertThat(get(http, "health")).isEqualTo(200);
            assertThat(get(http, "metrics")).isEqualTo(200);
            assertThat(tell(http, "{\"user\":\"a\",\"item\":\"b\"}"))
                    .as("nothing is writable")
                    .isEqualTo(403);

            SmallWorld.assertComplete(instances.replay(world, () -> {}), world);
            run.terminate();
            assertThat(run.exitCode(STOP)).isZero();
            assertThat(run.output()).contains("stopped");
            for (Role role : Role.values()) {
                assertThat(instances.assigned("one", role))
                        .as("left the group of %s", role.label())
                        .isZero();
            }
        }
    }

    @Test
    void shouldLoseNothingWhenTheInstanceThatTrainsIsKilled() throws Exception {
        Instances instances = instances("pair");
        Dataset world = SmallWorld.generate();
        try (ChildProcess first = instances.run("first");
                ChildProcess second = instances.run("second")) {
            Instances.awaitRunning(first);
            Instances.awaitRunning(second);
            Await.until(
                    PATIENCE,
                    () -> instances.assigned("first", Role.TRAINER) + instances.assigned("second", Role.TRAINER) == 1
                            && instances.assigned("first", Role.FEATURES) > 0
                            && instances.assigned("second", Role.FEATURES) > 0,
                    "one trainer, and features in both instances");
            boolean firstTrains = instances.assigned("first", Role.TRAINER) == 1;
            ChildProcess trainer = firstTrains ? first : second;
            ChildProcess other = firstTrains ? second : first;

            Balance balance = instances.replay(world, trainer::kill);

            assertThat(instances.assigned(firstTrains ? "second" : "first", Role.TRAINER))
                    .isEqualTo(1);
            SmallWorld.assertComplete(balance, world);
            assertReplayed(instances, world);
            other.terminate();
            assertThat(other.exitCode(Duration.ofSeconds(30))).isZero();
        }
    }

    @Test
    void shouldStopWhenTheDiskFillsDuringWorkAndLoseNothing() throws Exception {
        Instances instances = instances("full");
        Dataset world = SmallWorld.generate();
        try (SmallDisk disk = SmallDisk.mount(instances.stateFolder("one"), "256m");
                ChildProcess run = instances.run("one")) {
            Instances.awaitRunning(run);
            AtomicReference<ChildProcess> again = new AtomicReference<>(run);
            try {
                Balance balance = instances.replay(world, () -> {
                    disk.fill();
                    publishMoreThanWriteBuffersHold(instances);
                    assertThat(run.exitCode(PATIENCE)).isEqualTo(1);
                    disk.makeRoom();
                    again.set(instances.run("one"));
                });

                SmallWorld.assertComplete(balance, world);
            } finally {
                again.get().close();
            }
            assertThat(run.output())
                    .contains("role features: stopped: the disk of the state folder is full: ")
                    .contains("make room, then start again");
        }
    }

    @Test
    void shouldStopWhenTheClockIsSetBackAndLoseNothing() throws Exception {
        ShiftedClock clock = ShiftedClock.make(folder);
        Instances instances = instances("clock");
        Dataset world = SmallWorld.generate();
        try (ChildProcess run = instances.run("one", clock.environment())) {
            Instances.awaitRunning(run);
            AtomicReference<ChildProcess> again = new AtomicReference<>(run);
            try {
                Balance balance = instances.replay(world, () -> {
                    clock.shift(Duration.ofHours(-1));
                    assertThat(run.exitCode(SET_BACK)).isEqualTo(1);
                    again.set(instances.run("one", clock.environment()));
                });

                SmallWorld.assertComplete(balance, world);
                again.get().requireAlive();
                assertReplayed(instances, world);
            } finally {
                again.get().close();
            }
            assertThat(run.output())
                    .contains("role features: stopped: the clock was set back by 3600 s")
                    .contains("start again: what is committed is on the broker");
        }
    }

    @Test
    void shouldGoOnWhenTheClockIsSetForward() throws Exception {
        ShiftedClock clock = ShiftedClock.make(folder);
        Instances instances = instances("forward");
        Dataset world = SmallWorld.generate();
        try (ChildProcess run = instances.run("one", clock.environment())) {
            Instances.awaitRunning(run);

            Balance balance = instances.replay(world, () -> clock.shift(Duration.ofMinutes(30)));

            SmallWorld.assertComplete(balance, world);
            run.requireAlive();
            assertReplayed(instances, world);
        }
    }

    /** Profiles that a store has to write to its disk. */
    private static void publishMoreThanWriteBuffersHold(Instances instances) {
        List<String> values =
                IntStream.range(0, 200).mapToObj(i -> i + "x".repeat(250)).toList();
        Map<String, List<String>> attributes = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            attributes.put("a" + i, values.subList(i * 50, i * 50 + 50));
        }
        try (EventPublisher publisher = new EventPublisher(instances.bootstrapServers(), instances.names())) {
            for (int user = 0; user < 500; user++) {
                publisher.publish(new UserProfile("large-" + user, new Attributes(attributes)));
            }
            publisher.flush();
        }
    }

    /** The model that two trainers came to, one after the other, is that of one trainer that nobody disturbed. */
    private void assertReplayed(Instances instances, Dataset world) throws IOException {
        Path file = Files.writeString(
                folder.resolve("verify.yaml"),
                "{kafka: {bootstrap-servers: '" + instances.bootstrapServers() + "'}, topics: {prefix: '"
                        + instances.names().prefix() + "'}}");
        StringWriter out = new StringWriter();
        Await.until(
                PATIENCE,
                () -> {
                    out.getBuffer().setLength(0);
                    int code = Eridanus.commandLine()
                            .setOut(new PrintWriter(out))
                            .execute("replay", "--verify", "--json", "--config", file.toString());
                    return code != 0
                            || out.toString()
                                    .contains(
                                            "\"events\":" + world.interactions().size());
                },
                "a version that has learned from everything");
        assertThat(out.toString()).contains("\"equal\":true");
    }

    private Instances instances(String name) {
        return new Instances(
                TestBroker.shared().bootstrapServers(), new TopicNames(TestBroker.uniqueName(name) + "."), folder);
    }

    @Test
    void shouldSayWhatIsWrongWithItsConfiguration() throws Exception {
        Path file = Files.writeString(folder.resolve("eridanus.yaml"), "kafka:\n  thread: 2\n");
        try (ChildProcess run =
                ChildProcess.start(folder.resolve("wrong.log"), Map.of(), "run", "--config", file.toString())) {
            assertThat(run.exitCode(PATIENCE)).isEqualTo(2);
            assertThat(run.output())
                    .contains(file + ":2: unknown key kafka.thread; did you mean kafka.threads?")
                    .contains("kafka.bootstrap-servers must be given");
        }
    }

    @Test
    void shouldFailWhereKafkaDoesNotAnswer() {
        try (ChildProcess run = ChildProcess.start(
                folder.resolve("unreachable.log"),
                Map.of(
                        "ERIDANUS_KAFKA_SETTINGS_ALL_DEFAULT_API_TIMEOUT_MS", "2000",
                        "ERIDANUS_KAFKA_SETTINGS_ALL_REQUEST_TIMEOUT_MS", "1000",
                        "ERIDANUS_HTTP_PORT", "0",
                        "ERIDANUS_STATE_FOLDER", folder.resolve("state").toString()),
                "run",
                "--bootstrap",
                "127.0.0.1:1")) {
            assertThat(run.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(run.output()).contains("eridanus: could not describe topic");
        }
    }

    @Test
    void shouldFailWhereTopicsAreMissingAndNotItsOwnToCreate() throws Exception {
        try (ChildProcess run = ChildProcess.start(
                folder.resolve("topics.log"),
                Map.of(
                        "ERIDANUS_KAFKA_BOOTSTRAP_SERVERS",
                        TestBroker.shared().bootstrapServers(),
                        "ERIDANUS_TOPICS_APPLY",
                        "false",
                        "ERIDANUS_TOPICS_PREFIX",
                        TestBroker.uniqueName("none") + ".",
                        "ERIDANUS_HTTP_PORT",
                        "0",
                        "ERIDANUS_STATE_FOLDER",
                        folder.resolve("state").toString()),
                "run",
                "--roles",
                "trainer")) {
            assertThat(run.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(run.output()).contains("does not exist; create the topics first");
        }
    }

    @Test
    void shouldEndWhenThreeReplacementsOfAThreadDoNotHelp() {
        Map<String, String> settings = settings(TestBroker.uniqueName("fourth"));
        settings.put("ERIDANUS_KAFKA_SETTINGS_FEATURES_TASK_ASSIGNOR_CLASS", FailingAssignor.class.getName());
        try (ChildProcess run =
                ChildProcess.start(folder.resolve("fourth.log"), settings, "run", "--roles", "features")) {
            assertThat(run.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(run.output())
                    .contains("eridanus: role features: stopped: KafkaException: Unexpected error from SyncGroup: ")
                    .contains("it came back after 3 replacements within 5 minutes")
                    .contains("look after the broker, then start again");
            assertThat(run.output().split("a stream thread is replaced", -1)).hasSize(3 + 1);
        }
    }

    @Test
    void shouldEndAtAnEntryOfAChangelogThatCannotBeRead() throws Exception {
        TopicNames names = new TopicNames(TestBroker.uniqueName("entry") + ".");
        String changelog = names.of(Names.changelog("eridanus-trainer", TrainerNames.MODEL_ROWS_STORE));
        TestBroker.shared().create(new NewTopic(changelog, 1, (short) 1).configs(Map.of("cleanup.policy", "compact")));
        try (KafkaProducer<byte[], byte[]> producer = TestBroker.shared().producer(Map.of())) {
            TestBroker.send(producer, changelog, ModelRow.Marker.KEY, "no marker");
        }
        try (ChildProcess run = ChildProcess.start(
                folder.resolve("entry.log"), settings(names.prefix()), "run", "--roles", "trainer")) {
            assertThat(run.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(run.output())
                    .contains("eridanus: role trainer: stopped: entry '" + ModelRow.Marker.KEY + "' of "
                            + TrainerNames.MODEL_ROWS_STORE + " cannot be read: ")
                    .contains("another generation of the model is trained from the log: eridanus retrain");
        }
    }

    @Test
    void shouldEndWhereAnotherProcessHasTheStateFolder() throws Exception {
        Instances instances = instances("alone");
        try (ChildProcess first = instances.run("one")) {
            Instances.awaitRunning(first);
            try (ChildProcess second = instances.run("one")) {
                assertThat(second.exitCode(PATIENCE)).isEqualTo(1);
                assertThat(second.output())
                        .contains("let no other process use the state folder " + instances.stateFolder("one"));
            }
            first.requireAlive();
        }
    }

    private Map<String, String> settings(String prefix) {
        return new HashMap<>(Map.of(
                "ERIDANUS_KAFKA_BOOTSTRAP_SERVERS",
                TestBroker.shared().bootstrapServers(),
                "ERIDANUS_TOPICS_PREFIX",
                prefix,
                "ERIDANUS_TOPICS_PARTITIONS",
                "2",
                "ERIDANUS_TOPICS_REPLICATION",
                "1",
                "ERIDANUS_HTTP_PORT",
                "0",
                "ERIDANUS_STATE_FOLDER",
                folder.resolve("state").toString()));
    }

    /** Fails each time like a broker whose coordinator never gets ready. */
    public static final class FailingAssignor extends StickyTaskAssignor {
        @Override
        public TaskAssignment assign(ApplicationState state) {
            throw new KafkaException(
                    "Unexpected error from SyncGroup: " + Errors.COORDINATOR_LOAD_IN_PROGRESS.message());
        }
    }

    private static int get(URI http, String path) {
        return answer(http, path).statusCode();
    }

    private static int tell(URI http, String body) {
        return send(HttpRequest.newBuilder(http.resolve("interactions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static HttpResponse<String> answer(URI http, String path) {
        return send(HttpRequest.newBuilder(http.resolve(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}

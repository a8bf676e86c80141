package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.TestBroker;
import org.eridanus.topic.TopicNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} in processes of its own, as in production. */
class RunIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern METRICS = Pattern.compile("metrics at (http://\\S+)metrics");

    @TempDir
    private Path folder;

    @Test
    void shouldWorkUntilItIsToldToStop() throws Exception {
        TopicNames names = new TopicNames(TestBroker.uniqueName("run") + ".");
        TestBroker broker = TestBroker.shared();
        Dataset world = world();
        try (ChildProcess run = run(broker, names, "one")) {
            URI http = awaitRunning(run);
            assertThat(get(http, "ready")).isEqualTo(200);
            assertThat(get(http, "health")).isEqualTo(200);
            assertThat(get(http, "metrics")).isEqualTo(200);

            Balance balance = replay(broker, names, world, world.interactions(), () -> {});

            assertThat(balance.violations()).isEmpty();
            assertThat(balance.covered()).isEqualTo(world.interactions().size());
            run.terminate();
            assertThat(run.exitCode(Duration.ofSeconds(30))).isZero();
            assertThat(run.output()).contains("stopped");
        }
    }

    @Test
    void shouldLoseNothingWhenOneOfTwoInstancesIsKilled() throws Exception {
        TopicNames names = new TopicNames(TestBroker.uniqueName("pair") + ".");
        TestBroker broker = TestBroker.shared();
        Dataset world = world();
        try (ChildProcess first = run(broker, names, "first");
                ChildProcess second = run(broker, names, "second")) {
            awaitRunning(first);
            awaitRunning(second);

            Balance balance = replay(broker, names, world, world.interactions(), first::kill);

            assertThat(balance.violations()).isEmpty();
            assertThat(balance.read()).isEqualTo(world.interactions().size());
            assertThat(balance.trained()).isEqualTo(world.interactions().size());
            assertThat(balance.covered()).isEqualTo(world.interactions().size());
            second.terminate();
            assertThat(second.exitCode(Duration.ofSeconds(30))).isZero();
        }
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

    private ChildProcess run(TestBroker broker, TopicNames names, String instance) throws IOException {
        Path file = Files.writeString(folder.resolve(instance + ".yaml"), """
                kafka:
                  bootstrap-servers: %s
                  standby-replicas: 1
                  session-timeout: 6s
                topics: {partitions: 2, replication: 1, prefix: %s}
                state: {folder: '%s'}
                http: {port: 0}
                """.formatted(
                        broker.bootstrapServers(), names.prefix(), folder.resolve("state-" + instance)));
        return ChildProcess.start(folder.resolve(instance + ".log"), Map.of(), "run", "--config", file.toString());
    }

    private static URI awaitRunning(ChildProcess run) {
        run.awaitOutput(PATIENCE, "running; ");
        Matcher matcher = METRICS.matcher(run.output());
        assertThat(matcher.find()).as(run.output()).isTrue();
        return URI.create(matcher.group(1));
    }

    private static int get(URI http, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(http.resolve(path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Publishes everything, does something in the middle of the events, and accounts for all of them. */
    private static Balance replay(
            TestBroker broker, TopicNames names, Dataset world, List<Interaction> interactions, Runnable midway) {
        try (AccountingReader accounting = new AccountingReader(broker.bootstrapServers(), names, List.of());
                EventPublisher publisher = new EventPublisher(broker.bootstrapServers(), names)) {
            accounting.start();
            world.users().forEach(publisher::publish);
            world.items().forEach(publisher::publish);
            publisher.flush();
            Await.until(
                    PATIENCE,
                    () -> accounting.progress().announced() >= world.items().size(),
                    "the announced items");
            Replay replay = new Replay(publisher, accounting::progress, () -> {}, 0, Screen.none());
            int middle = interactions.size() / 2;
            interactions.subList(0, middle).forEach(publisher::publish);
            publisher.flush();
            midway.run();
            replay.run(interactions.subList(middle, interactions.size()));
            Await.until(PATIENCE, () -> accounting.progress().settled(), "everything to settle");
            return accounting.finish(PATIENCE).balance();
        }
    }

    private static Dataset world() {
        return SyntheticWorld.generate(
                SyntheticWorld.Settings.defaults().withSize(60, 150, 1_500).withClusters(6));
    }
}

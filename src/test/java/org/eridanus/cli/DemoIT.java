package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.accounting.Balance;
import org.eridanus.dataset.Dataset;
import org.eridanus.event.Interaction;
import org.eridanus.testing.Await;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    @Test
    void shouldAccountForEveryEventAndForeseeMoreThanPopularity() throws IOException {
        Path file = folder.resolve("report.json");

        int code =
                Eridanus.commandLine().execute("demo", "--events=3000", "--http-port=0", "--quiet", "--report=" + file);

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.at("/accounting/violations")).isEmpty();
        assertThat(code).isZero();
        assertThat(report.at("/events").asLong()).isEqualTo(3_000);
        assertThat(report.at("/deadLetters").asLong()).isZero();
        assertAccounted(report, 3_000);
        assertThat(report.at("/recommendations").asLong())
                .isEqualTo(3_000 - report.at("/accounting/coalesced").asLong());
        assertThat(report.at("/prequential/all/n").asLong()).isEqualTo(3_000);
        assertThat(hitRate(report, "prequential")).isGreaterThan(1.2 * hitRate(report, "popularity"));
        assertThat(report.at("/served/n").asLong()
                        + report.at("/served/excluded").asLong())
                .isEqualTo(3_000);
        assertThat(report.at("/served/hr10").asDouble()).isGreaterThan(0);
        for (String positive : List.of(
                "/seconds",
                "/eventsPerSecond",
                "/latencyMs/p50",
                "/latencyMs/p99",
                "/freshnessMs/p50",
                "/freshnessMs/p99",
                "/rowsWrittenPerEvent",
                "/pairRowsWrittenPerEvent",
                "/modelVersion",
                "/peakMemoryMb",
                "/firstRecommendationSeconds")) {
            assertThat(report.at(positive).asDouble()).as(positive).isPositive();
        }
    }

    @Test
    void shouldRunThePapersForm() throws IOException {
        Path file = folder.resolve("report.json");

        int code = Eridanus.commandLine()
                .execute("demo", "--preset=paper", "--events=1500", "--http-port=0", "--quiet", "--report=" + file);

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(code).isZero();
        assertThat(report.at("/preset/name").asText()).isEqualTo("paper");
        assertThat(report.at("/accounting/violations")).isEmpty();
        assertAccounted(report, 1_500);
        assertThat(report.at("/rowsWrittenPerEvent").asDouble()).isPositive();
        assertThat(report.at("/served/n").asLong()).isPositive();
    }

    private static void assertAccounted(JsonNode report, long events) {
        for (String count : List.of("read", "enriched", "trained", "evaluated", "covered")) {
            assertThat(report.at("/accounting/" + count).asLong()).as(count).isEqualTo(events);
        }
    }

    private static double hitRate(JsonNode report, String line) {
        return report.at("/" + line + "/all/hr10").asDouble();
    }

    @Test
    void shouldReplayInteractionsGivenAsCsv() throws IOException {
        Path data = ring();
        Path file = folder.resolve("report.json");

        int code = Eridanus.commandLine()
                .execute("demo", "--data=" + data, "--http-port=0", "--quiet", "--report=" + file);

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(code).isZero();
        assertThat(report.at("/events").asLong()).isEqualTo(600);
        assertThat(report.at("/deadLetters").asLong()).isZero();
        assertThat(report.at("/accounting/evaluated").asLong()).isEqualTo(600);
        assertThat(hitRate(report, "prequential")).isGreaterThan(2 * hitRate(report, "popularity"));
    }

    @Test
    void shouldDropAndNoteWhatTheDataSayNothingOf() throws IOException {
        Path data = ring();
        Path file = folder.resolve("report.json");
        PrintStream screen = System.out;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();

        System.setOut(new PrintStream(shown, true, UTF_8));
        int code;
        try {
            code = Eridanus.commandLine()
                    .execute("demo", "--data=" + data, "--preset=paper", "--http-port=0", "--report=" + file);
        } finally {
            System.setOut(screen);
        }

        assertThat(code).isZero();
        assertThat(shown.toString(UTF_8))
                .containsPattern(
                        "dropped occupation.gender, age.gender, occupation.age: the data say nothing of age, gender,"
                                + " occupation");
        assertAccounted(new ObjectMapper().readTree(file.toFile()), 600);
    }

    /** 40 users walk round a ring of 60 items; nothing else is known of either. */
    private Path ring() throws IOException {
        StringBuilder csv = new StringBuilder("user,item\n");
        for (int step = 0; step < 15; step++) {
            for (int user = 0; user < 40; user++) {
                csv.append('u')
                        .append(user)
                        .append(",i")
                        .append((user * 7 + step) % 60)
                        .append('\n');
            }
        }
        Path data = Files.createDirectories(folder.resolve("ring"));
        Files.writeString(data.resolve("interactions.csv"), csv);
        return data;
    }

    @Test
    void shouldRecommendOtherItemsToTheSameUserOnceItHasLearned() throws IOException {
        Dataset world = SmallWorld.generate();
        String probe = "probe";
        Interaction first = new Interaction(probe, world.items().get(0).id(), "rating", null, 0);
        try (LocalPipeline pipeline = SmallWorld.demo(folder);
                AccountingReader accounting = new AccountingReader(pipeline.bootstrapServers(), List.of(probe));
                EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers())) {
            accounting.start();
            SmallWorld.publishCatalogue(world, pipeline, publisher);
            replay(pipeline, accounting, publisher, List.of(first));
            Optional<byte[]> before = accounting.latestList(probe);
            replay(pipeline, accounting, publisher, world.interactions());

            request(pipeline.bootstrapServers(), probe);

            Await.until(PATIENCE, () -> !accounting.latestList(probe).equals(before), "an answer");
            JsonNode early = new ObjectMapper().readTree(before.orElseThrow());
            JsonNode late =
                    new ObjectMapper().readTree(accounting.latestList(probe).orElseThrow());
            assertThat(late.at("/request").asBoolean()).isTrue();
            assertThat(late.at("/modelVersion").asLong())
                    .isGreaterThan(early.at("/modelVersion").asLong());
            assertThat(late.at("/fallback").isMissingNode())
                    .as("ranked by the model")
                    .isTrue();
            assertThat(items(late)).hasSize(10).isNotEqualTo(items(early)).doesNotContain(first.item());
            assertThat(late.at("/items/0/why")).isNotEmpty();
            assertThat(balance(accounting).violations()).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhereItStoppedWithoutLosingOrDoublingAnything() {
        Dataset world = SmallWorld.generate();
        List<Interaction> all = world.interactions();
        Balance before;
        try (LocalPipeline pipeline = SmallWorld.demo(folder);
                AccountingReader accounting = new AccountingReader(pipeline.bootstrapServers(), List.of());
                EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers())) {
            accounting.start();
            SmallWorld.publishCatalogue(world, pipeline, publisher);
            replay(pipeline, accounting, publisher, all.subList(0, 700));
            before = balance(accounting);
        }

        Balance after;
        try (LocalPipeline pipeline = SmallWorld.demo(folder);
                AccountingReader accounting = new AccountingReader(pipeline.bootstrapServers(), List.of());
                EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers())) {
            accounting.start();
            pipeline.awaitRunning(PATIENCE);
            Await.until(PATIENCE, () -> accounting.progress().read() == 700, "what was there before");
            replay(pipeline, accounting, publisher, all.subList(700, 1_200));
            after = balance(accounting);
        }

        assertThat(before.violations()).isEmpty();
        assertThat(before.read()).isEqualTo(700);
        assertThat(after.violations()).isEmpty();
        assertThat(after.read()).isEqualTo(1_200);
        assertThat(after.covered()).isEqualTo(1_200);
    }

    private static void replay(
            LocalPipeline pipeline,
            AccountingReader accounting,
            EventPublisher publisher,
            List<Interaction> interactions) {
        new Replay(publisher, accounting::progress, pipeline::check, 0, Screen.none()).run(interactions);
    }

    private static Balance balance(AccountingReader accounting) {
        Await.until(PATIENCE, () -> accounting.progress().settled(), "everything to settle");
        return accounting.finish(PATIENCE).balance();
    }

    private static void request(String bootstrapServers, String user) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.RECOMMENDATION_REQUESTS, user, "{\"k\":10}"));
        }
    }

    private static List<String> items(JsonNode list) {
        List<String> items = new ArrayList<>();
        list.get("items").forEach(item -> items.add(item.get("item").asText()));
        return items;
    }
}

package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.eridanus.example.ShopConsumer;
import org.eridanus.example.ShopProducer;
import org.eridanus.testing.Await;
import org.eridanus.testing.ChildProcess;
import org.eridanus.testing.TestBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web shop of README: its configuration, its files, the commands, and the examples in plain Java. */
class ShopIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String BEGIN = "<!-- web shop -->\n```yaml\n";
    private static final int ITEMS = 60;
    private static final int USERS = 30;
    private static final int EVENTS = 600;
    private static final int RATE = 20;

    @TempDir
    private Path folder;

    @Test
    void shouldRecommendInTheShopThatReadmeConfigures() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        Path config =
                Files.writeString(folder.resolve("shop.yaml"), readme.substring(begin, readme.indexOf("```", begin)));
        try (TestBroker broker = TestBroker.start();
                ChildProcess run = ChildProcess.start(
                        folder.resolve("run.log"),
                        Map.of(
                                "ERIDANUS_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                                "ERIDANUS_STATE_FOLDER", folder.resolve("state").toString(),
                                "ERIDANUS_HTTP_PORT", "0"),
                        "run",
                        "--config",
                        config.toString())) {
            run.awaitOutput(PATIENCE, "running; ");
            String[] at = {"--bootstrap", broker.bootstrapServers(), "--config", config.toString()};

            writeFiles();
            assertThat(execute(
                                    at,
                                    "produce",
                                    "items",
                                    folder.resolve("items.csv").toString())
                            .code)
                    .isZero();
            long began = System.nanoTime();
            assertThat(execute(
                                    at,
                                    "produce",
                                    "users",
                                    folder.resolve("users.jsonl").toString(),
                                    "--rate",
                                    "" + RATE)
                            .code)
                    .isZero();
            assertThat(System.nanoTime() - began)
                    .as("ns that " + USERS + " records take")
                    .isGreaterThan((USERS - 1) * 1_000_000_000L / RATE);
            Outcome produced = execute(
                    at, "produce", "interactions", folder.resolve("orders.csv").toString());
            assertThat(produced.code).as("one line of the file is wrong").isEqualTo(1);
            assertThat(produced.err)
                    .contains("orders.csv:" + (EVENTS + 2) + ": missing-field")
                    .contains("refused, and not produced: missing-field 1");
            assertThat(produced.out).contains(EVENTS + " records produced");

            Await.until(
                    PATIENCE,
                    () -> {
                        run.requireAlive();
                        Outcome digest = execute(at, "model", "digest", "--json");
                        return digest.code == 0
                                && json(digest.out).path("events").asInt() == EVENTS;
                    },
                    "a model that has learned from every event");
            JsonNode digest = json(execute(at, "model", "digest", "--json").out);
            assertThat(digest.path("sha256").asText()).matches("[0-9a-f]{64}");
            assertThat(digest.path("rows").asInt()).isGreaterThan(ITEMS);

            JsonNode answer = json(execute(at, "recommend", "--user", "u1", "--k", "5", "--json").out);
            assertThat(answer.path("user").asText()).isEqualTo("u1");
            assertThat(answer.path("items")).hasSize(5);
            assertThat(answer.has("fallback")).isFalse();
            String best = answer.at("/items/0/item").asText();
            assertThat(execute(at, "recommend", "--user", "u1", "--exclude", best).out)
                    .startsWith("u1, ")
                    .doesNotContain("    " + best + " ");

            Outcome table = execute(at, "consume", "--user", "u1", "--titles");
            assertThat(table.code).isZero();
            assertThat(table.out).contains("u1, ").contains("Item ");

            follow(at);

            Path file = folder.resolve("model.gz");
            Outcome exported = execute(at, "model", "export", file.toString());
            assertThat(exported.code).isZero();
            Outcome refused = execute(at, "model", "import", file.toString(), "--replace");
            assertThat(refused.code).isEqualTo(1);
            assertThat(refused.err).contains("no trainer must be running");

            byPlainJava(broker);

            run.terminate();
            assertThat(run.exitCode(Duration.ofSeconds(30))).isZero();

            String last = json(execute(at, "model", "digest", "--json").out)
                    .path("sha256")
                    .asText();
            assertThat(execute(at, "model", "import", file.toString()).err).contains("say --replace");
            assertThat(execute(at, "model", "import", file.toString(), "--replace").code)
                    .isZero();
            String imported = json(execute(at, "model", "digest", "--json").out)
                    .path("sha256")
                    .asText();
            assertThat(exported.out).contains(imported);
            assertThat(imported).isNotEqualTo(last);
        }
    }

    /** Lists are shown as they come, in plain lines where there is no terminal, until a signal. */
    private void follow(String... at) {
        List<String> arguments = new ArrayList<>(List.of("consume", "--follow", "--user", "u1"));
        arguments.addAll(List.of(at));
        try (ChildProcess consume =
                ChildProcess.start(folder.resolve("follow.log"), Map.of(), arguments.toArray(String[]::new))) {
            Await.until(
                    PATIENCE,
                    () -> {
                        consume.requireAlive();
                        return execute(at, "recommend", "--user", "u1").code == 0
                                && consume.output().contains("u1, ");
                    },
                    "a list of u1 while following");
            assertThat(consume.output()).doesNotContain("\u001b");
            consume.terminate();
            assertThat(consume.exitCode(Duration.ofSeconds(30))).isZero();
        }
    }

    private static void byPlainJava(TestBroker broker) throws Exception {
        Map<String, String> lists = new ConcurrentHashMap<>();
        try (ShopProducer shop = new ShopProducer(broker.bootstrapServers());
                ShopConsumer consumer = new ShopConsumer(broker.bootstrapServers(), "shop")) {
            shop.announce("lamp", "A Lamp", "light", 40);
            shop.introduce("anna", "IT");
            shop.bought("anna", "i1");
            Await.until(
                    PATIENCE,
                    () -> {
                        consumer.poll((user, list) -> lists.put(user, list));
                        return lists.containsKey("anna");
                    },
                    "anna's list");
            assertThat(json(lists.get("anna")).path("items").size()).isEqualTo(20);
            shop.withdraw("lamp");
        }
    }

    /** Each user buys in two departments; the last line lacks its item. */
    private void writeFiles() throws IOException {
        Random random = new Random(7);
        List<String> items = new ArrayList<>(List.of("item,title,departments,brand,price"));
        for (int i = 0; i < ITEMS; i++) {
            items.add("i" + i + ",\"Item " + i + ", boxed\",d" + i % 6 + "|sale,b" + i % 4 + "," + (5 + 7 * i));
        }
        List<String> users = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            users.add("{\"user\":\"u" + i + "\",\"country\":\"" + (i % 2 == 0 ? "IT" : "AT")
                    + "\",\"customerSegment\":\"s" + i % 3 + "\",\"age\":" + (20 + i) + "}");
        }
        List<String> orders = new ArrayList<>(List.of("user,item,type,rating,timestamp"));
        for (int i = 0; i < EVENTS; i++) {
            int user = random.nextInt(USERS);
            int item = 6 * random.nextInt(ITEMS / 6) + (user % 3) * 2 + random.nextInt(2);
            orders.add("u" + user + ",i" + item + (i % 5 == 0 ? ",rating,4," : ",purchase,,")
                    + (i % 2 == 0 ? "2026-01-0" + (1 + i % 9) + "T12:00:00Z" : 1_767_225_600_000L + i));
        }
        orders.add("u1,,purchase,,");
        Files.write(folder.resolve("items.csv"), items);
        Files.write(folder.resolve("users.jsonl"), users);
        Files.write(folder.resolve("orders.csv"), orders);
    }

    private record Outcome(int code, String out, String err) {}

    private static Outcome execute(String[] at, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(at));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(screen, true, StandardCharsets.UTF_8));
        try {
            int code = Eridanus.commandLine()
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err))
                    .execute(all.toArray(String[]::new));
            return new Outcome(code, screen.toString(StandardCharsets.UTF_8) + out, err.toString());
        } finally {
            System.setOut(before);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}

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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ExperimentCommandTest {
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        CommandLine commandLine = Eridanus.commandLine();
        commandLine.setErr(new PrintWriter(errors, true));
        return commandLine.execute(arguments);
    }

    /** 40 users walk round a ring of 60 items, each from a place of its own. */
    private Path ring(String name) throws IOException {
        Random random = new Random(3);
        StringBuilder csv = new StringBuilder("user,item\n");
        int[] places = random.ints(40, 0, 60).toArray();
        for (int step = 0; step < 30; step++) {
            for (int user = 0; user < places.length; user++) {
                csv.append('u')
                        .append(user)
                        .append(",i")
                        .append((places[user] + step) % 60)
                        .append('\n');
            }
        }
        Path data = Files.createDirectories(folder.resolve(name));
        Files.writeString(data.resolve("interactions.csv"), csv);
        return data;
    }

    private JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void shouldReplayAnyDataSetAsCsv() throws IOException {
        Path report = folder.resolve("preq.json");

        int exit = run(
                "experiment",
                "prequential",
                "--data",
                ring("ring").toString(),
                "--methods",
                "sequential-rules,popularity",
                "--seeds",
                "1",
                "--report",
                report.toString());

        assertThat(exit).isZero();
        JsonNode json = json(report);
        assertThat(json.path("catalogue").asText()).contains("seen so far");
        assertThat(json.at("/methods/0/unranked").asInt()).isEqualTo(60);
        assertThat(json.at("/methods/0/metrics/preq/all/hr10").asDouble())
                .isGreaterThan(0.2 + json.at("/methods/1/metrics/preq/all/hr10").asDouble());
        // Of 1 200 events the first 360 are not among them.
        assertThat(json.at("/methods/0/metrics/preq/after30/n").asInt()).isEqualTo(840);
        assertThat(folder.resolve("preq.html")).exists();
    }

    @Test
    void shouldHoldOutByTheProtocolsAskedFor() throws IOException {
        Path report = folder.resolve("loo.json");

        int exit = run(
                "experiment",
                "leave-one-out",
                "--data",
                ring("ring").toString(),
                "--methods",
                "ease,popularity",
                "--protocols",
                "p20,full",
                "--held",
                "validation",
                "--seeds",
                "2",
                "--report",
                report.toString());

        assertThat(exit).isZero();
        JsonNode metrics = json(report).at("/methods/0/metrics");
        assertThat(metrics.has("p20")).isTrue();
        assertThat(metrics.has("p99")).isFalse();
        assertThat(metrics.at("/full/hr10").asDouble()).isGreaterThan(0.5);
    }

    @Test
    void shouldTellOfCategoriesThatTheDataLack() throws IOException {
        Path report = folder.resolve("loo.json");
        Path data = ring("ring");
        StringBuilder users = new StringBuilder("user,gender\n");
        for (int user = 0; user < 40; user++) {
            users.append('u').append(user).append(user % 2 == 0 ? ",F\n" : ",M\n");
        }
        Files.writeString(data.resolve("users.csv"), users);
        PrintStream standard = System.out;
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        System.setOut(new PrintStream(screen, true, StandardCharsets.UTF_8));

        int exit;
        try {
            exit = run(
                    "experiment",
                    "leave-one-out",
                    "--data",
                    data.toString(),
                    "--methods",
                    "mlp-5-1,popularity",
                    "--seeds",
                    "1",
                    "--report",
                    report.toString());
        } finally {
            System.setOut(standard);
        }

        assertThat(exit).isZero();
        String dropped = "dropped occupation, age: the data say nothing of age, occupation";
        String catalogue = "no items.csv: the catalogue is the items seen so far in the stream";
        assertThat(screen.toString(StandardCharsets.UTF_8)).contains("mlp-5-1: " + dropped, "ring: " + catalogue);
        assertThat(json(report).at("/methods/0/notes/0").asText()).isEqualTo(dropped);
        assertThat(json(report).at("/methods/1/notes")).isEmpty();
        assertThat(json(report).at("/notes/1").asText()).isEqualTo(catalogue);
        assertThat(Files.readString(folder.resolve("loo.html"))).contains("mlp-5-1: " + dropped, catalogue);
    }

    @Test
    void shouldTellByItsExitCodeWhetherThePresetLost() throws IOException {
        Path report = folder.resolve("travel.json");
        String data = ring("one") + "," + ring("two");

        int exit = run("experiment", "travel", "--data", data, "--seeds", "1", "--report", report.toString());

        JsonNode json = json(report);
        assertThat(json.path("data")).hasSize(2);
        assertThat(exit).isEqualTo(json.path("lost").asBoolean() ? 1 : 0);
    }

    @Test
    void shouldDrawTheFreshnessCurve() throws IOException {
        Path report = folder.resolve("fresh.json");

        int exit = run(
                "experiment",
                "freshness",
                "--data",
                ring("ring").toString(),
                "--events",
                "600",
                "--seeds",
                "1",
                "--preset",
                "association",
                "--report",
                report.toString());

        assertThat(exit).isZero();
        assertThat(json(report).at("/delay/methods")).hasSize(6);
        assertThat(json(report).at("/batch/methods")).hasSize(6);
        assertThat(Files.readString(folder.resolve("fresh.html"))).contains("<svg", "4,096");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prequential   | --methods magic  | got 'magic'
            prequential   | --seeds 0        | --seeds must be 1 to 100, got 0
            prequential   | --events 0       | --events must be at least 1, got 0
            prequential   | --threads 0      | --threads must be 1 to 1000, got 0
            travel        | --report a.html  | --report must name a JSON file, beside which its charts (.html) and tables (.csv) go, got a.html
            leave-one-out | --held all       | --held must be test or validation, got 'all'
            leave-one-out | --protocols p5   | --protocols: protocol must be p20, p99 or full, got 'p5'
            freshness     | --preset magic   | got magic
            paper         | --epochs -1      | --epochs must be 1 to 1000, got -1
            travel        | --data /nowhere  | /nowhere
            """)
    void shouldCallAWrongValueWrongUsage(String experiment, String option, String message) throws IOException {
        String data = ring("ring").toString();
        List<String> arguments = new ArrayList<>(List.of("experiment", experiment));
        if (!option.startsWith("--data")) {
            arguments.addAll(List.of("--data", data));
        }
        arguments.addAll(List.of(option.split(" ")));

        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(errors.toString()).contains(message);
    }

    @Test
    void shouldAskForAnExperiment() {
        assertThat(run("experiment")).isEqualTo(2);
        assertThat(errors.toString()).contains("an experiment is required");
    }
}

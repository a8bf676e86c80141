package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eridanus.accounting.AccountingReader;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Interaction;
import org.eridanus.metrics.Dashboard;
import org.eridanus.metrics.Metric;
import org.eridanus.metrics.Rules;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.testing.Await;
import org.eridanus.testing.PrometheusProcess;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A running demo as Prometheus and Grafana see it: all that dashboards and rules ask returns data. Needs the programs
 * {@code prometheus} and {@code promtool} (Debian's package {@code prometheus}).
 */
class PrometheusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double RATE = 500;
    private static final int SCRAPE_BYTES = 60_000;
    private static final Duration SCRAPE_TIME = Duration.ofMillis(50);
    private static final int SCRAPES = 21;

    /** Alerts that a demo that is well cannot provoke; {@code alerts.test.yml} does. */
    private static final Set<String> PROVOKED_BY_PROMTOOL = Set.of(
            "EridanusRoleNotRunning",
            "EridanusLearningStalled",
            "EridanusAccuracyBelowControlLine",
            "EridanusAccuracyCollapsed",
            "EridanusServedModelTooOld",
            "EridanusFreshnessSlow",
            "EridanusLagGrowing",
            "EridanusRestoreStuck",
            "EridanusMemoryNearLimit",
            "EridanusHeapNearLimit");

    /** A step of Grafana's that is longer than the run: what has happened is still told of. */
    private static final String WIDE_STEP = "30m";

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *(\\w+)\\)");

    @TempDir
    private Path folder;

    private final Set<String> answered = new LinkedHashSet<>();

    @Test
    void shouldPassTheChecksOfPromtool() throws Exception {
        Path promtool = installed("promtool");

        for (List<String> check : List.of(
                List.of("check", "config", "prometheus.yml"),
                List.of("check", "rules", "alerts.yml"),
                List.of("test", "rules", "alerts.test.yml"))) {
            check(promtool, check.get(0), check.get(1), Rules.FOLDER.resolve(check.get(2)));
        }
    }

    /**
     * Learning is frozen from 30 s to 50 s, and versions are refused at 50 s; scraped every 5 s. In the last case nothing but
     * the value a step before tells that learning was frozen.
     */
    @ParameterizedTest
    @CsvSource({"62, 62, 62, 62", "24, 48, 72, 72", "16, 32 48, 64, 64"})
    void shouldMarkEachChangeAtOneStepOfAChart(int step, String frozen, String resumed, String refused)
            throws Exception {
        Path promtool = installed("promtool");
        List<String> markedAt = List.of(frozen, resumed, refused);
        StringBuilder test = new StringBuilder("""
                tests:
                  - interval: 5s
                    input_series:
                      - {series: 'eridanus_training_frozen{instance="a"}', values: "0x5 1x3 0x40"}
                      - {series: 'eridanus_model_refused_versions_total{instance="a"}', values: "0x9 1x40"}
                    promql_expr_test:
                """);
        assertThat(annotations()).hasSameSizeAs(markedAt);
        for (int i = 0; i < markedAt.size(); i++) {
            String expression = annotations().get(i).replace("$instance", ".*").replace("$__interval", step + "s");
            List<String> marked = List.of(markedAt.get(i).split(" "));
            for (int time = step; time < 200; time += step) {
                test.append("      - {expr: '")
                        .append(expression)
                        .append("', eval_time: ")
                        .append(time)
                        .append("s");
                test.append(
                        marked.contains(Integer.toString(time))
                                ? ", exp_samples: [{labels: '{}', value: 1}]}\n"
                                : "}\n");
            }
        }

        check(promtool, "test", "rules", Files.writeString(folder.resolve("annotations.test.yml"), test));
    }

    private static void check(Path promtool, String verb, String what, Path file) throws Exception {
        Process process = new ProcessBuilder(promtool.toString(), verb, what, file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", file, output).isZero();
    }

    @Test
    void shouldAnswerAllThatDashboardsAndRulesAsk() throws Exception {
        Path program = installed("prometheus");
        Dataset world = SyntheticWorld.generate(
                SyntheticWorld.Settings.defaults().withSize(250, 150, 6_000).withClusters(6));
        List<Interaction> events = world.interactions();
        PrometheusProcess prometheus = null;
        try {
            try (LocalPipeline pipeline = SmallWorld.demo(folder.resolve("pipeline"));
                    AccountingReader accounting = new AccountingReader(pipeline.bootstrapServers(), List.of());
                    EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers());
                    KafkaProducer<String, String> raw = rawProducer(pipeline.bootstrapServers())) {
                prometheus =
                        PrometheusProcess.start(program, config(pipeline.http().resolve("metrics")), folder);
                accounting.start();
                SmallWorld.publishCatalogue(world, pipeline, publisher);

                replay(pipeline, accounting, publisher, events.subList(0, 4_000));
                PrometheusProcess running = prometheus;
                assertThat(annotations())
                        .hasSize(3)
                        .allSatisfy(expression -> assertThat(running.query(substituted(expression)))
                                .as("%s, before anything has happened", expression)
                                .isEmpty());
                control(raw, "freeze");
                replay(pipeline, accounting, publisher, events.subList(4_000, 4_500));
                askUntilAnswered(prometheus, alerts("EridanusLearningFrozen"));
                control(raw, "resume");
                produceBad(raw);
                System.gc();
                askForLists(pipeline.http(), events.get(0).user());
                replay(pipeline, accounting, publisher, events.subList(4_500, events.size()));
                askUntilAnswered(prometheus, alerts("EridanusDeadLetters"));
                publishForeignVersion(pipeline.bootstrapServers());
                askUntilAnswered(prometheus, annotations());
                askUntilAnswered(prometheus, alerts("EridanusModelRefused"));
                assertAll(
                        () -> askUntilAnswered(running, panelsAndRecords()),
                        () -> askVariables(running),
                        () -> checkScrape(pipeline.http().resolve("metrics")));
            }
            askUntilAnswered(prometheus, alerts("EridanusDown"));
            Set<String> alerts = Rules.read().alerts().entrySet().stream()
                    .filter(alert -> !answered.contains(Rules.expression(alert.getValue())))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(alerts).as("alerts left to promtool").isEqualTo(new TreeSet<>(PROVOKED_BY_PROMTOOL));
            System.out.println(answered.size() + " expressions returned data");
        } finally {
            if (prometheus != null) {
                prometheus.close();
            }
        }
    }

    private static Path installed(String program) {
        Optional<Path> found = PrometheusProcess.find(program);
        if (found.isEmpty()) {
            String reason = "skipped: " + program + " is not on the PATH; install Debian's package prometheus";
            System.out.println(PrometheusIT.class.getSimpleName() + " " + reason);
            assertThat(System.getenv("CI"))
                    .as("CI, where nothing may be skipped: %s", reason)
                    .isNotEqualTo("true");
            abort(reason);
        }
        return found.orElseThrow();
    }

    /** The project's own configuration, with the demo's address, and faster. */
    private Path config(URI metrics) throws IOException {
        String config = Files.readString(Rules.FOLDER.resolve("prometheus.yml"));
        String changed = config.replace("127.0.0.1:8080", metrics.getAuthority())
                .replace(
                        "- alerts.yml",
                        "- " + Rules.FOLDER.resolve("alerts.yml").toAbsolutePath())
                .replace("scrape_interval: 5s", "scrape_interval: 1s")
                .replace("evaluation_interval: 15s", "evaluation_interval: 1s");
        assertThat(changed).doesNotContain(":8080\"]", "- alerts.yml", "interval: 5s", "interval: 15s");
        return Files.writeString(folder.resolve("prometheus.yml"), changed);
    }

    /** Asks until each of some expressions has returned data, and takes down that it has. */
    private void askUntilAnswered(PrometheusProcess prometheus, List<String> expressions) {
        assertThat(expressions).isNotEmpty();
        Set<String> silent = new LinkedHashSet<>(expressions);
        try {
            Await.until(
                    Duration.ofSeconds(15),
                    () -> {
                        silent.removeIf(expression ->
                                !prometheus.query(substituted(expression)).isEmpty());
                        return silent.isEmpty();
                    },
                    "data");
        } catch (AssertionError e) {
            throw new AssertionError("no data for:\n  " + String.join("\n  ", silent), e);
        }
        answered.addAll(expressions);
    }

    private static void askVariables(PrometheusProcess prometheus) {
        Set<String> queries = Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.variableQueries().stream())
                .collect(Collectors.toSet());
        assertThat(queries).hasSize(2).allSatisfy(query -> {
            Matcher parts = LABEL_VALUES.matcher(query);
            assertThat(parts.matches()).as(query).isTrue();
            assertThat(prometheus.labelValues(substituted(parts.group(1)), parts.group(2)))
                    .as(query)
                    .isNotEmpty();
        });
    }

    private static String substituted(String expression) {
        return expression
                .replace("$__rate_interval", "30s")
                .replace("$__interval", WIDE_STEP)
                .replace("$instance", ".*")
                .replace("$partition", ".*");
    }

    private static List<String> panelsAndRecords() throws IOException {
        List<String> expressions = new ArrayList<>();
        Dashboard.all().forEach(dashboard -> expressions.addAll(dashboard.panelExpressions()));
        Map<String, ?> records = Rules.read().records();
        expressions.addAll(records.keySet());
        assertThat(expressions).hasSizeGreaterThan(150);
        return expressions;
    }

    private static List<String> annotations() {
        return Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.annotationExpressions().stream())
                .distinct()
                .toList();
    }

    private static List<String> alerts(String name) throws IOException {
        return Rules.read().alerts().entrySet().stream()
                .filter(alert -> alert.getKey().equals(name))
                .map(alert -> Rules.expression(alert.getValue()))
                .toList();
    }

    private static void checkScrape(URI metrics) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        long[] nanos = new long[SCRAPES];
        String scrape = "";
        for (int i = 0; i < SCRAPES; i++) {
            long started = System.nanoTime();
            scrape = client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            nanos[i] = System.nanoTime() - started;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "a scrape: %,d bytes, %d series, median %.1f ms, fastest %.1f ms%n",
                scrape.length(),
                scrape.lines().filter(line -> !line.startsWith("#")).count(),
                nanos[SCRAPES / 2] / 1e6,
                nanos[0] / 1e6);

        assertThat(scrape.getBytes(StandardCharsets.UTF_8).length).isLessThan(SCRAPE_BYTES);
        // What a scrape takes by itself: the others waited for the processor, too, where much else runs.
        assertThat(Duration.ofNanos(nanos[0])).isLessThan(SCRAPE_TIME);
        Set<String> exported = scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = Arrays.stream(Metric.values())
                .flatMap(metric -> metric.series().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(exported).isEqualTo(documented);
    }

    private static void askForLists(URI http, String user) throws IOException, InterruptedException {
        URI list = http.resolve("recommendations/" + user + "?k=5");
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
        }
    }

    private static void replay(
            LocalPipeline pipeline, AccountingReader accounting, EventPublisher publisher, List<Interaction> events) {
        new Replay(publisher, accounting::progress, pipeline::check, RATE, Screen.none()).run(events);
    }

    private static void control(KafkaProducer<String, String> raw, String action) {
        raw.send(new ProducerRecord<>(Topics.MODEL_CONTROL, "{\"action\":\"" + action + "\",\"reason\":\"a test\"}"));
        raw.flush();
    }

    /** A version as a trainer with another preset closes it. */
    private static void publishForeignVersion(String bootstrapServers) {
        ModelRow.Marker foreign = new ModelRow.Marker(
                1, 1, 1, 0, 1, 1, 1, new TreeMap<>(), 0, 0, 0, false, "paper", "of other settings", "another");
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.MODEL, foreign.key(), new ModelRowFormat(false).encode(foreign)));
        }
    }

    /** Two per cent of what comes in, a request, and what else is rare. */
    private static void produceBad(KafkaProducer<String, String> raw) {
        for (int i = 0; i < 150; i++) {
            raw.send(new ProducerRecord<>(Topics.INTERACTIONS, "u", "no interaction"));
        }
        raw.send(new ProducerRecord<>(Topics.RECOMMENDATION_REQUESTS, "u1", "{\"k\":5}"));
        raw.flush();
    }

    private static KafkaProducer<String, String> rawProducer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer());
    }
}

package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.LeaveOneOut.Held;
import org.eridanus.evaluation.Metric;
import org.eridanus.evaluation.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonReportTest {
    private static final InteractionLog LOG = new InteractionLog(
            SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(80, 150, 2_000)), Integer.MAX_VALUE);
    private static final List<Method> METHODS =
            Methods.named(List.of("sequential-rules", "random", "popularity-decayed"));

    @TempDir
    private Path folder;

    private static Comparison comparison(int threads) {
        return new Comparison(LOG, List.of(1L, 2L), threads, (done, total, what) -> {});
    }

    private JsonNode json(List<MethodResult> results) throws IOException {
        Path file = folder.resolve("report.json");
        new ComparisonReport(LOG, "test", results, Environment.current(1)).write(file);
        return new ObjectMapper().readTree(Files.readString(file));
    }

    @Test
    void shouldHoldEveryFigureOfAStream() throws IOException {
        List<MethodResult> results = comparison(2).prequential(METHODS);

        JsonNode json = json(results);

        JsonNode rules = json.at("/methods/0");
        assertThat(rules.path("name").asText()).isEqualTo("sequential-rules");
        assertThat(rules.at("/metrics/preq/all/hr10").asDouble())
                .isCloseTo(
                        results.get(0).figure(MethodResult.ALL, Metric.HR, 10).mean(), within(1e-12));
        for (String part : List.of("all", "after30", "lastHalf", "cold")) {
            for (String figure : List.of("hr2", "hr4", "hr6", "hr8", "hr10", "ndcg10", "mrr10")) {
                assertThat(rules.at("/metrics/preq/" + part + "/" + figure).isNumber())
                        .as(part + " " + figure)
                        .isTrue();
            }
        }
        assertThat(rules.at("/metrics/preq/all/n").asLong()).isEqualTo(LOG.size());
        assertThat(rules.at("/settings/window").asInt()).isEqualTo(20);
        assertThat(rules.path("curve")).hasSize(50);
        assertThat(json.at("/methods/1/seeds")).hasSize(2);
        assertThat(json.at("/methods/1/metrics/preq/all/sd/hr10").asDouble()).isPositive();
        assertThat(json.path("repeatsSkipped").asInt()).isEqualTo(LOG.repeats());
        assertThat(json.at("/differences/0/low95").asDouble()).isPositive();
        assertThat(json.at("/environment/jdk").asText()).isNotEmpty();
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("<svg", "sequential-rules", "95 % intervals")
                .doesNotContain("src=", "href=\"http");
        assertThat(Files.readAllLines(folder.resolve("report.csv")))
                .hasSize(1 + 3 * 4 * 15)
                .anyMatch(line -> line.startsWith("synthetic,random,preq.cold,hr10,"));
    }

    @Test
    void shouldHoldEveryProtocolOfLeaveOneOut() throws IOException {
        JsonNode json = json(comparison(1).leaveOneOut(METHODS, Held.TEST, List.of(Protocol.values())));

        for (String protocol : List.of("p20", "p99", "full")) {
            assertThat(json.at("/methods/0/metrics/" + protocol + "/ndcg10").isNumber())
                    .as(protocol)
                    .isTrue();
        }
        // Chance among 21, three standard errors of 2 · 80 users.
        assertThat(json.at("/methods/1/metrics/p20/hr10").asDouble()).isCloseTo(10.0 / 21.0, within(0.12));
    }

    @Test
    void shouldNotDependOnTheNumberOfThreads() {
        List<MethodResult> one = comparison(1).prequential(METHODS);
        List<MethodResult> many = comparison(3).prequential(METHODS);

        for (int i = 0; i < one.size(); i++) {
            assertThat(many.get(i).seeds()).isEqualTo(one.get(i).seeds());
            assertThat(many.get(i).average(MethodResult.ALL).sums(Metric.NDCG, 10))
                    .isEqualTo(one.get(i).average(MethodResult.ALL).sums(Metric.NDCG, 10));
        }
    }

    @Test
    void shouldTellWhichPartFailed() {
        Method failing = new Method("failing", true, false, java.util.Map.of(), (log, seed) -> {
            throw new IllegalStateException("on purpose");
        });

        assertThatThrownBy(() -> comparison(2).prequential(List.of(METHODS.get(0), failing)))
                .isInstanceOf(ExperimentException.class)
                .hasMessageContaining("failing")
                .hasMessageContaining("on purpose");
    }

    @Test
    void shouldRefuseAMethodThatNobodyKnows() {
        assertThatThrownBy(() -> Methods.named(List.of("magic")))
                .isInstanceOf(ExperimentException.class)
                .hasMessageContaining("sequential-rules")
                .hasMessageContaining("'magic'");
    }
}

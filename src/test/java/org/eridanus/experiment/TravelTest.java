package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.evaluation.UserScores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TravelTest {
    @TempDir
    private Path folder;

    @Test
    void shouldCompareThePresetWithTheBestOnlineBaselineOnEachDataSet() throws IOException {
        SyntheticWorld.Settings settings = SyntheticWorld.Settings.defaults().withSize(100, 200, 3_000);
        List<InteractionLog> logs = List.of(
                new InteractionLog(SyntheticWorld.generate(settings).named("one"), Integer.MAX_VALUE),
                new InteractionLog(SyntheticWorld.generate(settings.withSeed(9)).named("two"), Integer.MAX_VALUE));
        Path file = folder.resolve("travel.json");

        Travel travel = Travel.run(logs, List.of(1L), 2, (done, total, what) -> {});
        travel.write(file);

        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        assertThat(json.path("lost").asBoolean()).isEqualTo(travel.lost());
        assertThat(json.path("data")).hasSize(2);
        assertThat(json.at("/data/0/comparison/methods")).hasSize(1 + Methods.ONLINE_BASELINES.size());
        assertThat(json.at("/data/1/hr10/low95").asDouble())
                .isLessThanOrEqualTo(json.at("/data/1/hr10/difference").asDouble());
        assertThat(Methods.ONLINE_BASELINES).contains(json.at("/data/0/rival").asText());
        assertThat(travel.table()).anyMatch(line -> line.startsWith("dan-online minus "));
    }

    @Test
    void shouldLoseToWhoeverIsSignificantlyBetterByEitherMetric() {
        InteractionLog log = new InteractionLog(
                SyntheticWorld.generate(SyntheticWorld.Settings.defaults().withSize(200, 50, 1_000)),
                Integer.MAX_VALUE);
        MethodResult fourth = result("fourth", 4, 4);
        MethodResult oftenFirst = result("often-first", 1, 20);
        MethodResult alwaysTenth = result("always-tenth", 10, 10);

        assertThat(lost(log, fourth, alwaysTenth))
                .as("as many hits, higher places")
                .isFalse();
        assertThat(lost(log, alwaysTenth, fourth))
                .as("as many hits, lower places")
                .isTrue();
        assertThat(lost(log, oftenFirst, fourth))
                .as("fewer hits, higher places")
                .isTrue();
        // The best by HR@10 is no better by NDCG@10, but another one is.
        assertThat(lost(log, alwaysTenth, result("tenth", 10, 10), oftenFirst)).isTrue();
    }

    private static boolean lost(InteractionLog log, MethodResult... results) {
        Travel travel = new Travel(Environment.current(1));
        travel.add(log, List.of(results));
        return travel.lost();
    }

    /** Of a method that ranks every other user's item so, and those of the rest so. */
    private static MethodResult result(String name, int even, int odd) {
        int[] ranks = new int[200];
        for (int user = 0; user < ranks.length; user++) {
            ranks[user] = user % 2 == 0 ? even : odd;
        }
        Method method = new Method(name, true, false, Map.of(), (log, seed) -> {
            throw new AssertionError("not to be run");
        });
        return new MethodResult(
                method,
                List.of(1L),
                Map.of(MethodResult.ALL, List.of(UserScores.of(ranks))),
                List.of(),
                0,
                0.0,
                List.of());
    }
}

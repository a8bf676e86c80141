package org.eridanus.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eridanus.dataset.SyntheticWorld;
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
}

package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eridanus.model.Presets;
import org.eridanus.serde.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The soak in its shortest form, which is too short for the disk to be at its bound; and what it says of a leak. */
class SoakIT {
    private static final int EVENTS = 12_000;

    @TempDir
    private Path folder;

    @Test
    void shouldEvictAccountForEveryEventReplayToTheSameBytesAndTurnRedOnALeak() throws Exception {
        SoakProof.Settings settings = new SoakProof.Settings(EVENTS, 1, Presets.association(), 100, 100, 2_000, 0.5);

        SoakResult result = new SoakProof(settings, folder.resolve("data"), Screen.none(), () -> {}).run();

        assertThat(result.account().violations()).isEmpty();
        assertThat(result.account().read()).isEqualTo(EVENTS);
        assertThat(result.account().enriched() + result.account().refused()).isEqualTo(EVENTS);
        assertThat(result.account().refused()).isEqualTo(EVENTS / 500);
        assertThat(result.account().sampled()).isPositive();
        assertThat(result.users().evictions())
                .isGreaterThan(50)
                .isEqualTo(result.account().evictedUsers());
        assertThat(result.items().evictions()).isGreaterThan(100);
        assertThat(result.replayed())
                .as("a replay with evictions, of a log that is whole in so short a run")
                .contains(new SoakResult.Replayed(Optional.empty()));
        assertThat(result.flatness(SoakSeries.HEAP).flat())
                .as("%s", result.lines())
                .isTrue();
        // This preset has no tower, and so nothing of ND4J's.
        for (SoakSeries series : EnumSet.complementOf(EnumSet.of(SoakSeries.ND4J))) {
            assertThat(result.samples()).as(series.label()).anyMatch(sample -> sample.of(series) > 0);
        }

        SoakResult leaking = leaking(result, 100_000);
        assertThat(leaking.flatness(SoakSeries.HEAP).flat()).isFalse();
        assertThat(leaking.proved()).isFalse();
        assertThat(leaking.lines()).last().isEqualTo("NOT proved");

        Path report = folder.resolve("soak.json");
        JsonReport.write(result.json(), report);
        assertThat(result.draw(report)).contains(folder.resolve("soak.html"));
        JsonNode json = Json.mapper().readTree(Files.readString(report));
        assertThat(json.get("accounting").get("balanced").booleanValue()).isTrue();
        assertThat(json.get("samples")).hasSize(result.samples().size());
        assertThat(json.get("series")).hasSize(SoakSeries.values().length);
        assertThat(Files.readString(folder.resolve("soak.html"))).contains("<svg", "RocksDB", "flat");
    }

    /** The same run with an object for each event of its second half that nobody lets go. */
    private static SoakResult leaking(SoakResult result, long bytes) {
        List<SoakResult.Sample> samples = result.samples().stream()
                .map(sample -> {
                    Map<SoakSeries, Long> measured = new EnumMap<>(sample.bytes());
                    measured.merge(SoakSeries.HEAP, bytes * Math.max(0, sample.events() - EVENTS / 2), Long::sum);
                    return new SoakResult.Sample(sample.events(), sample.seconds(), measured, sample.hitRate());
                })
                .toList();
        return new SoakResult(
                result.settings(),
                samples,
                result.account(),
                result.replayed(),
                result.users(),
                result.items(),
                result.seconds());
    }
}

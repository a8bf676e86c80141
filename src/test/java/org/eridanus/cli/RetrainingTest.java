package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.model.Presets;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.TrainingRecordFormat;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.trainer.TrainingLogs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetrainingTest {
    private static final PipelineSettings SETTINGS = PipelineSettings.of(Presets.association());
    private static final TrainingRecordFormat RECORDS = new TrainingRecordFormat();

    private final List<TrainingRecord> log = TrainingLogs.walks(SETTINGS.schema(), 2, 30, 900, 5);

    @Test
    void shouldComeToTheSameModelTwice() {
        ModelSnapshot once = retrain(log, 3).model();
        ModelSnapshot twice = retrain(log, 3).model();

        assertThat(once.marker().version()).isEqualTo(3);
        assertThat(once.rows().size()).isGreaterThan(2 * TrainingLogs.RING);
        assertThat(twice.digest()).isEqualTo(once.digest());
        assertThat(ModelDifference.between(once, twice)).isEmpty();
    }

    @Test
    void shouldStopAfterTheVersionThatIsWanted() {
        Retraining all = retrain(log, Long.MAX_VALUE);
        Retraining one = retrain(log, 1);

        assertThat(all.done()).isFalse();
        assertThat(all.version()).isGreaterThan(3);
        assertThat(one.done()).isTrue();
        assertThat(one.records()).isLessThan(all.records());
        assertThat(one.model().marker().records()).isEqualTo(one.records());
    }

    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldComeToTheSameModelFromASnapshot(String preset, @TempDir Path folder) throws Exception {
        PipelineSettings settings = PipelineSettings.of(Presets.named(preset));
        List<TrainingRecord> records = TrainingLogs.walks(settings.schema(), 2, 30, 500, 5);
        Retraining whole = retrain(settings, records, Long.MAX_VALUE);
        Path file = folder.resolve("trainer.gz");
        retrain(settings, records, 2).snapshot().write(file);

        TrainerSnapshot snapshot = TrainerSnapshot.read(file);
        Retraining rest = new Retraining(settings, Long.MAX_VALUE, snapshot);
        for (int offset = (int) snapshot.nextOffset(); offset / 2 < records.size(); offset++) {
            if (offset % 2 == 0) {
                rest.take(offset, RECORDS.encode(records.get(offset / 2)));
            }
        }

        assertThat(snapshot.marker().version()).isEqualTo(2);
        assertThat(rest.version()).isEqualTo(whole.version()).isGreaterThan(4);
        assertThat(ModelDifference.between(whole.model(), rest.model())).isEmpty();
        assertThat(rest.model().marker()).isEqualTo(whole.model().marker());
        Path one = folder.resolve("one.gz");
        Path other = folder.resolve("other.gz");
        whole.snapshot().write(one);
        rest.snapshot().write(other);
        assertThat(one).as("snapshots of both").hasSameBinaryContentAs(other);
    }

    @Test
    void shouldRefuseASnapshotThatIsNotAsItWasWritten(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("trainer.gz");
        retrain(log, 1).snapshot().write(file);
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(3);

        for (int i = 0; i < 100; i++) {
            byte[] damaged = bytes.clone();
            // Behind gzip's own head, which holds nothing that matters.
            damaged[10 + random.nextInt(bytes.length - 10)] ^= (byte) (1 << random.nextInt(8));
            assertRefused(file, damaged);
            assertRefused(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
    }

    private static void assertRefused(Path file, byte[] bytes) throws Exception {
        Files.write(file, bytes);

        assertThatThrownBy(() -> TrainerSnapshot.read(file))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("must be a snapshot that was written by model snapshot");
    }

    @Test
    void shouldTellTheFirstRowThatALostRecordChanges() {
        List<TrainingRecord> lossy = new ArrayList<>(log);
        int lost = 2 * TrainingLogs.RING + 1;
        while (!(lossy.get(lost) instanceof TrainingRecord.Event)) {
            lost++;
        }
        lossy.remove(lost);

        ModelSnapshot whole = retrain(log, 3).model();
        ModelSnapshot other = retrain(lossy, 3).model();

        assertThat(other.digest()).isNotEqualTo(whole.digest());
        assertThat(ModelDifference.between(whole, other)).get().asString().startsWith("row ");
    }

    @Test
    void shouldTellOfRowsThatOneSideLacks() {
        ModelSnapshot few = snapshot(new TreeMap<>(Map.of("item/a", "1")));
        ModelSnapshot many = snapshot(new TreeMap<>(Map.of("item/a", "1", "item/b", "22")));

        assertThat(ModelDifference.between(few, many))
                .contains("row item/b is not served, and replay comes to one of 2 bytes");
        assertThat(ModelDifference.between(many, few))
                .contains("row item/b is served, 2 bytes, and replay comes to none");
        assertThat(ModelDifference.between(few, snapshot(new TreeMap<>(Map.of("item/a", "2")))))
                .contains("row item/a differs from byte 0 on: 1 bytes served, 1 bytes by replay");
    }

    @Test
    void shouldNameTheRecordThatIsNone() {
        Retraining retraining = new Retraining(SETTINGS, 1);
        retraining.take(0, RECORDS.encode(log.get(0)));

        assertThatThrownBy(() -> retraining.take(1, new byte[] {99, 1}))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("the record at offset 1 of the training log");
    }

    @Test
    void shouldSayWhyBitsCannotBeCompared() {
        ModelRow.Marker marker = retrain(log, 1).model().marker();

        assertThat(LogReplay.incomparable(marker, SETTINGS)).isEmpty();
        assertThat(LogReplay.incomparable(marker, PipelineSettings.of(Presets.online())))
                .get()
                .asString()
                .contains("the configured model must be the one that was trained, association");
        assertThat(LogReplay.incomparable(
                        marker(Presets.online().preset(), Presets.online().hash(), "blas-elsewhere"),
                        PipelineSettings.of(Presets.online())))
                .get()
                .asString()
                .contains("the trainer's were blas-elsewhere, this machine's are blas-");
    }

    private static Retraining retrain(List<TrainingRecord> log, long version) {
        return retrain(SETTINGS, log, version);
    }

    private static Retraining retrain(PipelineSettings settings, List<TrainingRecord> log, long version) {
        Retraining retraining = new Retraining(settings, version);
        for (int i = 0; i < log.size(); i++) {
            // Transaction markers leave gaps in real offsets.
            retraining.take(2L * i, RECORDS.encode(log.get(i)));
        }
        return retraining;
    }

    private static ModelSnapshot snapshot(SortedMap<String, String> rows) {
        ModelSnapshot.Collector collector = new ModelSnapshot.Collector(Generation.FIRST);
        rows.forEach((key, value) -> collector.take(key.getBytes(UTF_8), value.getBytes(UTF_8)));
        collector.take(
                ModelRow.Marker.KEY.getBytes(UTF_8),
                new ModelRowFormat(false).encode(marker("online", "0123456789abcdef", "kernel")));
        return collector.snapshot();
    }

    private static ModelRow.Marker marker(String preset, String hash, String kernel) {
        return new ModelRow.Marker(1, 9, 5, 0, 5, 2, 1, new TreeMap<>(), 1, 2, 0, false, preset, hash, kernel);
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.eridanus.feature.Sha256;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelRowFormat;
import org.eridanus.serde.SequenceChunkFormat;
import org.eridanus.serde.WireFormat;
import org.eridanus.trainer.SequenceChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code model export} and {@code model snapshot} wrote once, and what they hold. */
class ModelFilesTest {
    private static final Path WIRE = Path.of("src/test/resources/wire");
    private static final Path EXPORT = WIRE.resolve("v1/model-export.gz");
    private static final Path SNAPSHOT = WIRE.resolve("v4/trainer-snapshot.gz");
    private static final Path UNTIMED_SNAPSHOT = WIRE.resolve("v1/trainer-snapshot.gz");

    @TempDir
    private Path folder;

    @Test
    void shouldReadAndWriteAModelAsVersionOneDid() throws IOException {
        ModelSnapshot.Collector topic = new ModelSnapshot.Collector(Generation.FIRST);
        WireFormat<ModelRow> rows = new ModelRowFormat(false);
        for (String row :
                List.of("v1/model-item.bin", "v1/model-pairs.bin", "v1/model-description.bin", "v1/model-marker.bin")) {
            byte[] bytes = bytes(row);
            topic.take(rows.decode(bytes).key().getBytes(UTF_8), bytes);
        }
        ModelSnapshot model = topic.snapshot();
        Path written = folder.resolve("model.gz");
        model.write(written);

        ModelSnapshot read = ModelSnapshot.read(kept(EXPORT, written));

        assertThat(read.rows()).hasSize(3);
        assertThat(read.digest()).isEqualTo(model.digest());
        assertThat(read.markerValue()).isEqualTo(bytes("v1/model-marker.bin"));
        assertThat(unpacked(written)).isEqualTo(unpacked(EXPORT));
    }

    @Test
    void shouldReadAndWriteATrainersSnapshotAsBefore() throws IOException {
        TrainerSnapshot snapshot = snapshot(1);
        Path written = folder.resolve("trainer.gz");
        snapshot.write(written);

        TrainerSnapshot read = TrainerSnapshot.read(kept(SNAPSHOT, written));

        assertThat(read.nextOffset()).isEqualTo(123_456_789_012L);
        assertThat(read.marker()).isEqualTo(snapshot.marker());
        assertThat(read.rows()).hasSize(4).containsExactlyEntriesOf(snapshot.rows());
        assertThat(read.sequences()).hasSize(2).containsExactlyEntriesOf(snapshot.sequences());
        assertThat(unpacked(written)).isEqualTo(unpacked(SNAPSHOT));
    }

    @Test
    void shouldReadASnapshotWhoseSequencesHaveNoTimes() throws IOException {
        TrainerSnapshot read = TrainerSnapshot.read(UNTIMED_SNAPSHOT);

        SequenceChunkFormat chunks = new SequenceChunkFormat();
        assertThat(read.sequences().keySet()).isEqualTo(snapshot(1).sequences().keySet());
        assertThat(read.sequences().values())
                .allSatisfy(bytes -> assertThat(chunks.decode(bytes).times()).containsOnly(0));
    }

    @Test
    void shouldRefuseASmallSnapshotThatUnpacksToMoreThanMemory() throws IOException {
        Path file = folder.resolve("bomb.gz");
        snapshot(20_000).write(file);

        // 20 000 stretches of 27 bytes under keys of 14, and about 100 for each entry.
        assertThat(Files.size(file)).isLessThan(400_000);
        assertThat(TrainerSnapshot.read(file, 3 << 20).sequences()).hasSize(20_001);
        assertThatThrownBy(() -> TrainerSnapshot.read(file, 2 << 20))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("must unpack to at most 2 MiB");
    }

    @Test
    void shouldRefuseWhatStandsUnderTheKeyOfSomethingElse() throws IOException {
        Path file = folder.resolve("other.gz");
        byte[] bytes = unpacked(SNAPSHOT);
        String text = new String(bytes, ISO_8859_1);
        byte[] content =
                text.substring(0, text.length() - 32).replace("dense", "sense").getBytes(ISO_8859_1);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content);
            out.write(Sha256.digest().digest(content));
        }

        assertThatThrownBy(() -> TrainerSnapshot.read(file))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("it has what belongs under the key dense under another one");
    }

    /** A snapshot with so many stretches of sequences of one user, and one of another. */
    private static TrainerSnapshot snapshot(int stretches) throws IOException {
        TreeMap<String, byte[]> rows = new TreeMap<>();
        for (String row : List.of(
                "v1/model-item-with-state.bin", "v1/model-dense.bin", "v1/model-accuracy.bin", "v1/model-seen.bin")) {
            byte[] bytes = bytes(row);
            rows.put(TrainerSnapshot.STORED.decode(bytes).key(), bytes);
        }
        SequenceChunkFormat chunks = new SequenceChunkFormat();
        TreeMap<String, byte[]> sequences = new TreeMap<>();
        byte[] withValues = bytes("v4/sequence-chunk-with-values.bin");
        sequences.put(chunks.decode(withValues).key(), withValues);
        SequenceChunk plain = chunks.decode(bytes("v3/sequence-chunk.bin"));
        for (int i = 0; i < stretches; i++) {
            SequenceChunk stretch = SequenceChunk.plain(
                    plain.user(), plain.chunk() + i, plain.position(), plain.items(), plain.events(), plain.times());
            sequences.put(stretch.key(), chunks.encode(stretch));
        }
        ModelRow.Marker marker = (ModelRow.Marker) TrainerSnapshot.STORED.decode(bytes("v1/model-marker.bin"));
        return new TrainerSnapshot(123_456_789_012L, marker, rows, sequences);
    }

    /** The file that is kept; with {@code -Dgolden.write=true} it is made, where it is missing. */
    private static Path kept(Path file, Path written) throws IOException {
        if (Boolean.getBoolean("golden.write") && !Files.exists(file)) {
            Files.copy(written, file);
        }
        assertThat(file)
                .as("a version was written like this once, restore it from version control")
                .exists();
        return file;
    }

    private static byte[] unpacked(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(WIRE.resolve(file));
    }
}

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.TreeMap;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelRowFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSnapshotTest {
    @TempDir
    private Path folder;

    @Test
    void shouldHoldTheRowsOfTheLastCompleteVersionAlone() throws Exception {
        ModelSnapshot.Collector topic = new ModelSnapshot.Collector(Generation.FIRST);
        topic.take(bytes("item/b"), bytes("1"));
        topic.take(bytes("item/a"), bytes("2"));
        topic.take(bytes("item/c"), bytes("3"));
        topic.take(bytes("marker"), marker(1));
        topic.take(bytes("item/a"), bytes("4"));
        topic.take(bytes("item/c"), null);
        topic.take(bytes("marker"), marker(2));
        topic.take(bytes("item/b"), bytes("of a version that is not closed"));

        ModelSnapshot model = topic.snapshot();

        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String part : new String[] {"item/a", "4", "item/b", "1"}) {
            digest.update(ByteBuffer.allocate(4).putInt(part.length()).array());
            digest.update(bytes(part));
        }
        assertThat(model.digest()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
        assertThat(model.marker().version()).isEqualTo(2);
        assertThat(model.json().toString())
                .startsWith(
                        "{\"version\":2,\"trainedThrough\":{\"0\":7,\"3\":9},\"events\":5,\"rows\":2,\"sha256\":\"");
    }

    @Test
    void shouldComeBackFromAFileAsItWas() throws IOException {
        ModelSnapshot model = small();
        Path file = folder.resolve("model.gz");

        model.write(file);
        ModelSnapshot read = ModelSnapshot.read(file);

        assertThat(read.digest()).isEqualTo(model.digest());
        assertThat(read.marker()).isEqualTo(model.marker());
        assertThat(read.markerValue()).isEqualTo(model.markerValue());
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void shouldRefuseADamagedFile() throws IOException {
        Path file = folder.resolve("model.gz");
        small().write(file);
        byte[] whole = Files.readAllBytes(file);

        for (int cut = 1; cut < whole.length; cut++) {
            byte[] part = java.util.Arrays.copyOf(whole, cut);
            Files.write(file, part);
            assertThatThrownBy(() -> ModelSnapshot.read(file))
                    .as("cut to %d bytes", cut)
                    .isInstanceOfAny(CommandException.class);
        }
        Files.writeString(file, "not a model");
        assertThatThrownBy(() -> ModelSnapshot.read(file))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("export it again");
    }

    @Test
    void shouldRefuseASmallFileThatUnpacksToMoreThanMemory() throws IOException {
        ModelSnapshot.Collector topic = new ModelSnapshot.Collector(Generation.FIRST);
        for (int i = 0; i < 8; i++) {
            topic.take(bytes("item/" + i), new byte[1 << 20]);
        }
        topic.take(bytes("marker"), marker(1));
        Path file = folder.resolve("bomb.gz");
        topic.snapshot().write(file);

        assertThat(Files.size(file)).isLessThan(1 << 16);
        assertThat(ModelSnapshot.read(file, 9 << 20).rows()).hasSize(8);
        assertThatThrownBy(() -> ModelSnapshot.read(file, 5 << 20))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("must unpack to at most 5 MiB");
    }

    @Test
    void shouldSayThatThereIsNoCompleteVersion() {
        ModelSnapshot.Collector topic = new ModelSnapshot.Collector(Generation.FIRST);
        topic.take(bytes("item/a"), bytes("1"));

        assertThatThrownBy(topic::snapshot)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("must hold a complete version of generation");
    }

    private static ModelSnapshot small() {
        ModelSnapshot.Collector topic = new ModelSnapshot.Collector(Generation.FIRST);
        topic.take(bytes("item/a"), bytes("1"));
        topic.take(bytes("item/ä"), bytes("2"));
        topic.take(bytes("marker"), marker(3));
        return topic.snapshot();
    }

    private static byte[] marker(long version) {
        TreeMap<Integer, Long> through = new TreeMap<>();
        through.put(0, 7L);
        through.put(3, 9L);
        return new ModelRowFormat(false)
                .encode(new ModelRow.Marker(
                        version, 9, 5, 0, 5, 2, 1, through, 1, 2, 0, false, "online", "0123456789abcdef", "kernel"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

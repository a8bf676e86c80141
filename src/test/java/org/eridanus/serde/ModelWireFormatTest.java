package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eridanus.model.ModelRow;
import org.eridanus.trainer.SequenceChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelWireFormatTest {
    private static final WireFormat<ModelRow> TOPIC = new ModelRowFormat(false);
    private static final WireFormat<ModelRow> STORE = new ModelRowFormat(true);
    private static final WireFormat<SequenceChunk> CHUNKS = new SequenceChunkFormat();

    /** A file below {@code wire}, the format that reads it and the value that it holds. */
    record Golden<T>(String file, WireFormat<T> format, T value) {
        byte[] committed() throws IOException {
            try (InputStream in = ModelWireFormatTest.class.getResourceAsStream("/wire/" + file)) {
                assertThat(in)
                        .as("fixture %s: a version was written like this once, restore it from version control", file)
                        .isNotNull();
                return in.readAllBytes();
            }
        }

        void check() throws IOException {
            byte[] committed = committed();

            assertThat(format.decode(committed)).usingRecursiveComparison().isEqualTo(value);
            assertThat(format.encode(value))
                    .as("%s: a change of bytes needs a new version byte and a reader of the old one", file)
                    .isEqualTo(committed);
        }

        /** Corrupt bytes of the same version are refused, or they are the one encoding of what they hold. */
        boolean readsOrRefuses(byte[] corrupt) {
            T read;
            try {
                read = format.decode(corrupt);
            } catch (WireException expected) {
                assertThat(expected).hasMessageNotContaining("null");
                return false;
            }
            assertThat(format.encode(read)).isEqualTo(corrupt);
            return true;
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Golden<?>> golden() {
        return Stream.of(
                new Golden<>("v1/model-item.bin", TOPIC, WireFixtures.ITEM_ROW),
                new Golden<>("v1/model-item-with-state.bin", STORE, WireFixtures.ITEM_ROW_WITH_STATE),
                new Golden<>("v1/model-pairs.bin", TOPIC, WireFixtures.PAIRS_ROW),
                new Golden<>("v1/model-dense.bin", STORE, WireFixtures.DENSE_ROW),
                new Golden<>("v1/model-marker.bin", TOPIC, WireFixtures.MARKER),
                new Golden<>("v1/model-description.bin", TOPIC, WireFixtures.DESCRIPTION),
                new Golden<>("v1/model-accuracy.bin", STORE, WireFixtures.ACCURACY),
                new Golden<>("v1/model-seen.bin", STORE, WireFixtures.SEEN),
                new Golden<>("v2/model-item-started.bin", STORE, WireFixtures.STARTED_ROW),
                new Golden<>("v2/model-marker-started.bin", TOPIC, WireFixtures.STARTED_MARKER),
                new Golden<>("v3/sequence-chunk.bin", CHUNKS, WireFixtures.CHUNK),
                new Golden<>("v4/sequence-chunk-with-values.bin", CHUNKS, WireFixtures.CHUNK_WITH_VALUES));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldReadAndRewriteCommittedBytes(Golden<?> golden) throws IOException {
        golden.check();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldRefuseBytesThatAreCutOrTooLongOrOfAnotherVersion(Golden<?> golden) throws IOException {
        byte[] committed = golden.committed();
        for (int length = 0; length < committed.length; length++) {
            byte[] cut = Arrays.copyOf(committed, length);
            assertThatThrownBy(() -> golden.format().decode(cut))
                    .as("%s cut to %s bytes", golden, length)
                    .isInstanceOf(WireException.class);
        }
        assertThatThrownBy(() -> golden.format().decode(Arrays.copyOf(committed, committed.length + 1)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("1 bytes are left");
        byte[] newer = committed.clone();
        newer[0] = 9;
        assertThatThrownBy(() -> golden.format().decode(newer))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("version 9 found, version");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldReadNothingThatItWouldWriteOtherwise(Golden<?> golden) throws IOException {
        byte[] committed = golden.committed();
        Random random = new Random(7);
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] corrupt = committed.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                corrupt[1 + random.nextInt(corrupt.length - 1)] = (byte) random.nextInt(256);
            }
            read += golden.readsOrRefuses(corrupt) ? 1 : 0;
        }

        assertThat(read).as("some changes only change the value").isBetween(1, 19_999);
    }

    @Test
    void shouldReadSequencesWithoutTimes() throws IOException {
        SequenceChunk plain = WireFixtures.CHUNK;
        SequenceChunk full = WireFixtures.CHUNK_WITH_VALUES;

        SequenceChunk readPlain = CHUNKS.decode(new Golden<>("v1/sequence-chunk.bin", CHUNKS, plain).committed());
        SequenceChunk readFull =
                CHUNKS.decode(new Golden<>("v1/sequence-chunk-with-values.bin", CHUNKS, full).committed());

        assertThat(readPlain.times()).containsExactly(0, 0, 0, 0);
        assertThat(readPlain).usingRecursiveComparison().ignoringFields("times").isEqualTo(plain);
        assertThat(readFull.times()).containsExactly(0, 0, 0);
        assertThat(readFull).usingRecursiveComparison().ignoringFields("times").isEqualTo(full);
    }

    @Test
    void shouldRefuseUnknownTypeOfRow() {
        assertThatThrownBy(() -> TOPIC.decode(new byte[] {1, 8}))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("type 1..7 expected, got 8");
        assertThatThrownBy(() -> TOPIC.decode(new byte[] {2, 2}))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("type 1 or 4 expected in version 2, got 2");
    }

    @Test
    void shouldRefuseWhatUsersStartWithWhereNobodyDid() throws IOException {
        byte[] row = new Golden<>("v2/model-item-started.bin", STORE, WireFixtures.STARTED_ROW).committed();
        ByteBuffer.wrap(row, row.length - Double.BYTES, Double.BYTES).putDouble(Double.NEGATIVE_INFINITY);
        byte[] marker = TOPIC.encode(WireFixtures.MARKER);
        byte[] counted = Arrays.copyOf(marker, marker.length + 1);
        counted[0] = ModelRowFormat.VERSION_WITH_STARTS;

        assertThatThrownBy(() -> STORE.decode(row))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("an item that users start with expected in version 2");
        assertThatThrownBy(() -> TOPIC.decode(counted))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("users' first events expected in version 2, got none");
    }

    @Test
    void shouldLeaveTheOptimisersStateOutOfTheTopic() {
        ModelRow.Embedding row = (ModelRow.Embedding) TOPIC.decode(TOPIC.encode(WireFixtures.ITEM_ROW_WITH_STATE));
        ModelRow.Dense dense = (ModelRow.Dense) TOPIC.decode(TOPIC.encode(WireFixtures.DENSE_ROW));

        assertThat(row.values()).containsExactly(-.5f, 1e30f);
        assertThat(row.state()).isEmpty();
        assertThat(dense.mixing()).containsExactly(1.5f, .25f);
        assertThat(dense.tower()).containsExactly(1, 2, 3);
        assertThat(dense.mixingState()).isEmpty();
        assertThat(dense.firstMoments()).isEmpty();
        assertThat(dense.secondMoments()).isEmpty();
        assertThat(dense.steps()).isEqualTo(123_456);
    }

    @Test
    void shouldKeepEveryBitOfANumber() {
        float[] values = {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE};
        ModelRow row = new ModelRow.Embedding("user", "u", 0, false, 0, Double.NEGATIVE_INFINITY, -0d, values, values);

        ModelRow.Embedding read = (ModelRow.Embedding) STORE.decode(STORE.encode(row));

        assertThat(read.popularity()).isEqualTo(Double.NEGATIVE_INFINITY);
        for (int i = 0; i < values.length; i++) {
            assertThat(Float.floatToRawIntBits(read.values()[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
            assertThat(Float.floatToRawIntBits(read.state()[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
        }
    }

    @Test
    void shouldRoundTripRowsOfEverySize() {
        for (int n : new int[] {0, 1, 63, 64, 1_000, ModelRowFormat.MAX_SUCCESSORS}) {
            int[] numbers = IntStream.range(0, n).map(i -> i * 3).toArray();
            long[] events = IntStream.range(0, n).mapToLong(i -> i * 5L).toArray();
            long[] times =
                    IntStream.range(0, n).mapToLong(i -> 7L * i * (i % 3 - 1)).toArray();
            ModelRow pairs = new ModelRow.Pairs("i", 0, n, n, numbers, numbers);
            SequenceChunk chunk = SequenceChunk.plain("u", n, n, numbers, events, times);

            assertThat(TOPIC.decode(TOPIC.encode(pairs)))
                    .usingRecursiveComparison()
                    .isEqualTo(pairs);
            assertThat(CHUNKS.decode(CHUNKS.encode(chunk)))
                    .usingRecursiveComparison()
                    .isEqualTo(chunk);
        }
    }

    @Test
    void shouldRefuseToWriteWhatItCouldNotRead() {
        int[] many = IntStream.range(0, ModelRowFormat.MAX_SUCCESSORS + 1).toArray();

        assertThatThrownBy(() -> TOPIC.encode(new ModelRow.Pairs("i", 0, 0, 0, many, many)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 4096 elements, got 4097");
        assertThatThrownBy(() -> TOPIC.encode(new ModelRow.Pairs("i", 0, 0, 0, new int[] {3, 3}, new int[2])))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("successors in ascending order expected, got 3 after 3");
        assertThatThrownBy(
                        () -> CHUNKS.encode(SequenceChunk.plain("u", 0, 0, new int[2], new long[] {7, 6}, new long[2])))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("events in ascending order expected, got 6 after 7");
        assertThatThrownBy(() -> TOPIC.encode(new ModelRow.Embedding(
                        "item", "i", 0, true, 0, 0, 0, new float[ModelRowFormat.MAX_VALUES + 1], new float[0])))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 65536 elements");
    }

    @Test
    void shouldRefuseNumbersThatAddUpToMoreThanTheirTypeHolds() {
        WireWriter pairs = new WireWriter("model row", 64);
        pairs.putByte(1);
        pairs.putByte(2);
        pairs.putText("i");
        pairs.putVarInt(0);
        pairs.putVarInt(0);
        pairs.putVarLong(0);
        WireWriter chunk = new WireWriter("sequence chunk", 64);
        chunk.putByte(1);
        chunk.putText("u");
        chunk.putVarInt(0);
        chunk.putVarInt(0);
        for (WireWriter out : new WireWriter[] {pairs, chunk}) {
            out.putCount(2, 2);
        }
        pairs.putVarInt(Integer.MAX_VALUE);
        pairs.putVarInt(5);
        pairs.putVarInt(1);
        pairs.putVarInt(5);
        chunk.putVarInt(5);
        chunk.putVarLong(Long.MAX_VALUE);
        chunk.putVarInt(5);
        chunk.putVarLong(1);

        assertThatThrownBy(() -> TOPIC.decode(pairs.toBytes()))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("successors in ascending order expected, got a distance of 1 after 2147483647");
        assertThatThrownBy(() -> CHUNKS.decode(chunk.toBytes()))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(
                        "events in ascending order expected, got a distance of 1 after 9223372036854775807");
    }

    @Test
    void shouldWriteAMarkerWithoutAnyPartition() {
        ModelRow marker = new ModelRow.Marker(
                1, 0, 0, 0, 0, 0, 0, new TreeMap<>(), 0, 0, 0, false, "paper", "ffffffffffffffff", "java");

        assertThat(TOPIC.decode(TOPIC.encode(marker))).isEqualTo(marker);
    }
}

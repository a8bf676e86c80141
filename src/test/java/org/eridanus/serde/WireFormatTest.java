package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Limits;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.TrainingRecord;
import org.eridanus.feature.UserHistory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormatTest {
    private static final WireFormat<EnrichedInteraction> ENRICHED = new EnrichedInteractionFormat();
    private static final WireFormat<TrainingRecord> TRAINING = new TrainingRecordFormat();
    private static final WireFormat<UserHistory> HISTORY = new UserHistoryFormat();

    /** A file below {@code wire}, the format that reads it and the value that it holds. */
    record Golden<T>(String file, WireFormat<T> format, T value) {
        byte[] committed() throws IOException {
            try (InputStream in = WireFormatTest.class.getResourceAsStream("/wire/" + file)) {
                assertThat(in)
                        .as(
                                "fixture %s: this version was written like this once, restore it from version control",
                                file)
                        .isNotNull();
                return in.readAllBytes();
            }
        }

        void check() throws IOException {
            byte[] committed = committed();

            assertThat(format.decode(committed)).isEqualTo(value);
            assertThat(format.encode(format.decode(committed)))
                    .as("%s: a change of bytes needs a new version byte and a reader of the old one", file)
                    .isEqualTo(committed);
        }

        void checkBroken() throws IOException {
            byte[] committed = committed();
            for (int length = 0; length < committed.length; length++) {
                byte[] cut = Arrays.copyOf(committed, length);
                assertThatThrownBy(() -> format.decode(cut))
                        .as("%s cut to %s bytes", file, length)
                        .isInstanceOf(WireException.class);
            }
            byte[] longer = Arrays.copyOf(committed, committed.length + 1);
            assertThatThrownBy(() -> format.decode(longer))
                    .isInstanceOf(WireException.class)
                    .hasMessageContaining("1 bytes are left");
            byte[] newer = committed.clone();
            newer[0] = 9;
            assertThatThrownBy(() -> format.decode(newer))
                    .isInstanceOf(WireException.class)
                    .hasMessageMatching(
                            ".*version 9 found, (version|versions [0-9]+ to) " + committed[0] + " expected.*");
        }

        void checkCorrupt(int rounds) throws IOException {
            byte[] committed = committed();
            Random random = new Random(7);
            for (int round = 0; round < rounds; round++) {
                byte[] corrupt = committed.clone();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    corrupt[random.nextInt(corrupt.length)] = (byte) random.nextInt(256);
                }
                try {
                    assertThat(format.decode(corrupt)).isNotNull();
                } catch (WireException expected) {
                    assertThat(expected).hasMessageNotContaining("null");
                }
            }
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Golden<?>> golden() {
        return Stream.of(
                new Golden<>("v2/enriched-interaction.bin", ENRICHED, WireFixtures.FULL),
                new Golden<>("v2/enriched-interaction-smallest.bin", ENRICHED, WireFixtures.SMALLEST),
                new Golden<>("v1/catalogue-item.bin", new CatalogueItemFormat(), WireFixtures.CATALOGUE_ITEM),
                new Golden<>("v1/user-profile.bin", new UserProfileFormat(), WireFixtures.PROFILE),
                new Golden<>("v1/user-history.bin", HISTORY, WireFixtures.HISTORY),
                new Golden<>("v2/training-event.bin", TRAINING, WireFixtures.EVENT),
                new Golden<>("v1/training-item-announced.bin", TRAINING, WireFixtures.ANNOUNCED),
                new Golden<>("v1/training-item-removed.bin", TRAINING, new TrainingRecord.ItemRemoved("i-242")),
                new Golden<>("v1/training-tick.bin", TRAINING, new TrainingRecord.Tick(1_767_225_600_789L)),
                new Golden<>("v1/training-freeze.bin", TRAINING, new TrainingRecord.Freeze("accuracy fell")),
                new Golden<>("v1/training-resume.bin", TRAINING, new TrainingRecord.Resume("")),
                new Golden<>("v1/training-user-forgotten.bin", TRAINING, new TrainingRecord.UserForgotten("u-196")),
                new Golden<>("v1/training-user-evicted.bin", TRAINING, new TrainingRecord.UserEvicted("u-196")),
                new Golden<>(
                        "v1/training-configured.bin",
                        TRAINING,
                        new TrainingRecord.Configured("online", "0123456789abcdef")));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldReadAndRewriteCommittedBytes(Golden<?> golden) throws IOException {
        golden.check();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldRefuseBytesThatAreCutOrTooLongOrOfAnotherVersion(Golden<?> golden) throws IOException {
        golden.checkBroken();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldNeverFailOtherwiseOnCorruptBytes(Golden<?> golden) throws IOException {
        golden.checkCorrupt(20_000);
    }

    @Test
    void shouldRefuseUnknownTypeOfTrainingRecord() {
        assertThatThrownBy(() -> TRAINING.decode(new byte[] {1, 42}))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("type 42 found, a type of 1..9 expected");
    }

    @Test
    void shouldNameTheEmbeddedFormatOfAnotherVersion() {
        byte[] event = TRAINING.encode(WireFixtures.EVENT);
        int embedded = event.length - ENRICHED.encode(WireFixtures.FULL).length;
        event[embedded] = 3;

        assertThatThrownBy(() -> TRAINING.decode(event))
                .hasMessageContaining("enriched interaction: version 3 found, version 2 expected");
    }

    @Test
    void shouldNotAllocateWhatACountPromisesButTheBytesDoNotHold() {
        WireWriter out = new WireWriter("user history", 16);
        out.putByte(1);
        out.putVarInt(5);
        out.putVarLong(0);
        out.putCount(0, 1);
        out.putVarInt(9_999);

        assertThatThrownBy(() -> HISTORY.decode(out.toBytes()))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("a list of 9999 elements in 0 bytes");
    }

    @Test
    void shouldRefuseToWriteWhatItCouldNotRead() {
        EnrichedInteraction tooLong = new EnrichedInteraction(
                new Coordinate(0, 0),
                new Interaction("u", "i", "view", null, 0),
                0,
                Feedback.POSITIVE,
                1,
                true,
                false,
                Map.of(),
                Collections.nCopies(Limits.HISTORY + 1, "i"),
                101,
                List.of(),
                "",
                Attributes.NONE);

        assertThatThrownBy(() -> ENRICHED.encode(tooLong))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 100 elements, got 101");
        assertThatThrownBy(() -> TRAINING.encode(new TrainingRecord.Freeze("x".repeat(5_000))))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 4096 bytes long, got 5000");
        assertThatThrownBy(() -> TRAINING.encode(new TrainingRecord.Freeze("half a pair \ud83c")))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("surrogate pair");
    }

    @Test
    void shouldRoundTripNumbersOfAnyLength() {
        long[] numbers = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 1L << 62, Long.MAX_VALUE};

        for (long number : numbers) {
            WireWriter out = new WireWriter("numbers", 1);
            out.putVarLong(number);
            out.putSigned(number);
            out.putSigned(-number - 1);
            out.putLong(-number);
            out.putDouble(-number / 3.0);
            WireReader in = new WireReader("numbers", out.toBytes());

            assertThat(in.getVarLong()).isEqualTo(number);
            assertThat(in.getSigned()).isEqualTo(number);
            assertThat(in.getSigned()).isEqualTo(-number - 1);
            assertThat(in.getLong()).isEqualTo(-number);
            assertThat(in.getDouble()).isEqualTo(-number / 3.0);
            in.end();
        }
    }

    @Test
    void shouldRefuseNumbersThatAreTooLongOrPadded() {
        byte[] elevenBytes = new byte[11];
        Arrays.fill(elevenBytes, (byte) 0xff);

        assertThatThrownBy(() -> new WireReader("number", elevenBytes).getSigned())
                .hasMessageContaining("more than 64 bits");
        assertThatThrownBy(() -> new WireReader("number", new byte[] {(byte) 0x80, 0}).getSigned())
                .hasMessageContaining("longer than it needs to be");
    }

    @Test
    void shouldKeepTombstones() {
        var serde = WireSerde.catalogueItem();

        assertThat(serde.serializer().serialize("catalogue", null)).isNull();
        assertThat(serde.deserializer().deserialize("catalogue", null)).isNull();
    }

    @Test
    void shouldBeCompact() {
        EnrichedInteraction event = new EnrichedInteraction(
                new Coordinate(3, 50_000),
                new Interaction("196", "242", "rating", 3.0, 881_250_949_000L),
                1_767_225_600_123L,
                Feedback.POSITIVE,
                1,
                true,
                false,
                Map.of("user", List.of("196"), "item", List.of("242")),
                Collections.nCopies(100, "1682"),
                300,
                List.of("recent·item", "history·item"),
                "",
                Attributes.NONE);

        assertThat(ENRICHED.encode(event)).hasSizeLessThan(100 * 5 + 120);
    }
}

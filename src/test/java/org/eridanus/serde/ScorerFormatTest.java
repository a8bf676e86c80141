package org.eridanus.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.eridanus.event.Coordinate;
import org.eridanus.recommend.PendingRefresh;
import org.eridanus.recommend.ServedList;
import org.eridanus.recommend.UserContext;
import org.eridanus.serde.WireFormatTest.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The formats of the scorer's stores; the files never change, and so neither may these values. */
class ScorerFormatTest {
    private static final Coordinate CAUSE = new Coordinate(3, 123_456_789_012L);

    static Stream<Golden<?>> golden() {
        return Stream.of(
                new Golden<>("v3/user-context.bin", new UserContextFormat(), WireFixtures.CONTEXT),
                new Golden<>("v3/user-context-unknown.bin", new UserContextFormat(), UserContext.UNKNOWN),
                new Golden<>(
                        "v1/served-list.bin",
                        new ServedListFormat(),
                        new ServedList(List.of("i-242", "i-7", "映画"), CAUSE, 123_456_789_000L)),
                new Golden<>("v1/served-list-empty.bin", new ServedListFormat(), new ServedList(List.of(), CAUSE, -1)),
                new Golden<>(
                        "v1/pending-refresh.bin",
                        new PendingRefreshFormat(),
                        new PendingRefresh(CAUSE, 1_767_225_600_123L)));
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
        golden.checkCorrupt(5_000);
    }

    @Test
    void shouldReadAContextWithoutTimes() throws IOException {
        Golden<UserContext> old = new Golden<>("v2/user-context.bin", new UserContextFormat(), WireFixtures.CONTEXT);

        UserContext read = old.format().decode(old.committed());

        assertThat(read)
                .isEqualTo(new UserContext(
                        WireFixtures.HISTORY,
                        List.of(0L, 0L),
                        WireFixtures.CONTEXT.profile(),
                        WireFixtures.CONTEXT.newest()));
    }

    @Test
    void shouldRefuseAListThatIsTooLong() {
        ServedList tooLong = new ServedList(Collections.nCopies(101, "i"), CAUSE, 0);

        assertThatThrownBy(() -> new ServedListFormat().encode(tooLong))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most 100 elements, got 101");
    }
}

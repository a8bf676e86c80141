package org.eridanus.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserSequencesTest {
    /** Stores of trainers hold these keys. */
    @Test
    void shouldKeyStretchesSoThatAUsersAscend() {
        assertThat(SequenceChunk.plain("u/1", 0, 0, new int[0], new long[0], new long[0])
                        .key())
                .isEqualTo("u/1/00000000");
        assertThat(SequenceChunk.plain("u", 0xABC, 0, new int[0], new long[0], new long[0])
                        .key())
                .isEqualTo("u/00000abc");
    }

    @Test
    void shouldGiveTheItemsBeforeAPositionNewestFirst() {
        UserSequences sequences = new UserSequences(1_000);
        append(sequences, "u", 10, 11, 12, 13);
        UserSequences.Sequence u = sequences.of("u");

        assertThat(history(u, u.end(), 10)).containsExactly(13, 12, 11, 10);
        assertThat(history(u, u.end(), 2)).containsExactly(13, 12);
        assertThat(history(u, 2, 10)).containsExactly(11, 10);
        assertThat(history(u, 0, 10)).isEmpty();
        assertThat(u.item(2)).isEqualTo(12);
    }

    @Test
    void shouldFindAnEventsUserAndPosition() {
        UserSequences sequences = new UserSequences(10_000);
        for (int event = 0; event < 5_000; event++) {
            append(sequences, "u" + event % 7, event);
        }

        assertThat(sequences.start()).isZero();
        assertThat(sequences.next()).isEqualTo(5_000);
        assertThat(sequences.users()).isEqualTo(7);
        for (int event = 0; event < 5_000; event++) {
            UserSequences.Sequence owner = Objects.requireNonNull(sequences.owner(event));
            assertThat(owner).isSameAs(sequences.of("u" + event % 7));
            assertThat(sequences.position(event)).isEqualTo(event / 7);
            assertThat(owner.item(event / 7)).isEqualTo(event);
        }
    }

    @Test
    void shouldNotRememberWhomItWasOnlyAskedFor() {
        UserSequences sequences = new UserSequences(10);
        for (int i = 0; i < 1_000; i++) {
            assertThat(sequences.of("passer-by " + i).size()).isZero();
        }

        assertThat(sequences.users()).isZero();
        assertThat(sequences.forget("passer-by 1")).isEmpty();
    }

    @Test
    void shouldDropTheOlderHalfOfTheWindow() {
        UserSequences sequences = new UserSequences(10);
        append(sequences, "early", 1, 2);
        append(sequences, "both", 3, 4, 5, 6);
        append(sequences, "late", 7, 8, 9);
        assertThat(sequences.full()).isFalse();
        append(sequences, "both", 10);
        assertThat(sequences.full()).isTrue();

        sequences.dropOlderHalf();

        // Events 0 … 4 went: both of early's and three of both's.
        assertThat(sequences.start()).isEqualTo(5);
        assertThat(sequences.next()).isEqualTo(10);
        assertThat(sequences.dropped()).isEqualTo(5);
        assertThat(sequences.full()).isFalse();
        assertThat(sequences.users()).isEqualTo(2);
        UserSequences.Sequence both = sequences.of("both");
        assertThat(both.first()).isEqualTo(3);
        assertThat(both.end()).isEqualTo(5);
        assertThat(history(both, both.end(), 10)).containsExactly(10, 6);
        assertThat(history(both, 4, 10)).containsExactly(6);
        assertThat(sequences.owner(5)).isSameAs(both);
        assertThat(sequences.position(5)).isEqualTo(3);
        assertThat(sequences.position(9)).isEqualTo(4);
        assertThat(sequences.owner(6)).isSameAs(sequences.of("late"));
        append(sequences, "early", 11);
        assertThat(sequences.position(10))
                .as("whom nothing is remembered of starts anew")
                .isZero();
    }

    @Test
    void shouldForgetAUser() {
        UserSequences sequences = new UserSequences(100);
        append(sequences, "a", 1, 2);
        append(sequences, "b", 3);
        append(sequences, "a", 4);

        assertThat(sequences.forget("a")).hasSize(1);
        assertThat(sequences.forget("a")).isEmpty();

        assertThat(sequences.users()).isEqualTo(1);
        assertThat(sequences.next()).as("numbers of events stay").isEqualTo(4);
        assertThat(sequences.owner(0)).isNull();
        assertThat(sequences.owner(1)).isNull();
        assertThat(sequences.owner(2)).isSameAs(sequences.of("b"));
        assertThat(sequences.owner(3)).isNull();
        assertThat(sequences.of("a").size()).isZero();
    }

    @Test
    void shouldHandOverChangedChunksOnce() {
        UserSequences sequences = new UserSequences(1_000);
        append(sequences, "u", numbers(0, 130));
        List<SequenceChunk> first = sequences.takeChanges();
        append(sequences, "u", 500);
        List<SequenceChunk> second = sequences.takeChanges();

        assertThat(first).extracting(SequenceChunk::chunk).containsExactly(0, 1, 2);
        assertThat(first).extracting(SequenceChunk::position).containsExactly(0, 64, 128);
        assertThat(first).extracting(chunk -> chunk.items().length).containsExactly(64, 64, 2);
        assertThat(second).hasSize(1);
        assertThat(second.get(0).chunk()).isEqualTo(2);
        assertThat(second.get(0).items()).containsExactly(128, 129, 500);
        assertThat(second.get(0).events()).containsExactly(128, 129, 130);
        assertThat(sequences.takeChanges()).isEmpty();
    }

    @Test
    void shouldDeleteTheChunksOfAForgottenUserBeforeItWritesNewOnes() {
        UserSequences sequences = new UserSequences(1_000);
        append(sequences, "u", numbers(0, 70));
        sequences.takeChanges();

        sequences.forget("u");
        append(sequences, "u", 900);
        List<SequenceChunk> changes = sequences.takeChanges();

        assertThat(changes).extracting(SequenceChunk::chunk).containsExactly(0, 1, 0);
        assertThat(changes).extracting(chunk -> chunk.items().length).containsExactly(0, 0, 1);
    }

    @Test
    void shouldComeBackFromItsChunksWhateverHappened() {
        SplittableRandom random = new SplittableRandom(5);
        UserSequences sequences = new UserSequences(800);
        Map<String, SequenceChunk> store = new HashMap<>();
        int drops = 0;
        int forgotten = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < 50; i++) {
                // One user has events enough for several chunks.
                String user = random.nextBoolean() ? "busy" : "u" + random.nextInt(20 + round);
                append(sequences, user, random.nextInt(10_000));
            }
            if (random.nextInt(5) == 0) {
                forgotten += sequences
                        .forget(round == 30 ? "busy" : "u" + random.nextInt(20))
                        .size();
            }
            if (sequences.full()) {
                sequences.dropOlderHalf();
                drops++;
            }
            sequences.takeChanges().forEach(chunk -> {
                String key = chunk.user() + "/" + String.format("%08x", chunk.chunk());
                if (chunk.items().length == 0) {
                    store.remove(key);
                } else {
                    store.put(key, chunk);
                }
            });

            UserSequences restored = new UserSequences(800);
            restored.restore(new TreeMap<>(store).values(), sequences.start(), sequences.next());

            assertThat(describe(restored)).isEqualTo(describe(sequences));
        }
        assertThat(drops).isGreaterThan(3);
        assertThat(forgotten).isGreaterThan(3);
        long chunks = sequences.users() + 800 / UserSequences.CHUNK + 1;
        assertThat((long) store.size()).as("chunks that hold nothing are gone").isLessThanOrEqualTo(chunks);
    }

    /** Somebody tells of an event under a new id each time. */
    @Test
    void shouldRememberAMillionUsersOfOneEventEach() {
        int users = 1_000_000;
        UserSequences sequences = new UserSequences(users);
        long before = usedHeap();

        for (int user = 0; user < users; user++) {
            append(sequences, "user-" + user, user % 1_000);
            if (user % 2_048 == 0) {
                sequences.takeChanges();
            }
        }
        sequences.takeChanges();

        assertThat(usedHeap() - before).isLessThan(300L << 20);
        assertThat(sequences.users()).isEqualTo(users);
        assertThat(sequences.full()).isTrue();
        sequences.dropOlderHalf();
        assertThat(sequences.users()).isEqualTo(users / 2);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void shouldRefuseAWindowOfOneEvent() {
        assertThatThrownBy(() -> new UserSequences(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trainer.window must be at least 2 events, got 1");
    }

    /** Every remembered event with its user, its position and the history it had. */
    private static List<String> describe(UserSequences sequences) {
        List<String> events = new ArrayList<>();
        for (long event = sequences.start(); event < sequences.next(); event++) {
            UserSequences.Sequence owner = sequences.owner(event);
            if (owner == null) {
                events.add(event + " forgotten");
            } else {
                int position = sequences.position(event);
                events.add(event + " " + position + " of " + owner.first() + ".." + owner.end() + " item "
                        + owner.item(position) + " after " + Arrays.toString(history(owner, position, 5)));
            }
        }
        return events;
    }

    private static void append(UserSequences sequences, String user, int... items) {
        for (int item : items) {
            sequences.append(sequences.of(user), item, time(item), new int[0][], 1f);
        }
    }

    /** When an item is consumed, by whomever, ms. */
    private static long time(int item) {
        return 1_000_000L - 1_000L * item;
    }

    private static int[] numbers(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static int[] history(UserSequences.Sequence sequence, int position, int most) {
        int[] history = new int[most];
        int[] items = Arrays.copyOf(history, sequence.historyBefore(position, history));
        long[] times = new long[items.length];
        sequence.timesBefore(position, times);
        assertThat(times)
                .isEqualTo(
                        Arrays.stream(items).mapToLong(UserSequencesTest::time).toArray());
        return items;
    }
}

package org.eridanus.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What each user consumed, in order, over a window of the newest positive events: the past that training replays, and
 * from which counts are rebuilt. A past event is (user, position); its history is the prefix of that user's sequence.
 *
 * <p>Bounded by the window: when it is full, its older half is dropped. The sequence of a user who is {@linkplain #retire
 * evicted} stays in it under a name that no user has, so that counts, which are a fold over the window, stay. Rests in a store as chunks of
 * {@value #CHUNK} events, of which a version writes those that changed.
 *
 * <p>Threading: not thread-safe.
 */
final class UserSequences {
    /** Events a stored chunk holds. */
    static final int CHUNK = 64;
    /** Between the user and the number of the last event in the name of a retired sequence; ids are free of it. */
    private static final char RETIRED = '\u001F';

    private final int window;
    private final Map<String, Sequence> byUser = new HashMap<>();
    private final Set<Sequence> dirty = new LinkedHashSet<>();
    private final List<SequenceChunk> deleted = new ArrayList<>();
    private @Nullable Sequence[] owners = new @Nullable Sequence[1024];
    private int[] positions = new int[1024];
    private long start;
    private long next;
    private long dropped;

    /**
     * No events yet.
     *
     * @param window positive events to remember, at least 2
     */
    UserSequences(int window) {
        if (window < 2) {
            throw new IllegalArgumentException("trainer.window must be at least 2 events, got " + window);
        }
        this.window = window;
    }

    /** One user's items with the numbers of their events; positions count from the user's first event ever. */
    static final class Sequence {
        private String user;
        // Most users may have a single event: an array each that had room for eight would take a third of the memory.
        private int[] items = new int[1];
        private long[] events = new long[1];
        private long[] times = new long[1];
        private int[][][] values = new int[1][][];
        private float[] weights = new float[1];
        private int first;
        private int size;
        private int dirtyFrom = Integer.MAX_VALUE;

        private Sequence(String user) {
            this.user = user;
        }

        /** The items, oldest first; the first {@link #size()} are valid. Live. */
        int[] items() {
            return items;
        }

        int size() {
            return size;
        }

        /** Position of the oldest remembered event. */
        int first() {
            return first;
        }

        /** Position after the newest event. */
        int end() {
            return first + size;
        }

        /** The item at a position. */
        int item(int position) {
            return items[position - first];
        }

        /** Items before {@code position} into {@code out}, newest first; returns how many. */
        int historyBefore(int position, int[] out) {
            int before = position - first;
            int n = Math.min(before, out.length);
            for (int p = 0; p < n; p++) {
                out[p] = items[before - 1 - p];
            }
            return n;
        }

        /** When the items that {@link #historyBefore} returns were consumed, ms since 1970, into {@code out}. */
        void timesBefore(int position, long[] out) {
            int before = position - first;
            int n = Math.min(before, out.length);
            for (int p = 0; p < n; p++) {
                out[p] = times[before - 1 - p];
            }
        }

        /** The active rows of each category at a position, as they were then. */
        int[][] values(int position) {
            return values[position - first];
        }

        /** How much the event at a position counts. */
        float weight(int position) {
            return weights[position - first];
        }

        /** Removes every event of some items; returns how many. */
        private int remove(BitSet gone) {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (gone.get(items[i])) {
                    dirtyFrom = Math.min(dirtyFrom, first + i);
                } else {
                    items[kept] = items[i];
                    events[kept] = events[i];
                    times[kept] = times[i];
                    values[kept] = values[i];
                    weights[kept] = weights[i];
                    kept++;
                }
            }
            int removed = size - kept;
            Arrays.fill(values, kept, size, null);
            size = kept;
            return removed;
        }

        /** Keeps one copy of what seldom changes from event to event. */
        private void add(int item, long event, long time, int[][] active, float weight) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
                events = Arrays.copyOf(events, size * 2);
                times = Arrays.copyOf(times, size * 2);
                values = Arrays.copyOf(values, size * 2);
                weights = Arrays.copyOf(weights, size * 2);
            }
            items[size] = item;
            events[size] = event;
            times[size] = time;
            values[size] = size > 0 && Arrays.deepEquals(values[size - 1], active) ? values[size - 1] : active;
            weights[size] = weight;
            size++;
        }
    }

    /** Number of the oldest remembered event. */
    long start() {
        return start;
    }

    /** Number that the next event gets: positive events so far. */
    long next() {
        return next;
    }

    /** Events dropped because the window was full, or because their items were evicted. */
    long dropped() {
        return dropped;
    }

    int users() {
        return byUser.size();
    }

    /** The user's sequence; empty, and remembered only from its first event on, for a user without events. */
    Sequence of(String user) {
        Sequence known = byUser.get(user);
        return known == null ? new Sequence(user) : known;
    }

    /** The user of a remembered event, null where the user was forgotten. */
    @Nullable
    Sequence owner(long event) {
        return owners[(int) (event - start)];
    }

    /** The position of a remembered event in its user's sequence. */
    int position(long event) {
        return positions[(int) (event - start)];
    }

    /**
     * Appends an event.
     *
     * @param time when it happened, ms since 1970
     * @param values the active rows of each category, kept
     * @param weight how much it counts
     */
    void append(Sequence sequence, int item, long time, int[][] values, float weight) {
        byUser.putIfAbsent(sequence.user, sequence);
        sequence.dirtyFrom = Math.min(sequence.dirtyFrom, sequence.end());
        dirty.add(sequence);
        index(sequence, sequence.end(), next);
        sequence.add(item, next, time, values, weight);
        next++;
    }

    /** Whether the window is full. */
    boolean full() {
        return next - start >= window;
    }

    /** Drops the older half of the window. */
    void dropOlderHalf() {
        long keepFrom = start + (next - start) / 2;
        dropped += keepFrom - start;
        List<String> empty = new ArrayList<>();
        for (Sequence sequence : byUser.values()) {
            int drop = 0;
            while (drop < sequence.size && sequence.events[drop] < keepFrom) {
                drop++;
            }
            if (drop == sequence.size) {
                empty.add(sequence.user);
            } else if (drop > 0) {
                int from = sequence.first;
                sequence.items = Arrays.copyOfRange(sequence.items, drop, sequence.size);
                sequence.events = Arrays.copyOfRange(sequence.events, drop, sequence.size);
                sequence.times = Arrays.copyOfRange(sequence.times, drop, sequence.size);
                sequence.values = Arrays.copyOfRange(sequence.values, drop, sequence.size);
                sequence.weights = Arrays.copyOfRange(sequence.weights, drop, sequence.size);
                sequence.first += drop;
                sequence.size -= drop;
                delete(sequence.user, from / CHUNK, sequence.first / CHUNK);
            }
        }
        empty.forEach(this::remove);
        start = keepFrom;
        reindex();
    }

    /** Forgets a user, retired sequences included; returns the sequences that were forgotten. */
    List<Sequence> forget(String user) {
        String retired = user + RETIRED;
        List<Sequence> forgotten = byUser.values().stream()
                .filter(sequence -> sequence.user.equals(user) || sequence.user.startsWith(retired))
                .toList();
        forgotten.forEach(sequence -> remove(sequence.user));
        if (!forgotten.isEmpty()) {
            reindex();
        }
        return forgotten;
    }

    /** Whether anything is remembered of a user. */
    boolean remembers(String user) {
        return byUser.containsKey(user);
    }

    /**
     * Parts a user from the sequence so far: the next event begins a new one. What was remembered stays in the window, where
     * it is replayed and counted, until that moves on.
     *
     * @param values turns the active rows of each category into those that are to stay
     */
    void retire(String user, UnaryOperator<int[][]> values) {
        Sequence sequence = byUser.remove(user);
        if (sequence == null) {
            return;
        }
        delete(user, sequence.first / CHUNK, (sequence.end() - 1) / CHUNK + 1);
        sequence.user = user + RETIRED + sequence.events[sequence.size - 1];
        for (int i = 0; i < sequence.size; i++) {
            sequence.values[i] = values.apply(sequence.values[i]);
        }
        byUser.put(sequence.user, sequence);
        sequence.dirtyFrom = sequence.first;
        dirty.add(sequence);
    }

    /** Drops every remembered event of some items; what is left of each sequence closes up. */
    void removeItems(BitSet items) {
        List<String> empty = new ArrayList<>();
        for (Sequence sequence : byUser.values()) {
            int end = sequence.end();
            int removed = sequence.remove(items);
            dropped += removed;
            if (sequence.size == 0) {
                // Its chunks are those it had before.
                sequence.size = removed;
                empty.add(sequence.user);
            } else if (removed > 0) {
                dirty.add(sequence);
                delete(sequence.user, (sequence.end() - 1) / CHUNK + 1, (end - 1) / CHUNK + 1);
            }
        }
        empty.forEach(this::remove);
        reindex();
    }

    private boolean remove(String user) {
        Sequence sequence = byUser.remove(user);
        if (sequence == null) {
            return false;
        }
        dirty.remove(sequence);
        if (sequence.size > 0) {
            delete(user, sequence.first / CHUNK, (sequence.end() - 1) / CHUNK + 1);
        }
        return true;
    }

    private void delete(String user, int fromChunk, int toChunk) {
        for (int chunk = fromChunk; chunk < toChunk; chunk++) {
            deleted.add(SequenceChunk.deleted(user, chunk));
        }
    }

    /** The chunks that changed since the last call, deleted ones (empty) first. */
    List<SequenceChunk> takeChanges() {
        List<SequenceChunk> changes = new ArrayList<>(deleted);
        deleted.clear();
        for (Sequence sequence : dirty) {
            int from = Math.max(sequence.dirtyFrom, sequence.first);
            for (int chunk = from / CHUNK; chunk * CHUNK < sequence.end(); chunk++) {
                int low = Math.max(chunk * CHUNK, sequence.first) - sequence.first;
                int high = Math.min((chunk + 1) * CHUNK, sequence.end()) - sequence.first;
                changes.add(new SequenceChunk(
                        sequence.user,
                        chunk,
                        sequence.first + low,
                        Arrays.copyOfRange(sequence.items, low, high),
                        Arrays.copyOfRange(sequence.events, low, high),
                        Arrays.copyOfRange(sequence.times, low, high),
                        Arrays.copyOfRange(sequence.values, low, high),
                        Arrays.copyOfRange(sequence.weights, low, high)));
            }
            sequence.dirtyFrom = Integer.MAX_VALUE;
        }
        dirty.clear();
        return changes;
    }

    /**
     * Puts back what a store holds.
     *
     * @param chunks a user's chunks in ascending order, users in any
     * @param from number of the oldest event to remember; older ones are skipped
     * @param to number of the next event
     */
    void restore(Iterable<SequenceChunk> chunks, long from, long to) {
        for (SequenceChunk chunk : chunks) {
            Sequence sequence = of(chunk.user());
            for (int i = 0; i < chunk.items().length; i++) {
                if (chunk.events()[i] >= from) {
                    if (sequence.size == 0) {
                        sequence.first = chunk.position() + i;
                        byUser.put(chunk.user(), sequence);
                    }
                    sequence.add(
                            chunk.items()[i],
                            chunk.events()[i],
                            chunk.times()[i],
                            chunk.values()[i],
                            chunk.weights()[i]);
                }
            }
        }
        start = from;
        next = to;
        reindex();
    }

    private void reindex() {
        int length = Math.max(1024, (int) (next - start) + (int) ((next - start) >> 1));
        owners = new @Nullable Sequence[length];
        positions = new int[length];
        for (Sequence sequence : byUser.values()) {
            for (int i = 0; i < sequence.size; i++) {
                index(sequence, sequence.first + i, sequence.events[i]);
            }
        }
    }

    private void index(Sequence sequence, int position, long event) {
        int i = (int) (event - start);
        if (i >= owners.length) {
            owners = Arrays.copyOf(owners, Math.max(i + 1, owners.length + (owners.length >> 1)));
            positions = Arrays.copyOf(positions, owners.length);
        }
        owners[i] = sequence;
        positions[i] = position;
    }
}

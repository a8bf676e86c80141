package org.eridanus.trainer;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A stretch of a user's sequence as it rests in a store. Owns its arrays; whoever makes one hands them over.
 *
 * @param user the user's id
 * @param chunk number of the stretch
 * @param position position of the first event in the user's whole sequence
 * @param items item indices, oldest first; empty for a chunk that is deleted
 * @param events numbers of the events, ascending
 * @param times when each happened, ms since 1970
 * @param values of each event, the active rows of each category that the model reads beside items and histories
 * @param weights of each event, how much it counts
 */
@SuppressWarnings("ArrayRecordComponent") // encoded at once and never compared
public record SequenceChunk(
        String user,
        int chunk,
        int position,
        int[] items,
        long[] events,
        long[] times,
        int[][][] values,
        float[] weights) {
    /** Its key in a store: a user's stretches ascend by key. */
    public String key() {
        return user + '/' + HexFormat.of().toHexDigits(chunk);
    }

    /** A stretch that is deleted. */
    static SequenceChunk deleted(String user, int chunk) {
        return new SequenceChunk(user, chunk, 0, new int[0], new long[0], new long[0], new int[0][][], new float[0]);
    }

    /** A stretch of events that count fully, of a model that reads items and histories alone. */
    public static SequenceChunk plain(String user, int chunk, int position, int[] items, long[] events, long[] times) {
        int[][][] values = new int[items.length][][];
        Arrays.fill(values, new int[0][]);
        float[] weights = new float[items.length];
        Arrays.fill(weights, 1f);
        return new SequenceChunk(user, chunk, position, items, events, times, values, weights);
    }
}

package org.eridanus.trainer;

/**
 * A stretch of a user's sequence as it rests in a store. Owns its arrays; whoever makes one hands them over.
 *
 * @param user the user's id
 * @param chunk number of the stretch
 * @param position position of the first event in the user's whole sequence
 * @param items item indices, oldest first; empty for a chunk that is deleted
 * @param events numbers of the events, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // encoded at once and never compared
public record SequenceChunk(String user, int chunk, int position, int[] items, long[] events) {}

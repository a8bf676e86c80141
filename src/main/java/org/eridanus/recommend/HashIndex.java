package org.eridanus.recommend;

/**
 * Item indices by the stable hash of their id: an open-addressing table from long to int. Hashes are spread over all
 * bits, so their low bits serve as slots.
 *
 * <p>Threading: not thread-safe; the owner locks.
 */
final class HashIndex {
    private long[] hashes = new long[128];
    /** Index + 1, 0 for a free slot. */
    private int[] values = new int[128];

    private int size;

    void put(long hash, int index) {
        if (2 * (size + 1) > hashes.length) {
            grow();
        }
        int slot = slot(hash);
        if (values[slot] == 0) {
            size++;
        }
        hashes[slot] = hash;
        values[slot] = index + 1;
    }

    /** The index, or −1. */
    int get(long hash) {
        return values[slot(hash)] - 1;
    }

    /** Removes a hash, if it is there: what was put behind it moves up. */
    void remove(long hash) {
        int mask = hashes.length - 1;
        int hole = slot(hash);
        if (values[hole] == 0) {
            return;
        }
        size--;
        for (int next = (hole + 1) & mask; values[next] != 0; next = (next + 1) & mask) {
            int home = (int) hashes[next] & mask;
            // It may move to the hole unless its home lies behind the hole.
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                hashes[hole] = hashes[next];
                values[hole] = values[next];
                hole = next;
            }
        }
        values[hole] = 0;
    }

    private int slot(long hash) {
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (values[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldValues = values;
        hashes = new long[2 * oldHashes.length];
        values = new int[hashes.length];
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != 0) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                values[slot] = oldValues[i];
            }
        }
    }
}

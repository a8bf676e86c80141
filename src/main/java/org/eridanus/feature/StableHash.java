package org.eridanus.feature;

/**
 * A 64-bit hash of an id that is the same in every process and version: seen-sets on disk hold it, so it can
 * never change. FNV-1a over the UTF-16 code units (low byte first), then the finaliser of MurmurHash3, which
 * spreads short decimal ids over all bits. Of 10 000 ids two collide with a probability of 3e-12.
 */
public final class StableHash {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private StableHash() {}

    /** The hash of {@code id}. */
    public static long of(String id) {
        long hash = OFFSET;
        for (int i = 0; i < id.length(); i++) {
            char unit = id.charAt(i);
            hash = (hash ^ (unit & 0xff)) * PRIME;
            hash = (hash ^ (unit >>> 8)) * PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}

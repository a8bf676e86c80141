package org.eridanus.accounting;

import java.util.List;
import org.eridanus.feature.StableHash;

/** The first items of a list as 64-bit hashes: a tenth of what their ids take. Immutable. */
public final class HashedItems {
    /** How many items count. */
    public static final int K = 10;

    private final long[] hashes;

    private HashedItems(long[] hashes) {
        this.hashes = hashes;
    }

    /** The first ten of these ids. */
    public static HashedItems of(List<String> ids) {
        return new HashedItems(ids.stream().limit(K).mapToLong(StableHash::of).toArray());
    }

    /** Whether the item is among them. */
    public boolean contains(String id) {
        long wanted = StableHash.of(id);
        for (long hash : hashes) {
            if (hash == wanted) {
                return true;
            }
        }
        return false;
    }
}

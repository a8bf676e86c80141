package org.eridanus.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eridanus.event.Limits;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one user's interactions: the newest consumed items, which the model reads, and the
 * seen-set, which answers whether the user has met an item before and reaches much further back.
 *
 * <ul>
 *   <li>The history is the sequence of positive events, repeats included, so that the history before an event
 *       is always a prefix of the user's sequence; the newest {@link Limits#HISTORY} are kept.
 *   <li>The seen-set holds a {@link StableHash} for each item met with positive or negative feedback, in the
 *       order of the first meeting; beyond {@link Limits#SEEN} the oldest is dropped, and counted.
 *   <li>Ignored events leave no trace.
 * </ul>
 *
 * <p>Immutable; arrays are copied on the way in and out.
 */
public final class UserHistory {
    /** The history of a user of whom nothing is remembered. */
    public static final UserHistory EMPTY = new UserHistory(List.of(), new long[0], 0, 0);

    private final List<String> newest;
    private final long[] seen;
    private final int consumed;
    private final long dropped;

    private UserHistory(List<String> newest, long[] seen, int consumed, long dropped) {
        this.newest = newest;
        this.seen = seen;
        this.consumed = consumed;
        this.dropped = dropped;
    }

    /**
     * A history read back from where it was kept.
     *
     * @param newest item ids, the newest first, at most {@link Limits#HISTORY}
     * @param seen hashes of the items met, the oldest first, at most {@link Limits#SEEN}
     * @param consumed number of positive events ever
     * @param dropped number of hashes that the seen-set had no room for
     */
    public static UserHistory of(List<String> newest, long[] seen, int consumed, long dropped) {
        if (newest.size() > Limits.HISTORY || seen.length > Limits.SEEN || consumed < newest.size() || dropped < 0) {
            throw new IllegalArgumentException("a history holds at most " + Limits.HISTORY
                    + " items, at most as many as"
                    + " were consumed, and a seen-set at most " + Limits.SEEN + ", got " + newest.size() + " items, "
                    + consumed + " consumed, " + seen.length + " seen, " + dropped + " dropped");
        }
        return new UserHistory(List.copyOf(newest), seen.clone(), consumed, dropped);
    }

    /** Item ids of the positive events, the newest first. */
    public List<String> newest() {
        return newest;
    }

    /** How many positive events there were, not capped. */
    public int consumed() {
        return consumed;
    }

    /** How many items the seen-set has forgotten for want of room. */
    public long dropped() {
        return dropped;
    }

    /** How many items the seen-set remembers. */
    public int seenCount() {
        return seen.length;
    }

    /** The hash of the i-th item of the seen-set, the oldest first. */
    public long seenHash(int i) {
        return seen[i];
    }

    /** Whether the user has met {@code item}, as far as the seen-set reaches back. */
    public boolean hasSeen(String item) {
        return indexOf(StableHash.of(item)) >= 0;
    }

    /** The history after an event. */
    public UserHistory after(String item, Feedback feedback) {
        return switch (feedback) {
            case POSITIVE ->
                new UserHistory(
                        prepend(item),
                        seenWith(item),
                        consumed == Integer.MAX_VALUE ? consumed : consumed + 1,
                        droppedWith(item));
            case NEGATIVE -> new UserHistory(newest, seenWith(item), consumed, droppedWith(item));
            case IGNORED -> this;
        };
    }

    private List<String> prepend(String item) {
        int keep = Math.min(newest.size(), Limits.HISTORY - 1);
        List<String> longer = new ArrayList<>(keep + 1);
        longer.add(item);
        longer.addAll(newest.subList(0, keep));
        return List.copyOf(longer);
    }

    private long[] seenWith(String item) {
        long hash = StableHash.of(item);
        if (indexOf(hash) >= 0) {
            return seen;
        }
        int from = seen.length == Limits.SEEN ? 1 : 0;
        long[] longer = new long[seen.length - from + 1];
        System.arraycopy(seen, from, longer, 0, seen.length - from);
        longer[longer.length - 1] = hash;
        return longer;
    }

    private long droppedWith(String item) {
        return seen.length == Limits.SEEN && !hasSeen(item) ? dropped + 1 : dropped;
    }

    private int indexOf(long hash) {
        for (int i = seen.length - 1; i >= 0; i--) {
            if (seen[i] == hash) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UserHistory that
                && consumed == that.consumed
                && dropped == that.dropped
                && newest.equals(that.newest)
                && Arrays.equals(seen, that.seen);
    }

    @Override
    public int hashCode() {
        return 31 * newest.hashCode() + Arrays.hashCode(seen);
    }

    @Override
    public String toString() {
        return "UserHistory[" + consumed + " consumed, newest " + newest + ", " + seen.length + " seen, " + dropped
                + " dropped]";
    }
}

package org.eridanus.accounting;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of offsets, or of other numbers of at least 0 that lie densely: one bit each, in pages of 65 536, so that
 * neither gaps nor a high start cost anything.
 *
 * <p>Threading: not safe for use by several threads.
 */
final class OffsetSet {
    private static final int PAGE_BITS = 16;
    private static final int PAGE_WORDS = 1 << (PAGE_BITS - 6);
    private static final long[] EMPTY = new long[PAGE_WORDS];

    private final Map<Long, long[]> pages = new HashMap<>();
    private long current = -1;
    private long[] currentPage = EMPTY;
    private long largest = -1;

    /**
     * Adds an offset.
     *
     * @return whether it was new
     */
    boolean add(long offset) {
        long number = offset >>> PAGE_BITS;
        if (number != current) {
            current = number;
            currentPage = pages.computeIfAbsent(number, each -> new long[PAGE_WORDS]);
        }
        int word = (int) (offset & 0xffff) >>> 6;
        long bit = 1L << (offset & 63);
        if ((currentPage[word] & bit) != 0) {
            return false;
        }
        currentPage[word] |= bit;
        largest = Math.max(largest, offset);
        return true;
    }

    /** Calls back with each offset that is here and in none of the others, ascending. */
    void forEachOutside(LongConsumer action, @Nullable OffsetSet... others) {
        for (long number : sortedPages()) {
            long[] rest = pageOrEmpty(number).clone();
            for (OffsetSet other : others) {
                if (other != null) {
                    long[] taken = other.pageOrEmpty(number);
                    Arrays.setAll(rest, i -> rest[i] & ~taken[i]);
                }
            }
            forEachBit(number << PAGE_BITS, rest, action);
        }
    }

    /** Calls back with each offset that is both here and there, ascending. */
    void forEachIn(OffsetSet other, LongConsumer action) {
        for (long number : sortedPages()) {
            long[] both = pageOrEmpty(number).clone();
            long[] there = other.pageOrEmpty(number);
            Arrays.setAll(both, i -> both[i] & there[i]);
            forEachBit(number << PAGE_BITS, both, action);
        }
    }

    /** Calls back with each number from 0 to the largest one here that is not here, ascending. */
    void forEachGap(LongConsumer action) {
        for (long number = 0; number << PAGE_BITS <= largest; number++) {
            long[] gaps = pageOrEmpty(number).clone();
            Arrays.setAll(gaps, i -> ~gaps[i]);
            forEachBit(number << PAGE_BITS, gaps, gap -> {
                if (gap < largest) {
                    action.accept(gap);
                }
            });
        }
    }

    private long[] sortedPages() {
        return pages.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private long[] pageOrEmpty(long number) {
        return pages.getOrDefault(number, EMPTY);
    }

    private static void forEachBit(long first, long[] words, LongConsumer action) {
        for (int i = 0; i < words.length; i++) {
            for (long word = words[i]; word != 0; word &= word - 1) {
                action.accept(first + (i << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }
}

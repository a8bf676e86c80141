package org.eridanus.model;

import java.util.Arrays;

/**
 * Draws negatives: distinct candidates that are neither the positive nor consumed by the user.
 *
 * <p>With a pool, a mini-batch draws from a set of items of its own, at most half the catalogue, which bounds the rows
 * it touches; each example still draws for itself from that pool, because examples that share one draw push the same
 * few items down together, which costs much of the accuracy.
 *
 * <p>Threading: not thread-safe.
 */
final class NegativeSampler {
    /** Items that are copied in the time that undoing a swap takes, at least. */
    private static final int COPIED_PER_SWAP = 4;

    private int[] live = new int[0];
    private int liveCount;
    /** The live items, permuted by the swaps below; the first {@link #poolSize} are the pool. */
    private int[] pool = new int[0];

    /** The swaps since the pool was last in the order of the live items, two positions each: undone, they restore it. */
    private int[] swaps = new int[256];

    private int swapCount;
    /** Whether there were so many swaps that copying the live items is less work than to undo them. */
    private boolean shuffled;

    private int poolSize;
    private int[] stamps = new int[0];
    /** Number of the draw, which marks what it must not take; marks of older draws mean nothing. */
    int stamp;

    private int[] drawn = new int[0];

    /**
     * Chooses the pool of a mini-batch: {@code wanted} distinct items, at most half of them all; all where 0. Its cost depends
     * on how many were drawn, not on how many there are, as long as it is given the same array.
     *
     * @param live candidates, which must not change
     * @param count how many are valid
     */
    void choosePool(int[] live, int count, int wanted, SeededRandom random) {
        if (this.live != live || liveCount != count) {
            pool = Arrays.copyOf(live, count);
            this.live = live;
            liveCount = count;
        } else if (shuffled) {
            System.arraycopy(live, 0, pool, 0, count);
        } else {
            while (swapCount > 0) {
                exchange(swaps[--swapCount], swaps[--swapCount]);
            }
        }
        swapCount = 0;
        shuffled = false;
        poolSize = wanted == 0 ? count : Math.min(wanted, Math.max(1, count / 2));
        poolSize = Math.min(poolSize, count);
        if (wanted != 0) {
            for (int i = 0; i < poolSize; i++) {
                swap(i, i + random.nextInt(count - i));
            }
        }
    }

    /**
     * Draws without replacement from the pool.
     *
     * @param items size of the item table
     * @return how many were drawn into {@link #drawn()}; fewer than {@code wanted} where the pool runs out
     */
    int draw(Example example, int wanted, int items, SeededRandom random) {
        if (stamps.length < items) {
            stamps = new int[items + (items >> 1)];
            stamp = 0;
        }
        if (drawn.length < wanted) {
            drawn = new int[wanted];
        }
        if (++stamp == 0) {
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
        for (int i = 0; i < example.consumedCount; i++) {
            stamps[example.consumed[i]] = stamp;
        }
        stamps[example.positive] = stamp;
        int count = 0;
        for (int i = 0; i < poolSize && count < wanted; i++) {
            swap(i, i + random.nextInt(poolSize - i));
            if (stamps[pool[i]] != stamp) {
                drawn[count++] = pool[i];
            }
        }
        return count;
    }

    /** What was drawn last. Live. */
    int[] drawn() {
        return drawn;
    }

    private void swap(int i, int j) {
        if (swapCount < liveCount / COPIED_PER_SWAP) {
            if (swapCount + 2 > swaps.length) {
                swaps = Arrays.copyOf(swaps, swapCount * 2);
            }
            swaps[swapCount++] = i;
            swaps[swapCount++] = j;
        } else {
            shuffled = true;
        }
        exchange(i, j);
    }

    private void exchange(int i, int j) {
        int t = pool[i];
        pool[i] = pool[j];
        pool[j] = t;
    }
}

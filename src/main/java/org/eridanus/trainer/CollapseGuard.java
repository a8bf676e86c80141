package org.eridanus.trainer;

import java.util.Arrays;
import org.eridanus.model.ModelRow;

/**
 * Sees prequential accuracy collapse against its own recent past: what poisoned events, a broken producer or a diverging
 * model do, and drift does not.
 *
 * <p>Ranked events are counted in blocks of n. With h hits (rank 10 or better) in the block that was just filled and H in
 * the m blocks before it ({@value #LEAST} to {@value #MOST}), accuracy has collapsed if h / n &lt; share · H / (m n) and
 *
 * <p>(H / (m n) − h / n) / √(p (1 − p) (1 / n + 1 / (m n))) &gt; significance, p = (h + H) / ((m + 1) n),
 *
 * <p>the one-sided test of two proportions. The decision depends on the tested events alone, in their order.
 *
 * <p>Threading: not thread-safe.
 */
final class CollapseGuard {
    /** Blocks that are needed to compare with. */
    static final int LEAST = 3;
    /** Blocks that are compared with. */
    static final int MOST = 10;

    private final TrainerSettings.Collapse settings;
    private final int[] before = new int[MOST];
    private int blocks;
    private int events;
    private int hits;
    private boolean changed;

    CollapseGuard(TrainerSettings.Collapse settings) {
        this.settings = settings;
    }

    /** Takes the next ranked event; returns whether with it accuracy has collapsed. */
    boolean collapsedWith(boolean hit) {
        if (settings.share() == 0) {
            return false;
        }
        changed = true;
        events++;
        hits += hit ? 1 : 0;
        if (events < settings.events()) {
            return false;
        }
        if (blocks >= LEAST && isCollapse()) {
            return true;
        }
        if (blocks == MOST) {
            System.arraycopy(before, 1, before, 0, MOST - 1);
            blocks--;
        }
        before[blocks++] = hits;
        events = 0;
        hits = 0;
        return false;
    }

    private boolean isCollapse() {
        double n = settings.events();
        double past = n * blocks;
        long past10 = 0;
        for (int block = 0; block < blocks; block++) {
            past10 += before[block];
        }
        double expected = past10 / past;
        double seen = hits / n;
        double pooled = (past10 + hits) / (past + n);
        double error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / past));
        return seen < settings.share() * expected && expected - seen > settings.significance() * error;
    }

    /** Begins anew: what was seen is no measure any more. */
    void reset() {
        changed = settings.share() > 0;
        blocks = 0;
        events = 0;
        hits = 0;
    }

    /** Whether there is something to keep since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** What was seen, to be kept. */
    ModelRow.Accuracy row() {
        return new ModelRow.Accuracy(events, hits, Arrays.copyOf(before, blocks));
    }

    /** Puts back what was kept. */
    void restore(ModelRow.Accuracy row) {
        events = row.events();
        hits = row.hits();
        int[] kept = row.before();
        blocks = Math.min(MOST, kept.length);
        System.arraycopy(kept, kept.length - blocks, before, 0, blocks);
    }
}

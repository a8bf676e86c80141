package org.eridanus.baseline;

import org.eridanus.model.Context;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.PairCounts;

/**
 * Sequential rules: what followed what, the more the closer (Ludewig, Jannach, Evaluation of session-based recommendation
 * algorithms, 2018, with a decay over the user's last items). The counts are the stream's own control line, {@link
 * PairCounts}; items without any evidence follow in the order of decayed popularity. Online.
 */
public final class SequentialRules implements ItemScorer {
    private static final int[][] NO_CATEGORIES = new int[0][];

    private final Histories histories;
    private final int items;
    private final int reach;
    private final PairCounts counts;
    private final PopularityFallback fallback;

    /** Rules that have seen nothing. */
    public SequentialRules(int users, int items, ModelSettings.Pairs settings) {
        this.histories = new Histories(users);
        this.items = items;
        this.reach = Math.max(settings.window(), settings.scanned());
        this.counts = new PairCounts(settings);
        this.fallback = new PopularityFallback(items);
    }

    @Override
    public void observe(int user, int item) {
        counts.add(context(user), item);
        histories.add(user, item);
        fallback.observe(user, item);
    }

    @Override
    public void score(int user, float[] scores) {
        counts.evidence(context(user), scores, items);
        fallback.fill(user, scores);
    }

    private Context context(int user) {
        int[] newest = new int[Math.min(reach, histories.size(user))];
        for (int p = 0; p < newest.length; p++) {
            newest[p] = histories.newest(user, p);
        }
        return new Context(newest, newest.length, NO_CATEGORIES);
    }
}

package org.eridanus.baseline;

import java.util.Arrays;

/**
 * Neighbourhood of items, online: score(u, j) = Σ_p dᵖ sim(h_p, j) over the newest items h_p of the user, p = 0 the newest,
 * sim(i, j) = C_ij / √(n_i n_j), with C_ij the users that consumed both so far (Vinagre, Jorge, Gama, 2014; the decay
 * favours what the user did last). Items without any similar one among them follow in the order of decayed popularity.
 */
public final class OnlineItemKnn implements ItemScorer {
    private static final double NEGLIGIBLE = 1e-3;

    private final Histories histories;
    private final int items;
    private final float[] decays;
    private final int[] occurrences;
    private final PairTable together;
    private final PopularityFallback fallback;

    /**
     * A method that has seen nothing.
     *
     * @param decay d, in (0, 1)
     */
    public OnlineItemKnn(int users, int items, double decay) {
        this.histories = new Histories(users);
        this.items = items;
        this.occurrences = new int[items];
        this.together = new PairTable(items);
        this.fallback = new PopularityFallback(items);
        this.decays = new float[(int) Math.ceil(Math.log(NEGLIGIBLE) / Math.log(decay))];
        for (int p = 0; p < decays.length; p++) {
            decays[p] = (float) Math.pow(decay, p);
        }
    }

    @Override
    public void observe(int user, int item) {
        int[] consumed = histories.items(user);
        for (int p = 0; p < histories.size(user); p++) {
            together.increment(consumed[p], item);
            together.increment(item, consumed[p]);
        }
        occurrences[item]++;
        histories.add(user, item);
        fallback.observe(user, item);
    }

    @Override
    public void score(int user, float[] scores) {
        Arrays.fill(scores, 0, items, 0f);
        int n = Math.min(decays.length, histories.size(user));
        for (int p = 0; p < n; p++) {
            int from = histories.newest(user, p);
            together.addTo(scores, from, decays[p] / (float) Math.sqrt(occurrences[from]));
        }
        for (int j = 0; j < items; j++) {
            scores[j] /= (float) Math.sqrt(Math.max(1, occurrences[j]));
        }
        fallback.fill(user, scores);
    }
}

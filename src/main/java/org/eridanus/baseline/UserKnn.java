package org.eridanus.baseline;

import java.util.Arrays;

/**
 * Neighbourhood of users: score(u, j) = Σ_{v ∈ N(u), j ∈ v} sim(u, v), N(u) the k users with the highest cosine
 * similarity, sim(u, v) = |I_u ∩ I_v| / √(|I_u| |I_v|) (Herlocker et al., 1999, for implicit feedback).
 */
public final class UserKnn implements ItemScorer {
    private final Histories histories;
    private final int items;
    private final int neighbours;
    private int[][] usersByItem = new int[0][];

    /**
     * A method that has seen nothing.
     *
     * @param neighbours k
     */
    public UserKnn(int users, int items, int neighbours) {
        this.histories = new Histories(users);
        this.items = items;
        this.neighbours = neighbours;
    }

    @Override
    public void observe(int user, int item) {
        histories.add(user, item);
    }

    @Override
    public void fit() {
        usersByItem = histories.usersByItem(items);
    }

    @Override
    public void score(int user, float[] scores) {
        Arrays.fill(scores, 0, items, 0f);
        float[] similarities = new float[histories.users()];
        int[] own = histories.items(user);
        for (int p = 0; p < histories.size(user); p++) {
            if (own[p] < usersByItem.length) {
                for (int other : usersByItem[own[p]]) {
                    similarities[other]++;
                }
            }
        }
        similarities[user] = 0f;
        double size = histories.size(user);
        for (int other = 0; other < similarities.length; other++) {
            if (similarities[other] > 0f) {
                similarities[other] = (float) (similarities[other] / Math.sqrt(size * histories.size(other)));
            }
        }
        for (int other : Strongest.of(similarities, neighbours)) {
            int[] consumed = histories.items(other);
            for (int p = 0; p < histories.size(other); p++) {
                scores[consumed[p]] += similarities[other];
            }
        }
    }
}

package org.eridanus.baseline;

import java.util.Arrays;

/**
 * Neighbourhood of items: score(u, j) = Σ_{i ∈ u, i ∈ N(j)} sim(i, j), N(j) the k items with the highest cosine
 * similarity to j, sim(i, j) = |U_i ∩ U_j| / √(|U_i| |U_j|) (Sarwar et al., 2001; Deshpande, Karypis, 2004).
 */
public final class ItemKnn implements ItemScorer {
    private final Histories histories;
    private final int items;
    private final int neighbours;
    /** By item i, the items j that have it among their neighbours, and how similar they are. */
    private int[][] targets = new int[0][];

    private float[][] similarities = new float[0][];

    /**
     * A method that has seen nothing.
     *
     * @param neighbours k
     */
    public ItemKnn(int users, int items, int neighbours) {
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
        int[][] users = histories.usersByItem(items);
        int[] sizes = new int[items];
        targets = new int[items][8];
        similarities = new float[items][8];
        float[] cosine = new float[items];
        for (int j = 0; j < items; j++) {
            Arrays.fill(cosine, 0f);
            for (int user : users[j]) {
                int[] consumed = histories.items(user);
                for (int p = 0; p < histories.size(user); p++) {
                    cosine[consumed[p]]++;
                }
            }
            cosine[j] = 0f;
            for (int i = 0; i < items; i++) {
                if (cosine[i] > 0f) {
                    cosine[i] = (float) (cosine[i] / Math.sqrt((double) users[i].length * users[j].length));
                }
            }
            for (int i : Strongest.of(cosine, neighbours)) {
                if (sizes[i] == targets[i].length) {
                    targets[i] = Arrays.copyOf(targets[i], 2 * sizes[i]);
                    similarities[i] = Arrays.copyOf(similarities[i], 2 * sizes[i]);
                }
                targets[i][sizes[i]] = j;
                similarities[i][sizes[i]++] = cosine[i];
            }
        }
        for (int i = 0; i < items; i++) {
            targets[i] = Arrays.copyOf(targets[i], sizes[i]);
            similarities[i] = Arrays.copyOf(similarities[i], sizes[i]);
        }
    }

    @Override
    public void score(int user, float[] scores) {
        Arrays.fill(scores, 0, items, 0f);
        int[] consumed = histories.items(user);
        for (int p = 0; p < histories.size(user); p++) {
            if (consumed[p] < targets.length) {
                int[] to = targets[consumed[p]];
                for (int n = 0; n < to.length; n++) {
                    scores[to[n]] += similarities[consumed[p]][n];
                }
            }
        }
    }
}

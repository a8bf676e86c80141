package org.eridanus.baseline;

import java.util.BitSet;
import org.eridanus.model.SeededRandom;

/**
 * Matrix factorisation by Bayesian personalised ranking: stochastic gradient ascent of ln σ(s(u, i) − s(u, j)) over
 * consumed i and other j, with L2 regularisation (Rendle et al., 2009).
 */
public final class BprMf implements ItemScorer {
    private static final long PURPOSE_EPOCH = 0x627072L;
    private static final double DEVIATION = 0.1;

    private final Histories histories;
    private final int items;
    private final Settings settings;
    private final long seed;
    private LatentFactors factors;

    /**
     * How it learns.
     *
     * @param width length of a vector
     * @param epochs passes over the data
     * @param rate learning rate of the first epoch, falling linearly to a tenth of it
     * @param regularisation L2 weight
     */
    public record Settings(int width, int epochs, double rate, double regularisation) {}

    /** A method that has seen nothing. */
    public BprMf(int users, int items, Settings settings, long seed) {
        this.histories = new Histories(users);
        this.items = items;
        this.settings = settings;
        this.seed = seed;
        this.factors = initial();
    }

    private LatentFactors initial() {
        return new LatentFactors(histories.users(), items, settings.width(), DEVIATION, seed);
    }

    @Override
    public void observe(int user, int item) {
        histories.add(user, item);
    }

    @Override
    public void fit() {
        factors = initial();
        int total = histories.total();
        int[] users = new int[total];
        int[] positives = new int[total];
        BitSet[] consumed = new BitSet[histories.users()];
        int n = 0;
        for (int user = 0; user < consumed.length; user++) {
            consumed[user] = new BitSet(items);
            for (int p = 0; p < histories.size(user); p++) {
                users[n] = user;
                positives[n++] = histories.items(user)[p];
                consumed[user].set(histories.items(user)[p]);
            }
        }
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            SeededRandom random = SeededRandom.of(seed, PURPOSE_EPOCH, epoch);
            float rate = (float) (settings.rate() * (1.0 - 0.9 * epoch / settings.epochs()));
            for (int i = total - 1; i >= 0; i--) {
                int j = random.nextInt(i + 1);
                int user = users[j];
                int positive = positives[j];
                users[j] = users[i];
                positives[j] = positives[i];
                users[i] = user;
                positives[i] = positive;
                if (consumed[user].cardinality() < items) {
                    step(user, positive, consumed[user], random, rate);
                }
            }
        }
    }

    private void step(int user, int positive, BitSet consumed, SeededRandom random, float rate) {
        int negative = random.nextInt(items);
        while (consumed.get(negative)) {
            negative = random.nextInt(items);
        }
        float[] u = factors.users[user];
        float[] i = factors.items[positive];
        float[] j = factors.items[negative];
        float difference = factors.score(user, positive) - factors.score(user, negative);
        float g = (float) (1.0 / (1.0 + Math.exp(difference)));
        float l2 = (float) settings.regularisation();
        for (int d = 0; d < u.length; d++) {
            float du = g * (i[d] - j[d]) - l2 * u[d];
            float di = g * u[d] - l2 * i[d];
            float dj = -g * u[d] - l2 * j[d];
            u[d] += rate * du;
            i[d] += rate * di;
            j[d] += rate * dj;
        }
        factors.biases[positive] += rate * (g - l2 * factors.biases[positive]);
        factors.biases[negative] += rate * (-g - l2 * factors.biases[negative]);
    }

    @Override
    public void score(int user, float[] scores) {
        factors.score(user, scores);
    }
}

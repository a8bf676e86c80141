package org.eridanus.baseline;

import org.eridanus.model.SeededRandom;

/**
 * User and item vectors whose dot product is the score, with a bias of the item: what the methods of matrix
 * factorisation share.
 *
 * <p>Threading: not thread-safe.
 */
final class LatentFactors {
    private static final long PURPOSE_INIT = 0x6C61746EL;

    final int width;
    final float[][] users;
    final float[][] items;
    final float[] biases;

    /** Vectors of N(0, deviation²) and biases of 0. */
    LatentFactors(int users, int items, int width, double deviation, long seed) {
        this.width = width;
        this.users = vectors(users, width, deviation, SeededRandom.of(seed, PURPOSE_INIT, 0));
        this.items = vectors(items, width, deviation, SeededRandom.of(seed, PURPOSE_INIT, 1));
        this.biases = new float[items];
    }

    private static float[][] vectors(int count, int width, double deviation, SeededRandom random) {
        float[][] vectors = new float[count][width];
        for (float[] vector : vectors) {
            for (int d = 0; d < width; d++) {
                vector[d] = (float) (deviation * random.nextGaussian());
            }
        }
        return vectors;
    }

    float score(int user, int item) {
        return biases[item] + dot(users[user], items[item]);
    }

    void score(int user, float[] scores) {
        float[] u = users[user];
        for (int j = 0; j < items.length; j++) {
            scores[j] = biases[j] + dot(u, items[j]);
        }
    }

    /** Four sums side by side, which the processor computes at once. */
    static float dot(float[] a, float[] b) {
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        int d = 0;
        for (; d + 3 < a.length; d += 4) {
            s0 += a[d] * b[d];
            s1 += a[d + 1] * b[d + 1];
            s2 += a[d + 2] * b[d + 2];
            s3 += a[d + 3] * b[d + 3];
        }
        for (; d < a.length; d++) {
            s0 += a[d] * b[d];
        }
        return s0 + s1 + (s2 + s3);
    }
}

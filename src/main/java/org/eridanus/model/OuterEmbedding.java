package org.eridanus.model;

import java.util.Arrays;

/**
 * The learned embedding of an outer product (paper, Fig. 4 and eqs. 23–25): z = W vec(x ⊗ y …), W [dimension, dimension^n]
 * for n sides. Dense parameters, moved by the rule of embedding rows, all of them with every step.
 *
 * <p>Threading: {@link #embed} and {@link #query} may run in several threads while nothing writes.
 */
final class OuterEmbedding {
    /** Most values of an outer product. */
    static final int MAX_PRODUCTS = 1 << 15;

    private static final long PURPOSE_INIT = 0x6F757465L;

    private final int dimension;
    private final int products;
    /** One row a product, so that the compiler vectorises over the embedding's values. */
    private final float[][] weights;

    private final float[][] gradient;
    private final float[] firstMoments;
    private final float[] secondMoments;
    private final float[] left;
    private final float[] right;
    private final float[] productGradient;
    /** Σ of each row, where the association term asks for it. */
    private final float[] sums;

    /**
     * An embedding with initial weights N(0, 1 / products), which keep the length of what they embed.
     *
     * @param name the combination's
     * @param dimension values of a side and of the result
     * @param sides n
     */
    OuterEmbedding(String name, int dimension, int sides, ModelSettings settings, boolean trainable) {
        this.dimension = dimension;
        double size = Math.pow(dimension, sides);
        if (size > MAX_PRODUCTS) {
            throw new IllegalArgumentException(
                    "combination " + name + ": an outer product of " + sides + " categories of "
                            + dimension + " values has " + (long) size + " values, and at most " + MAX_PRODUCTS
                            + " are embedded; use " + JointFeature.Form.HADAMARD + " or a smaller dimension");
        }
        this.products = (int) size;
        this.weights = new float[products][dimension];
        SeededRandom random = SeededRandom.of(settings.seed(), PURPOSE_INIT ^ SeededRandom.hash(name), 0);
        double deviation = 1.0 / Math.sqrt(products);
        for (float[] row : weights) {
            for (int k = 0; k < dimension; k++) {
                row[k] = (float) (deviation * random.nextGaussian());
            }
        }
        this.gradient = new float[trainable ? products : 0][dimension];
        int states = trainable ? settings.optimiser().stateCopies() : 0;
        this.firstMoments = new float[states >= 1 ? length() : 0];
        this.secondMoments = new float[states >= 2 ? length() : 0];
        Arrays.fill(firstMoments, settings.optimiser().initialState());
        this.left = new float[trainable ? products : 0];
        this.right = new float[trainable ? products : 0];
        this.productGradient = new float[trainable ? products : 0];
        this.sums = new float[settings.association() ? products : 0];
        sum();
    }

    private void sum() {
        for (int i = 0; i < sums.length; i++) {
            float sum = 0f;
            for (float weight : weights[i]) {
                sum += weight;
            }
            sums[i] = sum;
        }
    }

    /** Number of weights. */
    int length() {
        return products * dimension;
    }

    /** Whether it keeps first, or second, state values. */
    boolean hasState(int copy) {
        return (copy == 1 ? firstMoments : secondMoments).length > 0;
    }

    /** Bytes of weights and state. */
    long bytes() {
        return (long) Float.BYTES * (length() + firstMoments.length + secondMoments.length + sums.length);
    }

    /** z = W vec(x ⊗ y …), the sides' vectors in {@code vectors}. */
    void embed(JointFeatures.Laid laid, float[] vectors, float[] out, int at) {
        Arrays.fill(out, at, at + dimension, 0f);
        embed(laid, vectors, 0, 1f, 0, out, at);
    }

    private void embed(
            JointFeatures.Laid laid, float[] vectors, int side, float product, int index, float[] out, int at) {
        if (side == laid.sides.length) {
            float[] row = weights[index];
            for (int k = 0; k < dimension; k++) {
                out[at + k] += product * row[k];
            }
            return;
        }
        int from = laid.sides[side].at;
        for (int d = 0; d < dimension; d++) {
            embed(laid, vectors, side + 1, product * vectors[from + d], index * dimension + d, out, at);
        }
    }

    /**
     * Adds ∂L/∂W of one example.
     *
     * @param g ∂L/∂z, from {@code from}
     * @return ∂L/∂(products), valid until the next call
     */
    float[] backward(JointFeatures.Laid laid, float[] vectors, float[] g, int from) {
        outer(laid, vectors, 0, laid.sides.length, left);
        for (int i = 0; i < products; i++) {
            float[] row = weights[i];
            float[] sum = gradient[i];
            float product = left[i];
            float dot = 0f;
            for (int k = 0; k < dimension; k++) {
                sum[k] += product * g[from + k];
                dot += row[k] * g[from + k];
            }
            productGradient[i] = dot;
        }
        return productGradient;
    }

    /** ∂L/∂x of side {@code k}: Σ over the products that hold it, times the values of the other sides. */
    void contract(JointFeatures.Laid laid, int k, float[] vectors, float[] ofProducts, float[] out) {
        contract(laid, k, vectors, ofProducts, out, left, right);
    }

    /**
     * The vector u of which Σ z = u · y, y being the vector of side {@code k}: an outer product's sum is linear in each of
     * its sides, so that a catalogue is scored by u as it is by a Hadamard product.
     */
    void query(JointFeatures.Laid laid, int k, float[] vectors, float[] out) {
        int before = power(k);
        contract(laid, k, vectors, sums, out, new float[before], new float[products / before / dimension]);
    }

    private int power(int sides) {
        int power = 1;
        for (int i = 0; i < sides; i++) {
            power *= dimension;
        }
        return power;
    }

    private void contract(
            JointFeatures.Laid laid,
            int k,
            float[] vectors,
            float[] ofProducts,
            float[] out,
            float[] left,
            float[] right) {
        int before = outer(laid, vectors, 0, k, left);
        int after = outer(laid, vectors, k + 1, laid.sides.length, right);
        Arrays.fill(out, 0, dimension, 0f);
        for (int l = 0; l < before; l++) {
            for (int d = 0; d < dimension; d++) {
                float sum = 0f;
                int at = (l * dimension + d) * after;
                for (int r = 0; r < after; r++) {
                    sum += ofProducts[at + r] * right[r];
                }
                out[d] += left[l] * sum;
            }
        }
    }

    /** The outer product of some sides; returns its number of values. */
    private int outer(JointFeatures.Laid laid, float[] vectors, int from, int to, float[] out) {
        out[0] = 1f;
        int size = 1;
        for (int side = from; side < to; side++) {
            int at = laid.sides[side].at;
            for (int i = size - 1; i >= 0; i--) {
                float value = out[i];
                for (int d = dimension - 1; d >= 0; d--) {
                    out[i * dimension + d] = value * vectors[at + d];
                }
            }
            size *= dimension;
        }
        return size;
    }

    /** Σ of the squares of the gradients. */
    double squaredNorm() {
        double sum = 0.0;
        for (float[] row : gradient) {
            sum += LearningGuard.squaredNorm(row, 0, dimension);
        }
        return sum;
    }

    /** One step by the gradients, which are then forgotten. */
    void apply(ModelSettings.Optimiser optimiser, long step) {
        float rate = RowGradients.rate(optimiser, step);
        for (int i = 0; i < products; i++) {
            RowGradients.move(
                    optimiser,
                    rate,
                    weights[i],
                    0,
                    gradient[i],
                    firstMoments,
                    i * dimension,
                    secondMoments,
                    i * dimension,
                    dimension);
        }
        clear();
        sum();
    }

    void clear() {
        for (float[] row : gradient) {
            Arrays.fill(row, 0f);
        }
    }

    /** Copies weights and state into flat arrays from {@code at}; the state where it is kept. */
    void copyTo(float[] values, float[] first, float[] second, int at) {
        for (int i = 0; i < products; i++) {
            System.arraycopy(weights[i], 0, values, at + i * dimension, dimension);
        }
        if (firstMoments.length > 0) {
            System.arraycopy(firstMoments, 0, first, at, firstMoments.length);
        }
        if (secondMoments.length > 0) {
            System.arraycopy(secondMoments, 0, second, at, secondMoments.length);
        }
    }

    /** Puts weights, and state where it is kept, that were written by {@link #copyTo}. */
    void copyFrom(float[] values, float[] first, float[] second, int at) {
        for (int i = 0; i < products; i++) {
            System.arraycopy(values, at + i * dimension, weights[i], 0, dimension);
        }
        if (firstMoments.length > 0) {
            System.arraycopy(first, at, firstMoments, 0, firstMoments.length);
        }
        if (secondMoments.length > 0) {
            System.arraycopy(second, at, secondMoments, 0, secondMoments.length);
        }
        sum();
    }
}

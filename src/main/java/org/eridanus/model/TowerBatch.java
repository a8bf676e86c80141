package org.eridanus.model;

import java.util.Arrays;

/**
 * Inputs of the tower, and of the linear layer beside it, for a batch of (example, candidate) pairs, with dropout and the
 * gradients that come back.
 *
 * <p>Threading: not thread-safe; the network's one writer.
 */
final class TowerBatch {
    private static final long PURPOSE_DROPOUT = 0x64726F70L;
    private static final float[] NONE = {};

    private final DeepAssociationNetwork network;
    private final Tower tower;
    private final int inputs;
    private final int wideInputs;
    private final float keep;
    private final SeededRandom random = SeededRandom.of(0, 0, 0);
    private float[] rows = new float[0];
    private float[] wideRows = new float[0];
    private float[] wideOutputs = new float[0];
    private float[] masks = new float[0];
    private float[] wideMasks = new float[0];
    private float[] gradients = new float[0];
    private float[] wideGradients = new float[0];

    TowerBatch(DeepAssociationNetwork network, Tower tower, ModelSettings.TowerSettings settings) {
        this.network = network;
        this.tower = tower;
        this.inputs = network.towerInputs();
        this.wideInputs = network.wideFeatures.length * network.dimension;
        this.keep = 1f - settings.dropout();
    }

    /** Makes room for {@code pairs} rows. */
    void ensure(int pairs) {
        if (rows.length < pairs * inputs || wideRows.length < pairs * wideInputs || wideOutputs.length < pairs) {
            rows = Arrays.copyOf(rows, pairs * inputs);
            wideRows = Arrays.copyOf(wideRows, pairs * wideInputs);
            wideOutputs = new float[pairs];
        }
    }

    /** Writes the inputs of a candidate of the user on whom the scoring's query ran. */
    void put(DeepAssociationNetwork.Scoring scoring, int item, int row) {
        network.towerInput(scoring, item, rows, row * inputs);
        if (wideInputs > 0) {
            network.wideInput(scoring, item, wideRows, row * wideInputs);
        }
    }

    /** Leaves rows without a pair: zeros. */
    void clear(int from, int to) {
        Arrays.fill(rows, from * inputs, to * inputs, 0f);
        Arrays.fill(wideRows, from * wideInputs, to * wideInputs, 0f);
    }

    /**
     * Outputs in training, where values drop out.
     *
     * @param count rows
     * @param batch number of the mini-batch, from which the random numbers come
     * @param out out: the output of each row
     */
    void forward(int count, long batch, float[] out) {
        random.restart(network.settings.seed(), PURPOSE_DROPOUT, batch);
        if (keep < 1f) {
            int features = network.towerFeatures.length * network.dimension;
            masks = drop(rows, masks, count, inputs, features);
            wideMasks = drop(wideRows, wideMasks, count, wideInputs, wideInputs);
        }
        tower.forward(rows, count, out, random);
        Tower wide = network.wide;
        if (wide != null) {
            wide.forward(wideRows, count, wideOutputs);
            for (int i = 0; i < count; i++) {
                out[i] += wideOutputs[i];
            }
        }
    }

    /** Drops values of joint features, and scales up the others; what is not a joint feature stays. */
    private float[] drop(float[] values, float[] old, int count, int width, int features) {
        float[] mask = old.length < count * width ? new float[count * width] : old;
        float scale = 1f / keep;
        for (int row = 0; row < count; row++) {
            for (int d = 0; d < width; d++) {
                int at = row * width + d;
                mask[at] = d >= features ? 1f : random.nextDouble() < keep ? scale : 0f;
                values[at] *= mask[at];
            }
        }
        return mask;
    }

    /**
     * The gradients of everything, for the rows of the last {@link #forward}; nothing is moved yet.
     *
     * @param outputGradients ∂L/∂output of each row
     * @param ofInputs whether anybody asks for {@link #inputGradients}
     */
    void backward(float[] outputGradients, int count, boolean ofInputs) {
        if (ofInputs && (gradients.length < count * inputs || wideGradients.length < count * wideInputs)) {
            gradients = new float[count * inputs];
            wideGradients = new float[count * wideInputs];
        }
        tower.gradients(outputGradients, count, ofInputs ? gradients : NONE);
        Tower wide = network.wide;
        if (wide != null) {
            wide.gradients(outputGradients, count, ofInputs ? wideGradients : NONE);
        }
        if (ofInputs && keep < 1f) {
            mask(gradients, masks, count * inputs);
            mask(wideGradients, wideMasks, count * wideInputs);
        }
    }

    private static void mask(float[] values, float[] mask, int n) {
        for (int i = 0; i < n; i++) {
            values[i] *= mask[i];
        }
    }

    /** ∂L/∂input of the tower, row after row. Live. */
    float[] inputGradients() {
        return gradients;
    }

    /** ∂L/∂input of the linear layer, row after row. Live. */
    float[] wideGradients() {
        return wideGradients;
    }

    /** Values of the tower's input. */
    int inputs() {
        return inputs;
    }

    /** Values of the linear layer's input. */
    int wideInputs() {
        return wideInputs;
    }

    /** Σ of the squares of the gradients of the parameters. */
    double squaredNorm() {
        Tower wide = network.wide;
        return tower.squaredNorm() + (wide == null ? 0.0 : wide.squaredNorm());
    }

    /** One step by these gradients. */
    void apply() {
        tower.apply();
        Tower wide = network.wide;
        if (wide != null) {
            wide.apply();
        }
    }
}

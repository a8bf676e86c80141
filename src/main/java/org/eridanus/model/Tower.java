package org.eridanus.model;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * The tower: ReLU layers and a linear output of one value over the joint features (paper, eqs. 23–30; over single
 * categories, eqs. 13–15), with its optimiser.
 *
 * <p>Of these, layers h⁽ˡ⁺¹⁾ = φ(W h⁽ˡ⁾ + b) are eqs. 26–28, and the score W h + b is eq. 29. Eq. 30 puts φ_l on it, which the loss
 * does here ({@link LossGradient}) and serving leaves out. The biases that eq. 24 draws into W by a neuron that is always 1 stand
 * by themselves, as DL4J has them. Eqs. 23–25, the embedding, belong to {@link JointFeature}.
 *
 * <p>Its parameters are one flat ND4J vector [1, n] in DL4J's order (per layer the weights [in, out] by column, then the
 * biases), and the gradient is another of the same order. They are the buffers of the DL4J network that {@link #network}
 * gives and those that the fast path works on, without a copy: matrix products ({@link Gemm}) read weights and write
 * gradients where they lie, and the optimiser moves the parameters there, a block at a time through the processor's cache.
 * Activations lie by example ([units, examples] by column).
 *
 * <p>Threading: not thread-safe; while nothing writes, several threads may call {@link #forward} with a {@link Workspace}
 * each.
 *
 * <p>Open within this package alone, so that a benchmark can put a tower of another library in its place.
 */
public class Tower {
    private static final long PURPOSE_INIT = 0x746F7765L;
    /** Parameters that the optimiser moves at a time. */
    private static final int BLOCK = 1024;
    /** 1 / {@link Float#MIN_NORMAL}. */
    private static final float STEEP = 0x1p126f;

    private final int[] sizes;
    private final ModelSettings.TowerSettings settings;
    private final INDArray parameters;
    private final INDArray gradient;
    private final FloatPointer parameterPointer;
    private final FloatPointer[] weights;
    private final FloatPointer[] biases;
    private final FloatPointer[] weightGradients;
    private final FloatPointer[] biasGradients;
    private final FloatPointer[] parameterBlocks;
    private final FloatPointer[] gradientBlocks;
    private final float[] parameterBlock = new float[BLOCK];
    private final float[] gradientBlock = new float[BLOCK];
    private final Workspace own;
    final float[] firstMoments;
    final float[] secondMoments;
    private long steps;

    /**
     * A tower with initial weights N(0, 2 / in) (He et al. 2015), or as set, and biases 0.
     *
     * @param inputs length of one example's input
     * @param settings widths, rate and start
     * @param seed the model's seed
     * @param trainable whether to keep a gradient and the optimiser's state
     */
    Tower(int inputs, ModelSettings.TowerSettings settings, long seed, boolean trainable) {
        this.settings = settings;
        List<Integer> hidden = settings.hidden();
        this.sizes = new int[hidden.size() + 2];
        sizes[0] = inputs;
        for (int l = 0; l < hidden.size(); l++) {
            sizes[l + 1] = hidden.get(l);
        }
        sizes[sizes.length - 1] = 1;
        int layers = sizes.length - 1;
        this.own = new Workspace(sizes);
        int[] offsets = new int[layers];
        int length = 0;
        for (int l = 0; l < layers; l++) {
            offsets[l] = length;
            length += (sizes[l] + 1) * sizes[l + 1];
        }
        ModelSettings.Optimiser optimiser = settings.optimiser();
        this.firstMoments = new float[trainable && optimiser.stateCopies() >= 1 ? length : 0];
        this.secondMoments = new float[trainable && optimiser.stateCopies() >= 2 ? length : 0];
        Arrays.fill(firstMoments, optimiser.initialState());
        this.parameters = Nd4j.create(DataType.FLOAT, 1, length);
        this.gradient = Nd4j.create(DataType.FLOAT, 1, trainable ? length : 1);
        this.parameterPointer = Gemm.pointer(parameters);
        FloatPointer gradientPointer = Gemm.pointer(gradient);
        this.weights = new FloatPointer[layers];
        this.biases = new FloatPointer[layers];
        this.weightGradients = new FloatPointer[layers];
        this.biasGradients = new FloatPointer[layers];
        float[] initial = new float[length];
        SeededRandom random = SeededRandom.of(seed, PURPOSE_INIT, 0);
        for (int l = 0; l < layers; l++) {
            int bias = offsets[l] + sizes[l] * sizes[l + 1];
            weights[l] = at(parameterPointer, offsets[l]);
            biases[l] = at(parameterPointer, bias);
            weightGradients[l] = at(gradientPointer, trainable ? offsets[l] : 0);
            biasGradients[l] = at(gradientPointer, trainable ? bias : 0);
            double deviation = l == layers - 1 && settings.zeroOutput() ? 0.0 : deviation(sizes[l]);
            for (int i = offsets[l]; i < bias; i++) {
                initial[i] = (float) (deviation * random.nextGaussian());
            }
        }
        this.parameterBlocks = blocks(parameterPointer, length);
        this.gradientBlocks = blocks(gradientPointer, trainable ? length : 0);
        parameterPointer.put(initial, 0, length);
    }

    private static FloatPointer at(FloatPointer vector, int offset) {
        return new FloatPointer(vector).position(offset);
    }

    private static FloatPointer[] blocks(FloatPointer vector, int length) {
        FloatPointer[] blocks = new FloatPointer[(length + BLOCK - 1) / BLOCK];
        for (int b = 0; b < blocks.length; b++) {
            blocks[b] = at(vector, b * BLOCK);
        }
        return blocks;
    }

    private double deviation(int in) {
        return settings.initialDeviation() > 0f ? settings.initialDeviation() : Math.sqrt(2.0 / in);
    }

    /** Number of parameters. */
    public final int length() {
        return (int) parameters.length();
    }

    /** A copy of the parameters, in DL4J's order. */
    float[] parameters() {
        float[] copy = new float[length()];
        parameterPointer.get(copy, 0, copy.length);
        return copy;
    }

    /** Steps taken. */
    long steps() {
        return steps;
    }

    /**
     * The output for each example.
     *
     * @param rows inputs, example after example
     * @param count how many examples
     * @param out out: {@code count} outputs
     */
    void forward(float[] rows, int count, float[] out) {
        forward(own, rows, count, out);
    }

    /** The same in buffers of the caller's. */
    void forward(Workspace w, float[] rows, int count, float[] out) {
        forward(w, rows, count, out, null);
    }

    /**
     * The output for each example in training, where values of the hidden layers drop out by
     * {@link ModelSettings.TowerSettings#hiddenDropout}; {@link #gradients} takes it into account.
     */
    void forward(float[] rows, int count, float[] out, SeededRandom random) {
        forward(own, rows, count, out, settings.hiddenDropout() > 0f ? random : null);
    }

    private void forward(Workspace w, float[] rows, int count, float[] out, @Nullable SeededRandom random) {
        w.ensure(count);
        w.hiddenScale = random == null ? 1f : 1f / (1f - settings.hiddenDropout());
        w.activations[0].put(rows, 0, count * sizes[0]);
        int last = weights.length - 1;
        for (int l = 0; l <= last; l++) {
            int units = sizes[l + 1];
            int length = units * count;
            float[] z = w.values[l + 1];
            FloatPointer activation = w.activations[l + 1];
            biases[l].get(z, 0, units);
            repeat(z, units, length);
            activation.put(z, 0, length);
            Gemm.transposedLeft(units, count, sizes[l], weights[l], w.activations[l], 1f, activation);
            activation.get(z, 0, length);
            if (l < last) {
                rectify(z, length);
                if (random != null) {
                    drop(z, length, w.hiddenScale, random);
                }
                activation.put(z, 0, length);
            }
        }
        System.arraycopy(w.values[last + 1], 0, out, 0, count);
    }

    /** Repeats the first {@code period} values up to {@code length}. */
    private static void repeat(float[] values, int period, int length) {
        for (int n = period; n < length; n *= 2) {
            System.arraycopy(values, 0, values, n, Math.min(n, length - n));
        }
    }

    private void drop(float[] z, int length, float scale, SeededRandom random) {
        double share = settings.hiddenDropout();
        for (int i = 0; i < length; i++) {
            z[i] = random.nextDouble() < share ? 0f : z[i] * scale;
        }
    }

    private static void rectify(float[] z, int length) {
        for (int i = 0; i < length; i++) {
            z[i] = Math.max(z[i], 0f);
        }
    }

    /**
     * One step on the examples of the last {@link #forward(float[], int, float[])}, which had as many examples.
     *
     * @param outputGradients ∂L/∂output of each example
     * @param count how many examples
     * @param inputGradients out: ∂L/∂input, example after example; empty where nobody asks
     */
    void backward(float[] outputGradients, int count, float[] inputGradients) {
        gradients(outputGradients, count, inputGradients);
        apply();
    }

    /** The gradients of {@link #backward}, without the step. */
    void gradients(float[] outputGradients, int count, float[] inputGradients) {
        Workspace w = own;
        w.prepareGradients();
        w.deltas[weights.length].put(outputGradients, 0, count);
        for (int l = weights.length - 1; l >= 0; l--) {
            int in = sizes[l];
            int units = sizes[l + 1];
            FloatPointer delta = w.deltas[l + 1];
            Gemm.transposedRight(in, units, count, w.activations[l], delta, weightGradients[l]);
            Gemm.rowSums(units, count, delta, w.ones, biasGradients[l]);
            if (l > 0 || inputGradients.length > 0) {
                Gemm.plain(in, count, units, weights[l], delta, w.deltas[l]);
            }
            if (l > 0) {
                w.deltas[l].get(w.deltaValues, 0, in * count);
                gate(w.values[l], w.deltaValues, in * count);
                if (w.hiddenScale != 1f) {
                    scale(w.deltaValues, in * count, w.hiddenScale);
                }
                w.deltas[l].put(w.deltaValues, 0, in * count);
            }
        }
        if (inputGradients.length > 0) {
            w.deltas[0].get(inputGradients, 0, sizes[0] * count);
        }
    }

    private static void scale(float[] values, int length, float factor) {
        for (int i = 0; i < length; i++) {
            values[i] *= factor;
        }
    }

    /** Σ of the squares of the last gradients. */
    double squaredNorm() {
        double sum = 0.0;
        for (int b = 0; b < gradientBlocks.length; b++) {
            int length = Math.min(BLOCK, length() - b * BLOCK);
            gradientBlocks[b].get(gradientBlock, 0, length);
            sum += LearningGuard.squaredNorm(gradientBlock, 0, length);
        }
        return sum;
    }

    /**
     * ∂ReLU: a gradient passes where the unit was open. As a product with a step that rises within the subnormal numbers,
     * which the compiler vectorises, as it does not with a condition.
     */
    private static void gate(float[] open, float[] delta, int length) {
        for (int i = 0; i < length; i++) {
            delta[i] *= Math.min(STEEP * open[i], 1f);
        }
    }

    /**
     * These parameters, live, as a DL4J network with logistic output: for export by {@code ModelSerializer}, and as a
     * reference. It shares the memory of parameters and, where there is one, gradient; what trains or changes it changes
     * this tower.
     */
    public final MultiLayerNetwork network() {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list();
        for (int l = 0; l < weights.length - 1; l++) {
            list.layer(new DenseLayer.Builder()
                    .nIn(sizes[l])
                    .nOut(sizes[l + 1])
                    .activation(Activation.RELU)
                    .build());
        }
        MultiLayerConfiguration configuration = list.layer(new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                        .nIn(sizes[sizes.length - 2])
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init(parameters, false);
        if (gradient.length() == parameters.length()) {
            network.setBackpropGradientsViewArray(gradient);
        }
        return network;
    }

    /**
     * Takes over the parameters of a DL4J network of the same layers.
     *
     * @throws IllegalArgumentException for a network of other layers, with both shapes
     */
    public final void copyFrom(MultiLayerNetwork other) {
        int[] shape = new int[other.getnLayers() + 1];
        for (int l = 0; l < other.getnLayers(); l++) {
            shape[l] = other.layerInputSize(l);
            shape[l + 1] = other.layerSize(l);
        }
        if (!Arrays.equals(shape, sizes)) {
            throw new IllegalArgumentException("the network's layers are " + Arrays.toString(shape)
                    + ", this tower's are " + Arrays.toString(sizes)
                    + "; import a network that was exported with the same preset");
        }
        parameters.assign(other.params());
    }

    /** Puts parameters, and the optimiser's state where it is kept, that were read from a store or a topic. */
    void restore(float[] values, float[] first, float[] second, long stepsTaken) {
        parameterPointer.put(values, 0, length());
        System.arraycopy(first, 0, firstMoments, 0, firstMoments.length);
        System.arraycopy(second, 0, secondMoments, 0, secondMoments.length);
        steps = stepsTaken;
    }

    /** One step by the last gradients. */
    void apply() {
        steps++;
        ModelSettings.Optimiser optimiser = settings.optimiser();
        float rate = RowGradients.rate(optimiser, steps);
        for (int b = 0; b < parameterBlocks.length; b++) {
            int from = b * BLOCK;
            int length = Math.min(BLOCK, length() - from);
            parameterBlocks[b].get(parameterBlock, 0, length);
            gradientBlocks[b].get(gradientBlock, 0, length);
            RowGradients.move(
                    optimiser, rate, parameterBlock, 0, gradientBlock, firstMoments, from, secondMoments, from, length);
            parameterBlocks[b].put(parameterBlock, 0, length);
        }
    }

    /** Buffers for calls of {@link #forward} by one thread. */
    Workspace workspace() {
        return new Workspace(sizes);
    }

    /**
     * Work buffers for any number of examples, as large as the largest so far: activations, and ∂L/∂activation, of each
     * layer.
     */
    static final class Workspace {
        private final int[] sizes;
        private final FloatPointer[] activations;
        private final float[][] values;
        private FloatPointer[] deltas = new FloatPointer[0];
        private float[] deltaValues = new float[0];
        private FloatPointer ones = new FloatPointer();
        private int capacity;
        /** What the values that did not drop out in the last pass were multiplied by. */
        private float hiddenScale = 1f;

        private Workspace(int[] sizes) {
            this.sizes = sizes;
            this.activations = new FloatPointer[sizes.length];
            this.values = new float[sizes.length][];
        }

        private void ensure(int count) {
            if (count <= capacity) {
                return;
            }
            int wanted = capacity == 0 ? count : Math.max(count, capacity + (capacity >> 1));
            for (int l = 0; l < sizes.length; l++) {
                if (capacity > 0) {
                    activations[l].deallocate();
                }
                activations[l] = new FloatPointer((long) sizes[l] * wanted);
                values[l] = new float[l == 0 ? 0 : sizes[l] * wanted];
            }
            for (FloatPointer delta : deltas) {
                delta.deallocate();
            }
            ones.deallocate();
            deltas = new FloatPointer[0];
            capacity = wanted;
        }

        /** The gradients' buffers, made when a backward pass first asks for them. */
        private void prepareGradients() {
            if (deltas.length > 0) {
                return;
            }
            deltas = new FloatPointer[sizes.length];
            int widest = 0;
            for (int l = 0; l < sizes.length; l++) {
                deltas[l] = new FloatPointer((long) sizes[l] * capacity);
                widest = Math.max(widest, sizes[l]);
            }
            deltaValues = new float[widest * capacity];
            float[] one = new float[capacity];
            Arrays.fill(one, 1f);
            ones = new FloatPointer(one);
        }
    }

    @Override
    public String toString() {
        return "Tower" + Arrays.toString(sizes);
    }
}

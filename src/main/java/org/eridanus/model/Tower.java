package org.eridanus.model;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * The tower: ReLU layers and a linear output of one value over the joint features (paper, eqs. 23–30), with Adam.
 *
 * <p>Its parameters are one flat vector in DL4J's order (per layer the weights [in, out] by column, then the biases), so
 * that {@link #network()} is the same parameters as a DL4J network. The fast path runs matrix products ({@link Gemm}) on
 * them in place; activations lie by example ([units, examples] by column).
 *
 * <p>Threading: not thread-safe; while nothing writes, several threads may call {@link #forward} with a {@link Workspace}
 * each.
 */
public final class Tower {
    private static final long PURPOSE_INIT = 0x746F7765L;
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final int[] sizes;
    private final ModelSettings.TowerSettings settings;
    private final INDArray flat;
    private final FloatPointer flatPointer;
    private final FloatPointer[] weights;
    private final int[] weightOffsets;
    private final FloatPointer gradientPointer;
    private final float[] gradient;
    private final Workspace own;
    final float[] parameters;
    final float[] firstMoments;
    final float[] secondMoments;
    private long steps;

    /**
     * A tower with initial weights N(0, 2 / in) (He et al. 2015) and biases 0.
     *
     * @param inputs length of one example's input
     * @param settings widths, rate and start
     * @param seed the model's seed
     * @param trainable whether to keep Adam's moments
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
        this.weightOffsets = new int[layers];
        int length = 0;
        for (int l = 0; l < layers; l++) {
            weightOffsets[l] = length;
            length += (sizes[l] + 1) * sizes[l + 1];
        }
        this.parameters = new float[length];
        this.firstMoments = new float[trainable ? length : 0];
        this.secondMoments = new float[trainable ? length : 0];
        this.gradient = new float[trainable ? length : 0];
        this.gradientPointer = new FloatPointer(Math.max(1, gradient.length));
        this.flat = Nd4j.create(DataType.FLOAT, 1, length);
        this.flatPointer = Gemm.pointer(flat);
        this.weights = new FloatPointer[layers];
        SeededRandom random = SeededRandom.of(seed, PURPOSE_INIT, 0);
        for (int l = 0; l < layers; l++) {
            weights[l] = new FloatPointer(flatPointer).position(weightOffsets[l]);
            double deviation = l == layers - 1 && settings.zeroOutput() ? 0.0 : Math.sqrt(2.0 / sizes[l]);
            for (int i = 0; i < sizes[l] * sizes[l + 1]; i++) {
                parameters[weightOffsets[l] + i] = (float) (deviation * random.nextGaussian());
            }
        }
        publish();
    }

    /** Number of parameters. */
    public int length() {
        return parameters.length;
    }

    /** Adam steps taken. */
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
        w.ensure(count);
        w.activations[0].put(rows, 0, count * sizes[0]);
        int last = weights.length - 1;
        for (int l = 0; l <= last; l++) {
            int in = sizes[l];
            int units = sizes[l + 1];
            float[] z = w.values[l + 1];
            int bias = weightOffsets[l] + in * units;
            for (int e = 0; e < count; e++) {
                System.arraycopy(parameters, bias, z, e * units, units);
            }
            FloatPointer activation = w.activations[l + 1];
            activation.put(z, 0, units * count);
            Gemm.transposedLeft(units, count, in, weights[l], w.activations[l], 1f, activation);
            activation.get(z, 0, units * count);
            if (l < last) {
                for (int i = 0; i < units * count; i++) {
                    z[i] = Math.max(z[i], 0f);
                }
                activation.put(z, 0, units * count);
            }
        }
        System.arraycopy(w.values[last + 1], 0, out, 0, count);
    }

    /**
     * One Adam step on the examples of the last {@link #forward}, which had as many examples.
     *
     * @param outputGradients ∂L/∂output of each example
     * @param count how many examples
     * @param inputGradients out: ∂L/∂input, example after example; empty where nobody asks
     */
    void backward(float[] outputGradients, int count, float[] inputGradients) {
        Workspace w = own;
        w.prepareGradients();
        w.deltas[weights.length].put(outputGradients, 0, count);
        System.arraycopy(outputGradients, 0, w.deltaValues[weights.length], 0, count);
        for (int l = weights.length - 1; l >= 0; l--) {
            int in = sizes[l];
            int units = sizes[l + 1];
            FloatPointer delta = w.deltas[l + 1];
            gradientPointer.position(weightOffsets[l]);
            Gemm.transposedRight(in, units, count, w.activations[l], delta, gradientPointer);
            gradientPointer.get(gradient, weightOffsets[l], in * units);
            biasGradient(w.deltaValues[l + 1], count, units, weightOffsets[l] + in * units);
            if (l > 0 || inputGradients.length > 0) {
                Gemm.plain(in, count, units, weights[l], delta, w.deltas[l]);
            }
            if (l > 0) {
                gate(w, l, sizes[l] * count);
            }
        }
        if (inputGradients.length > 0) {
            w.deltas[0].get(inputGradients, 0, sizes[0] * count);
        }
        adam();
    }

    private void biasGradient(float[] delta, int count, int units, int at) {
        Arrays.fill(gradient, at, at + units, 0f);
        for (int e = 0; e < count; e++) {
            for (int u = 0; u < units; u++) {
                gradient[at + u] += delta[e * units + u];
            }
        }
    }

    /** ∂ReLU: a gradient passes where the unit was open. */
    private static void gate(Workspace w, int layer, int length) {
        float[] open = w.values[layer];
        float[] delta = w.deltaValues[layer];
        w.deltas[layer].get(delta, 0, length);
        for (int i = 0; i < length; i++) {
            delta[i] = open[i] > 0f ? delta[i] : 0f;
        }
        w.deltas[layer].put(delta, 0, length);
    }

    /** The same parameters as a DL4J network: for export, import and as a reference. A copy. */
    public MultiLayerNetwork network() {
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
        network.init(flat.dup(), false);
        return network;
    }

    /** Puts parameters, and the optimiser's state where it is kept, that were read from a store or a topic. */
    void restore(float[] values, float[] first, float[] second, long adamSteps) {
        System.arraycopy(values, 0, parameters, 0, parameters.length);
        System.arraycopy(first, 0, firstMoments, 0, firstMoments.length);
        System.arraycopy(second, 0, secondMoments, 0, secondMoments.length);
        steps = adamSteps;
        publish();
    }

    private void adam() {
        steps++;
        float rate = settings.rate()
                * (float) (Math.sqrt(1.0 - StrictMath.pow(BETA_2, steps)) / (1.0 - StrictMath.pow(BETA_1, steps)));
        for (int i = 0; i < parameters.length; i++) {
            float g = gradient[i];
            float m = BETA_1 * firstMoments[i] + (1f - BETA_1) * g;
            float v = BETA_2 * secondMoments[i] + (1f - BETA_2) * g * g;
            firstMoments[i] = m;
            secondMoments[i] = v;
            parameters[i] -= rate * m / ((float) Math.sqrt(v) + EPSILON);
        }
        publish();
    }

    private void publish() {
        flatPointer.put(parameters, 0, parameters.length);
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
        private float[][] deltaValues = new float[0][];
        private int capacity;

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
            deltas = new FloatPointer[0];
            capacity = wanted;
        }

        /** The gradients' buffers, made when a backward pass first asks for them. */
        private void prepareGradients() {
            if (deltas.length > 0) {
                return;
            }
            deltas = new FloatPointer[sizes.length];
            deltaValues = new float[sizes.length][];
            for (int l = 0; l < sizes.length; l++) {
                deltas[l] = new FloatPointer((long) sizes[l] * capacity);
                deltaValues[l] = new float[sizes[l] * capacity];
            }
        }
    }

    @Override
    public String toString() {
        return "Tower" + Arrays.toString(sizes);
    }
}

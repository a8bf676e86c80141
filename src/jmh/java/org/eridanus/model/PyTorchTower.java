package org.eridanus.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The same tower in PyTorch, through DJL: linear layers and ReLU with autograd, Adam in a few operations on one flat
 * vector. It starts at the same parameters and takes and gives the same arrays, so that tables and losses around it are
 * the same code.
 *
 * <p>What crosses over is kept cheap: inputs lie in a direct buffer that PyTorch reads in place, gradients are read from
 * its memory.
 */
final class PyTorchTower extends Tower implements AutoCloseable {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    static {
        // What it needs is on the class path; one thread, as ours has.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }

    private final float rate;
    private final int[] sizes;
    private final PtNDManager manager;
    private final PtNDArray flat;
    private final PtNDArray first;
    private final PtNDArray second;
    private final PtNDArray[] weights;
    private final PtNDArray[] biases;
    private ByteBuffer inputs = ByteBuffer.allocateDirect(0);
    private @Nullable PtNDManager step;
    private @Nullable PtNDArray input;
    private @Nullable PtNDArray output;
    private @Nullable NDArray joined;
    private long steps;

    PyTorchTower(int in, ModelSettings.TowerSettings settings, long seed, boolean trainable) {
        super(in, settings, seed, trainable);
        this.rate = settings.optimiser().rate();
        this.sizes = new int[settings.hidden().size() + 2];
        sizes[0] = in;
        for (int l = 0; l < settings.hidden().size(); l++) {
            sizes[l + 1] = settings.hidden().get(l);
        }
        sizes[sizes.length - 1] = 1;
        this.manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
        JniUtils.setGradMode(true);
        this.flat = (PtNDArray) manager.create(super.parameters());
        this.first = (PtNDArray) manager.zeros(new Shape(length()));
        this.second = (PtNDArray) manager.zeros(new Shape(length()));
        int layers = sizes.length - 1;
        this.weights = new PtNDArray[layers];
        this.biases = new PtNDArray[layers];
        long at = 0;
        for (int l = 0; l < layers; l++) {
            long units = sizes[l + 1];
            long bias = at + sizes[l] * units;
            // By column [in, units] is by row [units, in], as PyTorch's linear layer has it.
            weights[l] = leaf(at, bias, new Shape(units, sizes[l]));
            biases[l] = leaf(bias, bias + units, new Shape(units));
            at = bias + units;
        }
    }

    /** Part of the flat vector, sharing its memory, that collects a gradient of its own. */
    private PtNDArray leaf(long from, long to, Shape shape) {
        PtNDArray part =
                (PtNDArray) JniUtils.slice(flat, 0, from, to, 1).reshape(shape).stopGradient();
        part.setRequiresGradient(true);
        return part;
    }

    /** The forward pass of a training step; nothing drops out, as the workload's settings have it. */
    @Override
    void forward(float[] rows, int count, float[] out, SeededRandom random) {
        closeStep();
        int bytes = Float.BYTES * count * sizes[0];
        if (inputs.capacity() != bytes) {
            inputs = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        inputs.asFloatBuffer().put(rows, 0, count * sizes[0]);
        PtNDManager now = (PtNDManager) manager.newSubManager();
        PtNDArray x = now.create(inputs, new Shape(count, sizes[0]), DataType.FLOAT32);
        x.setRequiresGradient(true);
        PtNDArray z = x;
        for (int l = 0; l < weights.length; l++) {
            z = JniUtils.linear(z, weights[l], biases[l]);
            z = l < weights.length - 1 ? JniUtils.relu(z) : z;
        }
        z.toByteBuffer(true).asFloatBuffer().get(out, 0, count);
        step = now;
        input = x;
        output = z;
    }

    @Override
    void gradients(float[] outputGradients, int count, float[] inputGradients) {
        PtNDManager now = step;
        PtNDArray x = input;
        PtNDArray z = output;
        if (now == null || x == null || z == null) {
            throw new IllegalStateException("forward() comes first");
        }
        for (int l = 0; l < weights.length; l++) {
            if (steps > 0) {
                JniUtils.zeroGrad(weights[l]);
                JniUtils.zeroGrad(biases[l]);
            }
        }
        ByteBuffer gradient = ByteBuffer.allocateDirect(Float.BYTES * count).order(ByteOrder.nativeOrder());
        gradient.asFloatBuffer().put(outputGradients, 0, count);
        JniUtils.backward(z, now.create(gradient, new Shape(count, 1), DataType.FLOAT32), false, false);
        if (inputGradients.length > 0) {
            PtNDArray dx = JniUtils.getGradient(x);
            FloatBuffer values = dx.toByteBuffer(true).asFloatBuffer();
            values.get(inputGradients, 0, count * sizes[0]);
            dx.close();
        }
    }

    @Override
    double squaredNorm() {
        return gradient().square().sum().getFloat();
    }

    @Override
    void apply() {
        steps++;
        float now = rate * (float) (Math.sqrt(1.0 - Math.pow(BETA_2, steps)) / (1.0 - Math.pow(BETA_1, steps)));
        NDArray g = gradient();
        first.muli(BETA_1).addi(g.mul(1f - BETA_1));
        second.muli(BETA_2).addi(g.square().muli(1f - BETA_2));
        NDArray root = second.sqrt();
        NDArray move = first.mul(now);
        root.attach(g.getManager());
        move.attach(g.getManager());
        flat.subi(move.divi(root.addi(EPSILON)));
        JniUtils.setGradMode(true);
        closeStep();
    }

    /** The gradient of all parameters in one vector, joined once a step; from here on nothing is recorded. */
    private NDArray gradient() {
        PtNDManager now = step;
        if (now == null) {
            throw new IllegalStateException("forward() comes first");
        }
        if (joined == null) {
            JniUtils.setGradMode(false);
            NDList parts = new NDList();
            for (int l = 0; l < weights.length; l++) {
                for (PtNDArray leaf : new PtNDArray[] {weights[l], biases[l]}) {
                    PtNDArray part = JniUtils.getGradient(leaf);
                    part.attach(now);
                    parts.add(part.reshape(-1));
                }
            }
            joined = NDArrays.concat(parts);
        }
        return joined;
    }

    @Override
    float[] parameters() {
        return flat.toFloatArray();
    }

    private void closeStep() {
        if (step != null) {
            step.close();
            step = null;
            input = null;
            output = null;
            joined = null;
        }
    }

    @Override
    public void close() {
        closeStep();
        manager.close();
    }
}

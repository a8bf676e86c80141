package org.eridanus.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the bits of a matrix product depend on beside its operands: the kernel that the BLAS library chose for this
 * processor, and its number of threads. Known by its effect, the bits of each product of a step of towers: outputs,
 * gradients of inputs, of weights and of biases. Kernels may agree on some of these and not on others.
 */
public final class BlasKernel {
    /** Inputs, units and examples of a layer. */
    private static final int[][] SHAPES = {{67, 32, 512}, {32, 16, 200}, {16, 8, 31}, {8, 1, 200}};

    private BlasKernel() {}

    /** A fingerprint of this machine's kernel, e.g. {@code blas-1f00ab42}: equal where the bits are. */
    public static String fingerprint() {
        return Holder.FINGERPRINT;
    }

    /** Computed once, when somebody asks. */
    private static final class Holder {
        private static final String FINGERPRINT = compute();

        private static String compute() {
            // ND4J loads the library, and says by how many threads, when it is first asked for something.
            Nd4j.getBackend();
            CRC32 crc = new CRC32();
            for (int[] shape : SHAPES) {
                int in = shape[0];
                int units = shape[1];
                int count = shape[2];
                FloatPointer weights = values(in * units, 1);
                FloatPointer inputs = values(in * count, 2);
                FloatPointer deltas = values(units * count, 3);
                FloatPointer product = new FloatPointer((long) Math.max(in, units) * Math.max(units, count));
                Gemm.transposedLeft(units, count, in, weights, inputs, 0f, product);
                update(crc, product, units * count);
                Gemm.plain(in, count, units, weights, deltas, product);
                update(crc, product, in * count);
                Gemm.transposedRight(in, units, count, inputs, deltas, product);
                update(crc, product, in * units);
                Gemm.rowSums(units, count, deltas, values(count, 4), product);
                update(crc, product, units);
            }
            return "blas-" + HexFormat.of().toHexDigits((int) crc.getValue());
        }

        private static void update(CRC32 crc, FloatPointer product, int length) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * length);
            for (int i = 0; i < length; i++) {
                bytes.putInt(Float.floatToRawIntBits(product.get(i)));
            }
            crc.update(bytes.array());
        }

        private static FloatPointer values(int length, long counter) {
            SeededRandom random = SeededRandom.of(7, 0x66696C6CL, counter);
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = (float) (random.nextDouble() - 0.5);
            }
            return new FloatPointer(values);
        }
    }
}

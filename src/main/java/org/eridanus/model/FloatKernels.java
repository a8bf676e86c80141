package org.eridanus.model;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which {@link FloatKernel} runs: the one on {@code jdk.incubator.vector} where that module is there (the launcher adds it)
 * and the processor has vectors of 8 floats, the plain one elsewhere. They give the same bits; the choice changes time
 * alone. {@code -Deridanus.kernel=plain} asks for the plain one.
 */
public final class FloatKernels {
    /** The system property that asks for one. */
    static final String PROPERTY = "eridanus.kernel";

    private static final String PLAIN = "plain";
    private static final String MODULE = "jdk.incubator.vector";
    private static final String VECTOR_KERNEL = "org.eridanus.model.VectorFloatKernel";
    private static final Logger LOG = LoggerFactory.getLogger(FloatKernels.class);

    static final FloatKernel CURRENT = choose();

    private FloatKernels() {}

    /** The name of the kernel that runs, e.g. {@code plain} or {@code vector-256}. */
    public static String name() {
        return CURRENT.name();
    }

    private static FloatKernel choose() {
        String asked = System.getProperty(PROPERTY, "");
        FloatKernel kernel =
                PLAIN.equals(asked) ? new PlainFloatKernel() : vectorKernel().orElseGet(PlainFloatKernel::new);
        LOG.info("loops over embedding rows run on the {} kernel", kernel.name());
        return kernel;
    }

    /** The kernel on the Vector module; empty where the module, the class built on it or the vectors are missing. */
    static Optional<FloatKernel> vectorKernel() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.empty();
        }
        try {
            FloatKernel kernel = (FloatKernel)
                    Class.forName(VECTOR_KERNEL).getDeclaredConstructor().newInstance();
            return Optional.of(kernel);
        } catch (ClassNotFoundException e) {
            LOG.debug("this build has no kernel for {}", MODULE, e);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            LOG.debug("the kernel for {} does not fit this processor", MODULE, e);
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(VECTOR_KERNEL + " must have a constructor without arguments", e);
        }
    }
}

package org.eridanus.model;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What a piece of work costs the calling thread. CPU time, since other processes move the wall clock; medians over many
 * short windows, since the processor's own speed moves too.
 */
public final class CpuTime {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private CpuTime() {}

    /** CPU time of the calling thread so far, ns. */
    public static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** Bytes of heap that the calling thread has allocated so far. */
    public static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /**
     * Median over windows of the CPU time of one run, ms.
     *
     * @param window ms a window
     */
    public static double milliseconds(Runnable work, int windows, int window) {
        perRun(work, 3 * window);
        double[] times = new double[windows];
        for (int i = 0; i < windows; i++) {
            times[i] = perRun(work, window);
        }
        return median(times);
    }

    /**
     * How many times as fast the first is as the second: the median ratio of CPU times over interleaved windows, which
     * begin with each in turn.
     *
     * @param window ms a window
     */
    public static double ratio(Runnable first, Runnable second, int windows, int window) {
        perRun(first, 5 * window);
        perRun(second, 5 * window);
        double[] ratios = new double[windows];
        for (int i = 0; i < windows; i++) {
            if (i % 2 == 0) {
                double one = perRun(first, window);
                ratios[i] = perRun(second, window) / one;
            } else {
                double two = perRun(second, window);
                ratios[i] = two / perRun(first, window);
            }
        }
        return median(ratios);
    }

    /** CPU time of one run, ms, over as many as fit in {@code window} ms. */
    private static double perRun(Runnable work, int window) {
        long begin = System.nanoTime();
        long cpu = now();
        int runs = 0;
        do {
            work.run();
            runs++;
        } while (System.nanoTime() - begin < window * 1_000_000L);
        return (now() - cpu) / 1e6 / runs;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

package org.eridanus.benchmark;

import java.util.concurrent.TimeUnit;
import org.eridanus.model.TowerWorkload;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A training step of the paper's form with an input of 176, by batch, size of the tables, and whose tower it is. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TowerBenchmark {
    /** Pairs of an example and a candidate. */
    @Param({"60", "480"})
    public int batch;

    /** Rows of all tables. */
    @Param({"2600", "100000"})
    public int rows;

    /** Whose tower. */
    @Param({"eridanus", "pytorch"})
    public String tower;

    private TowerWorkload workload;

    /** Fills the tables. */
    @Setup(Level.Trial)
    public void fill() {
        workload = new TowerWorkload(batch, rows, tower.equals("pytorch"));
    }

    /** Frees PyTorch's memory. */
    @TearDown(Level.Trial)
    public void close() {
        workload.close();
    }

    /** One step; its loss. */
    @Benchmark
    public double step() {
        return workload.step();
    }
}

package org.eridanus.benchmark;

import java.util.concurrent.TimeUnit;
import org.eridanus.model.AssociationWorkload;
import org.eridanus.model.Presets;
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
import org.openjdk.jmh.annotations.Warmup;

/** Presets with an association term: what scoring costs, what learning costs, and both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PresetBenchmark {
    /** The preset. */
    @Param({"association", "online"})
    public String preset;

    /** Size of the catalogue. */
    @Param({"1682", "100000"})
    public int items;

    private AssociationWorkload workload;

    /** Fills the tables and takes in a mini-batch. */
    @Setup(Level.Trial)
    public void fill() {
        workload = new AssociationWorkload(Presets.named(preset), items);
        workload.collect();
        workload.score();
    }

    /** Base scores of the catalogue for one user. */
    @Benchmark
    public float[] scoreOnly() {
        return workload.score();
    }

    /** The tower's outputs for 500 candidates; nothing without a tower. */
    @Benchmark
    public float[] rerankOnly() {
        return workload.rerank();
    }

    /** A full mini-batch of the preset, its fresh events scored when they arrive, then learned with the replayed ones. */
    @Benchmark
    public double scoreAndTrain() {
        workload.collect();
        return workload.learn();
    }
}

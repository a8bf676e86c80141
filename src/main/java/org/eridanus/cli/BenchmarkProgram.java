package org.eridanus.cli;

import java.util.concurrent.Callable;

/**
 * A command below {@code eridanus benchmark}, a class with picocli's annotations that {@link java.util.ServiceLoader} finds.
 * Benchmarks and the peers they measure against are part of builds with {@code -Pbenchmark} alone, which the launcher makes
 * when it is asked for one.
 */
public interface BenchmarkProgram extends Callable<Integer> {}

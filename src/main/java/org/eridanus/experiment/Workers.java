package org.eridanus.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Runs the parts of an experiment on several threads. What comes out does not depend on how many: parts share nothing,
 * and results keep the order of their parts.
 */
final class Workers {
    private Workers() {}

    /**
     * A part of an experiment.
     *
     * @param name for people
     * @param alone whether no other may run beside it, because of the memory it takes
     * @param work what to do
     */
    record Part<T>(String name, boolean alone, Callable<T> work) {}

    /**
     * Runs all parts, those that run alone after the others.
     *
     * @param threads at least 1
     * @return the results, in the order of the parts
     * @throws ExperimentException if a part fails, or this thread is interrupted; the other parts are stopped
     */
    static <T> List<T> run(List<Part<T>> parts, int threads, Progress progress) {
        if (threads < 1) {
            throw new ExperimentException("--threads must be at least 1, got " + threads);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "experiment");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ExecutorCompletionService<T> completions = new ExecutorCompletionService<>(pool);
            Map<Future<T>, Part<T>> started = new HashMap<>();
            Map<Part<T>, T> results = new HashMap<>();
            for (List<Part<T>> together : turns(parts)) {
                for (Part<T> part : together) {
                    started.put(completions.submit(part.work), part);
                }
                for (int i = 0; i < together.size(); i++) {
                    Future<T> future = completions.take();
                    Part<T> part = Objects.requireNonNull(started.get(future));
                    results.put(part, result(part, future));
                    progress.done(results.size(), parts.size(), part.name);
                }
            }
            return parts.stream()
                    .map(part -> Objects.requireNonNull(results.get(part)))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExperimentException("interrupted before the end", e);
        } finally {
            pool.shutdownNow();
        }
    }

    /** First the parts that run together, then each that runs alone. */
    private static <T> List<List<Part<T>>> turns(List<Part<T>> parts) {
        return Stream.concat(
                        Stream.of(parts.stream().filter(part -> !part.alone).toList()),
                        parts.stream().filter(Part::alone).map(List::of))
                .toList();
    }

    private static <T> T result(Part<T> part, Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new ExperimentException(part.name + ": " + e.getCause(), e.getCause());
        }
    }
}

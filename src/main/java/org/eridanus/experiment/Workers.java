package org.eridanus.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
     * @param work what to do
     */
    record Part<T>(String name, Callable<T> work) {}

    /**
     * Runs all parts.
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
            List<Future<T>> futures = new ArrayList<>();
            for (Part<T> part : parts) {
                futures.add(completions.submit(part.work));
            }
            for (int done = 1; done <= parts.size(); done++) {
                Future<T> future = completions.take();
                Part<T> part = parts.get(futures.indexOf(future));
                result(part, future);
                progress.done(done, parts.size(), part.name);
            }
            List<T> results = new ArrayList<>();
            for (int i = 0; i < futures.size(); i++) {
                results.add(result(parts.get(i), futures.get(i)));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExperimentException("interrupted before the end", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static <T> T result(Part<T> part, Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new ExperimentException(part.name + ": " + e.getCause(), e.getCause());
        }
    }
}

package org.eridanus.experiment;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.evaluation.LeaveOneOut;
import org.eridanus.evaluation.PrequentialAccuracy;
import org.eridanus.evaluation.Protocol;
import org.eridanus.evaluation.UserScores;

/** Several methods on one data set under the same protocols and seeds. */
public final class Comparison {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final InteractionLog log;
    private final List<Long> seeds;
    private final int threads;
    private final Progress progress;

    /**
     * A comparison on one data set.
     *
     * @param seeds at least one; a method that depends on none runs once in a stream
     * @param threads how many methods run at a time
     */
    public Comparison(InteractionLog log, List<Long> seeds, int threads, Progress progress) {
        if (seeds.isEmpty()) {
            throw new ExperimentException("an experiment needs at least 1 seed, got none");
        }
        if (log.size() == 0) {
            throw new ExperimentException("a data set must have interactions, got none in " + log.name());
        }
        this.log = log;
        this.seeds = List.copyOf(seeds);
        this.threads = threads;
        this.progress = progress;
    }

    /** Leave-one-out by each protocol. */
    public List<MethodResult> leaveOneOut(List<Method> methods, LeaveOneOut.Held held, List<Protocol> protocols) {
        return run(
                methods,
                method -> method.seeded() ? seeds.stream().map(List::of).toList() : List.of(seeds),
                (method, some) -> leaveOneOut(method, held, protocols, some));
    }

    private MethodResult leaveOneOut(Method method, LeaveOneOut.Held held, List<Protocol> protocols, List<Long> some) {
        Map<String, List<UserScores>> scores = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>(method.factory().notes(log));
        double seconds = timed(() -> {
            Judge.HeldOut results = Judge.leaveOneOut(method, log, held, protocols, some);
            results.scores().forEach((protocol, runs) -> scores.put(protocol.label(), runs));
            notes.addAll(results.notes());
        });
        return new MethodResult(method, some, scores, List.of(), 0, seconds, notes);
    }

    /** Prequential. */
    public List<MethodResult> prequential(List<Method> methods) {
        return run(
                methods,
                method -> (method.seeded() ? seeds : seeds.subList(0, 1))
                        .stream().map(List::of).toList(),
                (method, some) -> prequential(method, some.get(0)));
    }

    private MethodResult prequential(Method method, long seed) {
        List<Judge.Prequential> out = new ArrayList<>();
        double seconds = timed(() -> out.add(Judge.prequential(method, log, seed)));
        PrequentialAccuracy accuracy = out.get(0).accuracy();
        Map<String, List<UserScores>> scores = new LinkedHashMap<>();
        scores.put(MethodResult.ALL, List.of(accuracy.all()));
        scores.put(MethodResult.AFTER_30, List.of(accuracy.afterThirty()));
        scores.put(MethodResult.LAST_HALF, List.of(accuracy.lastHalf()));
        scores.put(MethodResult.COLD, List.of(accuracy.cold()));
        return new MethodResult(
                method,
                List.of(seed),
                scores,
                accuracy.curve(),
                out.get(0).unranked(),
                seconds,
                method.factory().notes(log));
    }

    private interface Runs {
        List<List<Long>> of(Method method);
    }

    private interface Run {
        MethodResult of(Method method, List<Long> seeds);
    }

    private List<MethodResult> run(List<Method> methods, Runs runs, Run run) {
        List<Workers.Part<MethodResult>> parts = new ArrayList<>();
        for (Method method : methods) {
            boolean alone = method.factory().bytes(log) > Methods.heapForRows() / threads;
            for (List<Long> some : runs.of(method)) {
                String name = method.name() + (some.size() == 1 && method.seeded() ? ", seed " + some.get(0) : "");
                parts.add(new Workers.Part<>(name, alone, () -> run.of(method, some)));
            }
        }
        Map<String, List<MethodResult>> byMethod = new LinkedHashMap<>();
        for (MethodResult result : Workers.run(parts, threads, progress)) {
            byMethod.computeIfAbsent(result.method().name(), name -> new ArrayList<>())
                    .add(result);
        }
        return byMethod.values().stream().map(MethodResult::merged).toList();
    }

    /** Processor time of this thread, in seconds. */
    private static double timed(Runnable work) {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        return (THREADS.getCurrentThreadCpuTime() - before) / 1e9;
    }
}

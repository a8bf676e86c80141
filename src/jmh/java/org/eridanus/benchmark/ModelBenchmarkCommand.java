package org.eridanus.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.eridanus.cli.BenchmarkProgram;
import org.eridanus.experiment.ReportFile;
import org.eridanus.model.AssociationWorkload;
import org.eridanus.model.BlasKernel;
import org.eridanus.model.CpuTime;
import org.eridanus.model.FloatKernels;
import org.eridanus.model.ModelSettings;
import org.eridanus.model.Presets;
import org.eridanus.model.TowerWorkload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code eridanus benchmark model}: the model's speed on one core, and beside PyTorch's on the same tables in the same JVM,
 * in interleaved windows.
 */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description =
                "Measure training and scoring on one core, and training beside PyTorch in the same JVM. Takes five"
                        + " minutes and 10 GB of memory; fewer rows take less.",
        footer = {
            "",
            "Examples:",
            "  eridanus benchmark model --report model.json",
            "  eridanus benchmark model --rounds 1 --rows 10000 --items 2000",
            "",
            "Exit code: 0 measured, 1 failed (losses apart from PyTorch's included), 2 wrong usage."
        })
public final class ModelBenchmarkCommand implements BenchmarkProgram {
    private static final double MOST_APART = 1e-4;
    private static final double LEAST_LEARNED = 0.005;
    private static final int COMPARED_STEPS = 100;
    private static final int SMALL_ROWS = 2_600;
    /** Mini-batch of the workload that counts touched rows, beside the preset's own. */
    private static final int MINI_BATCH = 16;

    private static final int WINDOW = 400;
    private static final int BYTES_STEPS = 200;
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    private static final Duration COMPILED = Duration.ofSeconds(2);
    private static final Duration COMPILED_AT_LAST = Duration.ofSeconds(60);

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Pairs of windows that a ratio is the median of (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Rows of the large tables; the report's names stay those of the default (default:"
                    + " ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Items of the large catalogue; the report's names stay those of the default (default:"
                    + " ${DEFAULT-VALUE}).")
    private int items;

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || rows < SMALL_ROWS || items < 1_000) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rounds must be at least 1, --rows at least " + SMALL_ROWS + " and --items at least 1000, got "
                            + rounds + ", " + rows + " and " + items);
        }
        PrintWriter out = spec.commandLine().getOut();
        ModelSettings online = Presets.online();
        ModelSettings association = Presets.association();
        double apart = lossesApart(out);
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("trainBatch480", show(out, "as fast as PyTorch, batch 480", againstPyTorch(480)));
        ratios.put("trainBatch60", show(out, "as fast as PyTorch, batch 60", againstPyTorch(60)));
        Map<String, Object> milliseconds = new LinkedHashMap<>();
        milliseconds.put(
                "onlineEvent", show(out, "ms an online event, ranked and learned", OnlineEvents.milliseconds(online)));
        AssociationWorkload reranked = new AssociationWorkload(online, 1_682);
        reranked.score();
        double rerank = CpuTime.milliseconds(reranked::rerank, rounds, WINDOW / 4);
        Map<String, Object> bytes = new LinkedHashMap<>();
        bytes.put("association", show(out, "bytes a step, association", associationBytes(association)));
        bytes.put("tower", show(out, "bytes a step, tower", towerBytes()));
        double top = CpuTime.milliseconds(LargeCatalogue.recommender(association, items, 10), rounds, WINDOW);
        milliseconds.put("top10Of1M", show(out, "ms a top 10 of " + items + " items", top));
        milliseconds.put("rerank500", show(out, "ms to re-rank 500", rerank));
        LargeCatalogue.Touched touched = touched(out, online);
        LargeCatalogue.Touched inLarger = touched(out, LargeCatalogue.withMiniBatch(online, MINI_BATCH));
        ratios.put("rows10MTo2600", show(out, "step with " + rows + " rows / with 2600", growth()));

        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("environment", environment());
        figures.put("ratios", ratios);
        figures.put("milliseconds", milliseconds);
        figures.put("bytesAllocatedPerStep", bytes);
        figures.put("rowsTouchedPerEvent1M", touched.rowsPerEvent());
        figures.put("preset", Map.of("name", online.preset(), "hash", online.hash()));
        figures.put("lossesApartIn100Steps", apart);
        figures.put("prequentialLoss1M", touched.loss());
        figures.put("miniBatchOfRowsTouched1M", online.batch());
        figures.put(
                "rowsTouched1MInMiniBatchesOf" + MINI_BATCH,
                Map.of("rowsPerEvent", inLarger.rowsPerEvent(), "prequentialLoss", inLarger.loss()));
        figures.put("sizes", Map.of("rows", rows, "items", items, "rounds", rounds));
        if (report != null) {
            ReportFile.text(
                    report, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        }
        if (!(apart <= MOST_APART)) {
            out.println("losses must agree within " + MOST_APART + " in " + COMPARED_STEPS
                    + " steps and fall by at least " + LEAST_LEARNED + ", or speeds cannot be compared");
            return 1;
        }
        return 0;
    }

    private static double show(PrintWriter out, String what, double value) {
        out.printf(Locale.ROOT, "%-52s %12.4g%n", what, value);
        out.flush();
        return value;
    }

    private LargeCatalogue.Touched touched(PrintWriter out, ModelSettings settings) {
        LargeCatalogue.Touched touched = LargeCatalogue.touched(settings, items);
        show(out, "rows touched an event, mini-batches of " + settings.batch(), touched.rowsPerEvent());
        show(out, "  prequential loss, " + items + " items", touched.loss());
        return touched;
    }

    /** The largest difference of losses over the first steps, from equal parameters and examples. */
    private static double lossesApart(PrintWriter out) {
        double apart = 0.0;
        double first = 0.0;
        double last = 0.0;
        try (TowerWorkload ours = new TowerWorkload(480, SMALL_ROWS, false);
                TowerWorkload theirs = new TowerWorkload(480, SMALL_ROWS, true)) {
            for (int step = 0; step < COMPARED_STEPS; step++) {
                last = ours.step();
                first = step == 0 ? last : first;
                apart = Math.max(apart, Math.abs(last - theirs.step()));
            }
        }
        show(out, "loss of the first step", first);
        show(out, "loss of step " + COMPARED_STEPS, last);
        show(out, "losses apart from PyTorch's, at most, until then", apart);
        // Losses that do not move would agree whatever the steps did.
        return last < first - LEAST_LEARNED ? apart : Double.NaN;
    }

    private double againstPyTorch(int batch) {
        try (TowerWorkload ours = new TowerWorkload(batch, SMALL_ROWS, false);
                TowerWorkload theirs = new TowerWorkload(batch, SMALL_ROWS, true)) {
            return CpuTime.ratio(ours::step, theirs::step, rounds, WINDOW);
        }
    }

    /** How many times the time of a step grows with the tables. */
    private double growth() {
        try (TowerWorkload small = new TowerWorkload(480, SMALL_ROWS, false);
                TowerWorkload large = new TowerWorkload(480, rows, false)) {
            return CpuTime.ratio(small::step, large::step, rounds, WINDOW);
        }
    }

    private static double associationBytes(ModelSettings settings) {
        AssociationWorkload workload = new AssociationWorkload(settings, 1_682);
        return steadyBytes(workload::collect, workload::learn);
    }

    private static double towerBytes() {
        try (TowerWorkload workload = new TowerWorkload(480, SMALL_ROWS, false)) {
            return steadyBytes(workload::choose, workload::learn);
        }
    }

    /** Bytes that a step allocates once the JVM has compiled all of it: when it has ended no compilation for a while. */
    private static double steadyBytes(Runnable prepare, Runnable step) {
        long started = System.nanoTime();
        long compiled = -1;
        long changed = started;
        double bytes;
        do {
            bytes = bytes(prepare, step);
            long now = COMPILER.getTotalCompilationTime();
            if (now != compiled) {
                compiled = now;
                changed = System.nanoTime();
            }
        } while (System.nanoTime() - changed < COMPILED.toNanos()
                && System.nanoTime() - started < COMPILED_AT_LAST.toNanos());
        return bytes;
    }

    private static double bytes(Runnable prepare, Runnable step) {
        long allocated = 0;
        for (int i = 0; i < BYTES_STEPS; i++) {
            prepare.run();
            long before = CpuTime.allocated();
            step.run();
            allocated += CpuTime.allocated() - before;
        }
        return allocated / (double) BYTES_STEPS;
    }

    private static Map<String, Object> environment() {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("processors", Runtime.getRuntime().availableProcessors());
        environment.put("threads", 1);
        environment.put("blasKernel", BlasKernel.fingerprint());
        environment.put("blasCoreType", String.valueOf(System.getenv("OPENBLAS_CORETYPE")));
        environment.put("floatKernel", FloatKernels.name());
        environment.put("pyTorch", ai.djl.engine.Engine.getEngine("PyTorch").getVersion());
        environment.put("time", "CPU time of the calling thread");
        return environment;
    }
}

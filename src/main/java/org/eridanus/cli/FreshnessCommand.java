package org.eridanus.cli;

import java.util.concurrent.Callable;
import org.eridanus.experiment.FreshnessCurve;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code eridanus experiment freshness}. */
@Command(
        name = "freshness",
        mixinStandardHelpOptions = true,
        description = "Show what latency buys: accuracy by the delay of updates, and by the size of mini-batches.",
        footer = {
            "",
            "Example:",
            "  eridanus experiment freshness --data movielens --seeds 1 --report fresh.json",
            "",
            "Exit code: 0 done, 1 failed, 2 wrong usage."
        })
final class FreshnessCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Mixin
    private final PresetOption preset = new PresetOption();

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        FreshnessCurve curve = FreshnessCurve.measure(
                options.log(screen),
                preset.settings(),
                options.seeds(),
                options.threads(),
                ExperimentOptions.progress(screen));
        options.tell(screen, curve.table(), curve::write);
        return 0;
    }
}

package org.eridanus.cli;

import java.util.concurrent.Callable;
import org.eridanus.experiment.Travel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code eridanus experiment travel}. */
@Command(
        name = "travel",
        mixinStandardHelpOptions = true,
        description = "Run the default preset and the online baselines on each data set of --data A,B,C.",
        footer = {
            "",
            "Example:",
            "  eridanus experiment travel --data synthetic,synthetic-sparse --seeds 1 --report travel.json",
            "",
            "Exit code: 0 the preset lost nowhere, 1 it lost significantly or the run failed, 2 wrong usage."
        })
final class TravelCommand implements Callable<Integer> {
    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Override
    public Integer call() {
        Screen screen = Screen.standard(System.getenv());
        Travel travel = Travel.run(
                options.logs(screen), options.seeds(), options.threads(), ExperimentOptions.progress(screen));
        options.tell(screen, travel.table(), travel::write);
        return travel.lost() ? 1 : 0;
    }
}

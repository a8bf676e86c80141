package org.eridanus.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.eridanus.model.ModelDefinition;

/**
 * What a demo is asked for.
 *
 * @param model the preset with its schema
 * @param rate events a second, 0 for as many as the pipeline takes
 * @param serve whether to keep running after the replay
 * @param report where to write the summary as JSON
 * @param dataDir where to keep data, a temporary folder if empty
 * @param httpPort port of the HTTP server; if empty, the usual one or a free one
 * @param brokerPort port of the broker, 0 for a free one
 * @param partitions partitions of the topics that are split by user or item
 */
record DemoOptions(
        ModelDefinition model,
        double rate,
        boolean serve,
        Optional<Path> report,
        Optional<Path> dataDir,
        OptionalInt httpPort,
        int brokerPort,
        int partitions) {
    DemoOptions {
        if (!(rate >= 0 && rate <= 1e6)) {
            throw new IllegalArgumentException(
                    "--rate must be 0 to 1000000 events/s, got " + rate + "; 0 is as fast as the pipeline takes them");
        }
        if (partitions < 1 || partitions > 64) {
            throw new IllegalArgumentException(
                    "--partitions must be 1 to 64, got " + partitions + "; one process gains nothing from more");
        }
        requirePort("--port", brokerPort);
        httpPort.ifPresent(port -> requirePort("--http-port", port));
    }

    /** The same for another model. */
    DemoOptions withModel(ModelDefinition other) {
        return new DemoOptions(other, rate, serve, report, dataDir, httpPort, brokerPort, partitions);
    }

    private static void requirePort(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(option + " must be 0 to 65535, got " + port + "; 0 is a free one");
        }
    }
}

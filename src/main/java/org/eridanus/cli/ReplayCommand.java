package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eridanus.config.Configuration;
import org.eridanus.model.BlasKernel;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.Json;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code eridanus replay}: trains a new trainer on the training log and compares what it comes to with the model that is
 * served. It reads what is committed, joins no group and writes nothing: whatever runs goes on.
 */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Train again, from the start of the training log to the last version that is served, and tell the"
                + " model's digest. Nothing that runs is touched.",
        footer = {
            "",
            "Examples:",
            "  eridanus replay --verify --config eridanus.yaml",
            "  eridanus replay --verify --bootstrap localhost:9092 --json",
            "",
            "Exit code: 0 trained, and with --verify equal byte by byte; 1 not equal, not comparable, or failed; 2 wrong"
                    + " usage or configuration."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final int LOOK = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(names = "--verify", description = "Compare with the served model, row by row.")
    private boolean verify;

    @Option(names = "--json", description = "Tell it as JSON, on one line.")
    private boolean json;

    @Override
    public Integer call() {
        Configuration configuration = config.load();
        try (Stopping stopping = new Stopping()) {
            ModelSnapshot served = served(configuration, stopping);
            Optional<String> incomparable = incomparable(served.marker(), configuration.pipeline());
            if (incomparable.isPresent()) {
                throw new CommandException(incomparable.get());
            }
            ModelSnapshot retrained = retrain(configuration, served.marker(), stopping);
            String difference = verify ? difference(served, retrained) : null;
            tell(retrained, difference);
            return difference == null ? 0 : 1;
        }
    }

    private static ModelSnapshot served(Configuration configuration, Stopping stopping) {
        try (TopicReader topic = new TopicReader(configuration, Topics.MODEL)) {
            return ModelSnapshot.read(topic, configuration.pipeline().generation(), stopping::check);
        }
    }

    /** Why a replay here cannot come to the same bits, if so. */
    static Optional<String> incomparable(ModelRow.Marker marker, PipelineSettings settings) {
        if (!marker.hash().equals(settings.model().hash())) {
            return Optional.of("the configured model must be the one that was trained, " + marker.preset() + " ("
                    + marker.hash() + "), got " + settings.model().preset() + " ("
                    + settings.model().hash() + "); give the configuration that its trainer runs with");
        }
        String kernel = settings.model().tower() == null ? marker.kernel() : BlasKernel.fingerprint();
        return marker.kernel().equals(kernel)
                ? Optional.empty()
                : Optional.of("bits can be compared only where matrix products have the same bits: the trainer's were "
                        + marker.kernel() + ", this machine's are " + kernel
                        + "; replay on a machine like the trainer's, with the same number of BLAS threads");
    }

    private ModelSnapshot retrain(Configuration configuration, ModelRow.Marker marker, Stopping stopping) {
        Retraining retraining = new Retraining(configuration.pipeline(), marker.version());
        Screen screen = json ? Screen.none() : Screen.standard(System.getenv());
        try (TopicReader log = new TopicReader(configuration, Topics.TRAINING_LOG)) {
            if (!log.isWhole()) {
                throw new CommandException("the training log must be there from its start, and retention has cut it;"
                        + " what was learned before cannot be trained again");
            }
            log.readToEnd(
                    record -> {
                        retraining.take(record.offset(), record.value());
                        if (screen.terminal() && retraining.records() % LOOK == 0) {
                            screen.status(String.format(
                                    Locale.ROOT,
                                    "%,d of %,d records trained on",
                                    retraining.records(),
                                    marker.records()));
                        }
                    },
                    stopping::check);
        } finally {
            screen.clear();
        }
        if (!retraining.done()) {
            throw new CommandException("the training log must reach to version " + marker.version()
                    + ", and ends in version " + retraining.version() + " after " + retraining.records()
                    + " records; do log and model belong together?");
        }
        return retraining.model();
    }

    private static @Nullable String difference(ModelSnapshot served, ModelSnapshot retrained) {
        Optional<String> row = ModelDifference.between(served, retrained);
        if (row.isEmpty() && !served.marker().equals(retrained.marker())) {
            return "the rows are equal, the markers are not: " + served.marker() + " served, " + retrained.marker()
                    + " by replay";
        }
        return row.orElse(null);
    }

    private void tell(ModelSnapshot retrained, @Nullable String difference) {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> facts = retrained.facts();
        if (verify) {
            facts.put("equal", difference == null);
            if (difference != null) {
                facts.put("difference", difference);
            }
        }
        if (json) {
            ObjectNode node = Json.mapper().valueToTree(facts);
            out.println(node);
        } else {
            facts.forEach((name, value) -> out.printf("%-15s %s%n", name, value));
        }
        out.flush();
    }
}

package org.eridanus.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.eridanus.config.Configuration;
import org.eridanus.serde.Json;
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
            "  eridanus replay --verify --from trainer.gz --config eridanus.yaml",
            "",
            "Exit code: 0 trained, and with --verify equal byte by byte; 1 not equal, not comparable, or failed; 2 wrong"
                    + " usage or configuration."
        })
final class ReplayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(names = "--verify", description = "Compare with the served model, row by row.")
    private boolean verify;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Begin with this snapshot of a trainer instead of the start of the log, which retention may"
                    + " have cut; see: eridanus model snapshot.")
    private @Nullable Path from;

    @Option(names = "--json", description = "Tell it as JSON, on one line.")
    private boolean json;

    @Override
    public Integer call() {
        Configuration configuration = config.load();
        try (Stopping stopping = new Stopping()) {
            Screen screen = json ? Screen.none() : Screen.standard(System.getenv());
            LogReplay replay = LogReplay.run(configuration, from, screen, stopping::check);
            String difference = verify ? replay.difference().orElse(null) : null;
            tell(replay.retraining().model(), difference);
            return difference == null ? 0 : 1;
        }
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

package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eridanus.config.Configuration;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.ModelDefinitionJson;
import org.eridanus.stream.Role;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eridanus model}: the model as it stands in its topic. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Identify the model, keep it in a file, put it into another cluster.",
        subcommands = {
            ModelCommand.Digest.class,
            ModelCommand.Snapshot.class,
            ModelCommand.Export.class,
            ModelCommand.Import.class,
            ModelCommand.Generations.class,
            ModelCommand.Serve.class,
            ModelCommand.Remove.class,
            ControlCommands.Freeze.class,
            ControlCommands.Resume.class
        },
        footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage or configuration."})
final class ModelCommand extends CommandGroup {
    private static ModelSnapshot read(Configuration configuration) {
        try (Stopping stopping = new Stopping()) {
            return ModelSnapshot.read(configuration, stopping::check);
        }
    }

    private static void tell(ModelSnapshot model, PrintWriter out) {
        model.facts().forEach((name, value) -> out.printf("%-15s %s%n", name, value));
        out.flush();
    }

    /** {@code model digest}. */
    @Command(
            name = "digest",
            mixinStandardHelpOptions = true,
            description =
                    "Tell the last complete version: its number, through which offsets of interactions it was trained,"
                            + " its rows, and a SHA-256 over all of them. Two models are equal if and only if these are.",
            footer = {
                "",
                "Examples:",
                "  eridanus model digest --config eridanus.yaml",
                "  eridanus model digest --bootstrap localhost:9092 --json",
                "",
                "Exit code: 0 told, 1 there is no complete version or Kafka did not answer, 2 wrong usage or configuration."
            })
    static final class Digest implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Option(names = "--json", description = "Tell it as JSON, on one line.")
        private boolean json;

        @Override
        public Integer call() {
            ModelSnapshot model = read(config.load());
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(model.json());
                out.flush();
            } else {
                tell(model, out);
            }
            return 0;
        }
    }

    /** {@code model snapshot}. */
    @Command(
            name = "snapshot",
            mixinStandardHelpOptions = true,
            description =
                    "Train again by the training log, compare with the served model, and if they are equal keep the trainer"
                            + " in a file: rows, the optimiser's state, sequences and counters. A later replay begins with"
                            + " it; take one more often than retention cuts the log. Nothing that runs is touched.",
            footer = {
                "",
                "Examples:",
                "  eridanus model snapshot trainer.gz --config eridanus.yaml",
                "  eridanus model snapshot trainer.gz --from trainer.gz --config eridanus.yaml",
                "",
                "Exit code: 0 written, 1 not equal or failed, 2 wrong usage or configuration."
            })
    static final class Snapshot implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "FILE", description = "The file to write.")
        private Path file = Path.of("trainer.gz");

        @Option(
                names = "--from",
                paramLabel = "FILE",
                description = "Begin with this snapshot instead of the start of the log.")
        private @Nullable Path from;

        @Override
        public Integer call() {
            Configuration configuration = config.load();
            LogReplay replay;
            try (Stopping stopping = new Stopping()) {
                replay = LogReplay.run(configuration, from, Screen.standard(System.getenv()), stopping::check);
            }
            String difference = replay.difference().orElse(null);
            if (difference != null) {
                throw new CommandException("the served model must be the one that the training log comes to, or a"
                        + " snapshot proves nothing, but " + difference);
            }
            try {
                replay.retraining().snapshot().write(file);
            } catch (IOException e) {
                throw CommandException.unwritable(file, e);
            }
            tell(replay.served(), spec.commandLine().getOut());
            return 0;
        }
    }

    /** {@code model export}. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Write the last complete version to a file. It holds what scorers need, not what a trainer needs to"
                            + " go on.",
            footer = {
                "",
                "Example:",
                "  eridanus model export model.gz --config eridanus.yaml",
                "",
                "Exit code: 0 written, 1 failed, 2 wrong usage or configuration."
            })
    static final class Export implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "FILE", description = "The file to write.")
        private Path file = Path.of("model.gz");

        @Override
        public Integer call() {
            ModelSnapshot model = read(config.load());
            try {
                model.write(file);
            } catch (IOException e) {
                throw CommandException.unwritable(file, e);
            }
            tell(model, spec.commandLine().getOut());
            return 0;
        }
    }

    /** {@code model import}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Put a model from a file into the cluster, for scorers that run without a trainer, in one"
                    + " transaction. A model that is there must be replaced explicitly; a trainer must not be running,"
                    + " because it goes on from its own state.",
            footer = {
                "",
                "Example:",
                "  eridanus model import model.gz --config serving.yaml",
                "",
                "Exit code: 0 imported, 1 failed or refused, 2 wrong usage or configuration."
            })
    static final class Import implements Callable<Integer> {
        private static final int PATIENCE_SECONDS = 30;

        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "FILE", description = "The file to read.")
        private Path file = Path.of("model.gz");

        @Option(
                names = "--replace",
                description = "Replace the model that is there: rows that the file lacks are removed.")
        private boolean replace;

        @Override
        public Integer call() {
            Configuration configuration = config.load();
            ModelSnapshot model;
            try {
                model = ModelSnapshot.read(file);
            } catch (IOException e) {
                throw CommandException.unreadable(file, e);
            }
            String expected = configuration.pipeline().model().hash();
            if (!model.marker().hash().equals(expected)) {
                throw new CommandException(file + " must be a model of the configured settings, " + expected + ", got "
                        + model.marker().hash() + " (preset " + model.marker().preset()
                        + "); no scorer with this configuration would serve it");
            }
            Generation generation = configuration.pipeline().generation();
            GenerationsInTopic.refuseWithTrainer(configuration, generation);
            write(configuration, model, present(configuration, generation));
            tell(model, spec.commandLine().getOut());
            return 0;
        }

        /** The keys of everything that the topic holds of the generation. */
        private Set<String> present(Configuration configuration, Generation generation) {
            Set<String> keys;
            try (Stopping stopping = new Stopping()) {
                keys = GenerationsInTopic.read(configuration, stopping::check).keys(generation);
            }
            if (!keys.isEmpty() && !replace) {
                throw new CommandException("the topic of the model must hold nothing of generation " + generation
                        + ", and holds " + keys.size() + " rows; say --replace to replace them");
            }
            return keys;
        }

        private static void write(Configuration configuration, ModelSnapshot model, Set<String> present) {
            Generation generation = configuration.pipeline().generation();
            String marker = generation.key(ModelRow.Marker.KEY);
            String definition = generation.key(Generation.DEFINITION);
            String topic = configuration.topics().names().of(Topics.MODEL);
            Map<String, Object> transactional = Map.of(
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    configuration.streams().applicationId(Role.TRAINER) + "-import-" + UUID.randomUUID());
            try (KafkaProducer<byte[], byte @Nullable []> producer =
                    GenerationsInTopic.producer(configuration, transactional)) {
                producer.initTransactions();
                producer.beginTransaction();
                Set<String> gone = new HashSet<>(present);
                gone.remove(marker);
                gone.remove(definition);
                producer.send(new ProducerRecord<>(
                        topic,
                        definition.getBytes(UTF_8),
                        ModelDefinitionJson.write(configuration.pipeline().definition())));
                model.rows().forEach((own, value) -> {
                    String key = generation.key(new String(own, UTF_8));
                    producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value));
                    gone.remove(key);
                });
                gone.forEach(key -> producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), null)));
                producer.send(new ProducerRecord<>(topic, marker.getBytes(UTF_8), model.markerValue()));
                producer.commitTransaction();
            }
        }
    }

    /** {@code model generations}. */
    @Command(
            name = "generations",
            mixinStandardHelpOptions = true,
            description = "List the generations that stand in the topic, and which one scorers are told to serve.",
            footer = {
                "",
                "Example:",
                "  eridanus model generations --config eridanus.yaml",
                "",
                "Exit code: 0 told, 1 Kafka did not answer, 2 wrong usage or configuration."
            })
    static final class Generations implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Override
        public Integer call() {
            GenerationsInTopic generations = generations(config.load());
            Optional<Generation> served = generations.served();
            PrintWriter out = spec.commandLine().getOut();
            generations
                    .markers()
                    .forEach((number, marker) -> out.printf(
                            Locale.ROOT,
                            "%-4d version %d, %d events, preset %s (%s)%s%n",
                            number,
                            marker.version(),
                            marker.events(),
                            marker.preset(),
                            marker.hash(),
                            served.equals(Optional.of(new Generation(number))) ? ", served" : ""));
            if (served.isEmpty()) {
                out.println("none is chosen: each scorer serves the one it is configured for");
            }
            out.flush();
            return 0;
        }
    }

    private static GenerationsInTopic generations(Configuration configuration) {
        try (Stopping stopping = new Stopping()) {
            return GenerationsInTopic.read(configuration, stopping::check);
        }
    }

    /** {@code model serve}. */
    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            description =
                    "Tell all scorers to serve a generation from now on, whatever they are configured for. Each list is"
                            + " made by one generation; nothing stops meanwhile.",
            footer = {
                "",
                "Example: go back to the first",
                "  eridanus model serve 1 --config eridanus.yaml",
                "",
                "Exit code: 0 told, 1 it is not complete or Kafka did not answer, 2 wrong usage or configuration."
            })
    static final class Serve implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Mixin
        private final GenerationNumber number = new GenerationNumber();

        @Override
        public Integer call() {
            Configuration configuration = config.load();
            Generation generation = number.generation();
            GenerationsInTopic generations = generations(configuration);
            if (generations.marker(generation).isEmpty() || !generations.defined(generation)) {
                throw new CommandException("a generation must be complete to be served, and " + generation
                        + " is not in the topic; it holds "
                        + generations.markers().keySet());
            }
            GenerationsInTopic.serve(configuration, generation);
            PrintWriter out = spec.commandLine().getOut();
            out.println("generation " + generation + " is served from now on");
            out.flush();
            return 0;
        }
    }

    /** {@code model remove}. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Remove a generation that is not served: its rows, and its trainer's offsets and changelogs.",
            footer = {
                "",
                "Example:",
                "  eridanus model remove 1 --config eridanus.yaml",
                "",
                "Exit code: 0 removed, 1 refused or Kafka did not answer, 2 wrong usage or configuration."
            })
    static final class Remove implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Mixin
        private final GenerationNumber number = new GenerationNumber();

        @Override
        public Integer call() {
            Configuration configuration = config.load();
            Generation generation = number.generation();
            GenerationsInTopic generations = generations(configuration);
            if (generations.served().isEmpty() || generations.served().equals(Optional.of(generation))) {
                throw new CommandException("another generation than the one to remove must be served, got "
                        + generations.served().map(Generation::toString).orElse("none chosen")
                        + "; choose one by model serve first");
            }
            GenerationsInTopic.refuseWithTrainer(configuration, generation);
            generations.remove(configuration, generation);
            PrintWriter out = spec.commandLine().getOut();
            out.println("generation " + generation + " is removed; what state folders hold of "
                    + configuration.streams().applicationId(Role.TRAINER, generation) + " can be deleted");
            out.flush();
            return 0;
        }
    }
}

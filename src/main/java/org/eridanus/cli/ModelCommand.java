package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eridanus.config.Configuration;
import org.eridanus.model.ModelRow;
import org.eridanus.stream.Role;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eridanus model}: the model as it stands in its topic. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Identify the model, keep it in a file, put it into another cluster.",
        subcommands = {ModelCommand.Digest.class, ModelCommand.Export.class, ModelCommand.Import.class},
        footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage or configuration."})
final class ModelCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is required");
    }

    private static ModelSnapshot read(Configuration configuration) {
        try (Stopping stopping = new Stopping();
                TopicReader topic = new TopicReader(configuration, Topics.MODEL)) {
            return ModelSnapshot.read(topic, stopping::check);
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
                throw new CommandException(file + " cannot be written: " + e + "; name another one", e);
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
                throw new CommandException(file + " cannot be read: " + e + "; name another one", e);
            }
            String expected = configuration.pipeline().model().hash();
            if (!model.marker().hash().equals(expected)) {
                throw new CommandException(file + " must be a model of the configured settings, " + expected + ", got "
                        + model.marker().hash() + " (preset " + model.marker().preset()
                        + "); no scorer with this configuration would serve it");
            }
            refuseWithTrainer(configuration);
            write(configuration, model, present(configuration));
            tell(model, spec.commandLine().getOut());
            return 0;
        }

        private static void refuseWithTrainer(Configuration configuration) {
            String group = configuration.streams().applicationId(Role.TRAINER);
            try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
                ConsumerGroupDescription trainer = admin.describeConsumerGroups(List.of(group))
                        .all()
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .get(group);
                if (trainer != null && !trainer.members().isEmpty()) {
                    throw new CommandException("no trainer must be running, but the group " + group + " has "
                            + trainer.members().size() + " members; stop them, or import into another cluster or"
                            + " prefix");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KafkaException("interrupted while asking for trainers", e);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw new KafkaException("the cluster must tell of the group " + group + ": " + e.getCause(), e);
                }
            } catch (TimeoutException e) {
                throw new KafkaException("the cluster did not answer within " + PATIENCE_SECONDS + " s", e);
            }
        }

        /** The keys of everything that the topic holds. */
        private Set<String> present(Configuration configuration) {
            Set<String> keys = new HashSet<>();
            try (Stopping stopping = new Stopping();
                    TopicReader topic = new TopicReader(configuration, Topics.MODEL)) {
                topic.readToEnd(
                        record -> {
                            byte @Nullable [] key = record.key();
                            if (key != null && record.value() != null) {
                                keys.add(new String(key, UTF_8));
                            } else if (key != null) {
                                keys.remove(new String(key, UTF_8));
                            }
                        },
                        stopping::check);
            }
            if (!keys.isEmpty() && !replace) {
                throw new CommandException("the topic of the model must be empty, and holds " + keys.size()
                        + " rows; say --replace to replace them");
            }
            return keys;
        }

        private static void write(Configuration configuration, ModelSnapshot model, Set<String> present) {
            String topic = configuration.topics().names().of(Topics.MODEL);
            Map<String, Object> settings = new HashMap<>(configuration.streams().producerConfig());
            settings.put(
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    configuration.streams().applicationId(Role.TRAINER) + "-import-" + UUID.randomUUID());
            settings.put(ProducerConfig.ACKS_CONFIG, "all");
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                Set<String> gone = new HashSet<>(present);
                gone.remove(ModelRow.Marker.KEY);
                model.rows().forEach((key, value) -> {
                    producer.send(new ProducerRecord<>(topic, key, value));
                    gone.remove(new String(key, UTF_8));
                });
                gone.forEach(key ->
                        producer.send(new ProducerRecord<byte[], byte @Nullable []>(topic, key.getBytes(UTF_8), null)));
                producer.send(new ProducerRecord<>(topic, ModelRow.Marker.KEY.getBytes(UTF_8), model.markerValue()));
                producer.commitTransaction();
            }
        }
    }
}

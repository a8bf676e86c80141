package org.eridanus.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.eridanus.accounting.FactReader;
import org.eridanus.config.Configuration;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelRow;
import org.eridanus.serde.Json;
import org.eridanus.stream.Pipeline;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.stream.RoleException;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code eridanus retrain}: trains another generation of the model on the retained training log beside the one that is
 * served, compares how both foresaw the same events, and has it served if asked to.
 *
 * <p>What trains is the trainer role of that generation, with offsets, stores and transactions of its own. So an
 * interrupted command is started again and goes on, what it comes to is a function of the log, nothing that runs is
 * touched, and {@code run} with the same configuration takes over where this one stops.
 */
@Command(
        name = "retrain",
        mixinStandardHelpOptions = true,
        description =
                "Train another generation of the model on the retained training log, beside the one that is served:"
                        + " with another preset, other settings or another schema. Compare both on the same events. With --switch,"
                        + " have the new one served.",
        footer = {
            "",
            "The configuration is the new model's, with a model.generation of its own.",
            "",
            "Examples:",
            "  eridanus retrain --config new.yaml --report comparison.json",
            "  eridanus retrain --config new.yaml --switch --follow",
            "",
            "Exit code: 0 trained, and with --switch served; 1 failed, or --switch was refused because the new one is worse;"
                    + " 2 wrong usage or configuration."
        })
final class RetrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int CLOSE = 8;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(names = "--report", paramLabel = "FILE", description = "Write the comparison to a file, as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--switch",
            description =
                    "Have the new generation served, unless it is worse: its NDCG@10 over the newer half of the events"
                            + " is below the served one's, beyond chance.")
    private boolean change;

    @Option(names = "--force", description = "With --switch: even if it is worse, or there are too few events to tell.")
    private boolean force;

    @Option(
            names = "--follow",
            description =
                    "Train on until Ctrl-C or SIGTERM, so that the new generation stays fresh until run takes over.")
    private boolean follow;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = config.load();
        PrintWriter out = spec.commandLine().getOut();
        try (Stopping stopping = new Stopping(0)) {
            Generation next = configuration.pipeline().generation();
            Generation served = check(configuration, next, stopping);
            PipelineSettings trainer = configuration.pipeline().withRoles(EnumSet.of(Role.TRAINER));
            try (Pipeline pipeline =
                    Pipeline.of(trainer, configuration.streams(), Clock.systemUTC(), PipelineSettings.Monitors.NONE)) {
                pipeline.start();
                pipeline.awaitRunning(PATIENCE);
                awaitTrained(configuration, pipeline, next, stopping);
                GenerationComparison comparison = compare(configuration, served, next, stopping);
                out.print(comparison.text());
                out.flush();
                boolean supported = GenerationComparison.supports(comparison.lastHalf());
                boolean switched = change && (supported || force);
                write(configuration, served, comparison, supported, switched);
                if (switched) {
                    GenerationsInTopic.serve(configuration, next);
                    out.println("generation " + next + " is served from now on; back: model serve " + served);
                } else if (change) {
                    throw new CommandException("generation " + next + " must not be worse than generation " + served
                            + " beyond chance, or be served by --force; it stays trained as it is");
                }
                out.flush();
                while (follow && !stopping.await(LOOK_AGAIN)) {
                    failIfStopped(pipeline);
                }
            }
            return 0;
        }
    }

    /** Refuses what cannot end well; returns the generation that is served. */
    private Generation check(Configuration configuration, Generation next, Stopping stopping) {
        GenerationsInTopic generations = GenerationsInTopic.read(configuration, stopping::check);
        Generation served = generations.served().orElse(Generation.FIRST);
        if (served.equals(next)) {
            throw new CommandException("model.generation must be another one than the served one, " + served
                    + "; give the new model a number of its own");
        }
        if (generations.marker(served).isEmpty()) {
            throw new CommandException(
                    "generation " + served + " must be trained and served to be compared with, and the"
                            + " topic of the model has no version of it");
        }
        Optional<ModelRow.Marker> trained = generations.marker(next);
        String hash = configuration.pipeline().model().hash();
        if (trained.isPresent() && !trained.get().hash().equals(hash)) {
            throw new CommandException("generation " + next + " is one of other settings, "
                    + trained.get().preset() + " (" + trained.get().hash() + "), not "
                    + configuration.pipeline().model().preset() + " (" + hash
                    + "); choose another number, or remove it by model remove " + next);
        }
        try (TopicReader log = new TopicReader(configuration, Topics.TRAINING_LOG)) {
            if (!log.isWhole()) {
                spec.commandLine()
                        .getErr()
                        .println("eridanus: retention has cut the training log: what was learned before is not learned"
                                + " again, and items announced before are recommended again only once they are produced"
                                + " to items anew");
                spec.commandLine().getErr().flush();
            }
        }
        return served;
    }

    /** Waits until the new generation's trainer is as near to the end of the log as one that runs all the time. */
    private void awaitTrained(Configuration configuration, Pipeline pipeline, Generation next, Stopping stopping)
            throws InterruptedException {
        Screen screen = Screen.standard(System.getenv());
        String group = configuration.streams().applicationId(Role.TRAINER);
        TopicPartition log = new TopicPartition(configuration.topics().names().of(Topics.TRAINING_LOG), 0);
        try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
            boolean near = false;
            while (!near) {
                pause(pipeline, stopping);
                long end = end(admin, log);
                long done = committed(admin, group, log);
                near = end - done <= close(configuration, end);
                if (screen.terminal()) {
                    screen.status(String.format(Locale.ROOT, "generation %s: %,d of %,d records", next, done, end));
                }
            }
            // A version follows the last records within a tick.
            while (GenerationsInTopic.read(configuration, stopping::check)
                    .marker(next)
                    .isEmpty()) {
                pause(pipeline, stopping);
            }
        } finally {
            screen.clear();
        }
    }

    private static long close(Configuration configuration, long length) {
        return Math.max(CLOSE, Math.min(configuration.pipeline().trainer().versionRecords(), length / 100));
    }

    private static long end(Admin admin, TopicPartition log) {
        return answer(admin.listOffsets(
                                Map.of(log, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .partitionResult(log))
                .offset();
    }

    private static long committed(Admin admin, String group, TopicPartition log) {
        OffsetAndMetadata committed = answer(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .get(log);
        return committed == null ? 0 : committed.offset();
    }

    private static <T> T answer(KafkaFuture<T> future) {
        return ClusterAnswer.of(future, PATIENCE, "the cluster must tell how far the trainer is");
    }

    private static void pause(Pipeline pipeline, Stopping stopping) throws InterruptedException {
        stopping.await(LOOK_AGAIN);
        stopping.check();
        failIfStopped(pipeline);
    }

    private static void failIfStopped(Pipeline pipeline) {
        RoleException failed = pipeline.failure().getNow(null);
        if (failed != null) {
            throw failed;
        }
    }

    private static GenerationComparison compare(
            Configuration configuration, Generation served, Generation next, Stopping stopping) {
        GenerationComparison comparison = new GenerationComparison(served, next);
        try (TopicReader evaluations = new TopicReader(configuration, Topics.EVALUATIONS)) {
            evaluations.readToEnd(
                    record -> {
                        if (record.value() != null) {
                            comparison.add(FactReader.tested(record.value()));
                        }
                    },
                    stopping::check);
        }
        return comparison;
    }

    private void write(
            Configuration configuration,
            Generation served,
            GenerationComparison comparison,
            boolean supported,
            boolean switched) {
        if (report == null) {
            return;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("served", served.number());
        tree.put("new", configuration.pipeline().generation().number());
        tree.put("preset", configuration.pipeline().model().preset());
        tree.put("settings", configuration.pipeline().model().hash());
        tree.put("schema", configuration.pipeline().schema().hash());
        tree.putAll(comparison.tree());
        tree.put("supported", supported);
        tree.put("switched", switched);
        JsonReport.write(Json.mapper().valueToTree(tree), report);
    }
}

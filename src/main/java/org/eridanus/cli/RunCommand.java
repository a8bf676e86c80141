package org.eridanus.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.eridanus.config.Configuration;
import org.eridanus.metrics.PipelineMetrics;
import org.eridanus.stream.Role;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code eridanus run}: some or all roles against a Kafka cluster, until the process is told to stop. It stops by itself
 * only if a role fails.
 */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Run roles against a Kafka cluster, until Ctrl-C or SIGTERM.",
        footer = {
            "",
            "Examples:",
            "  eridanus run --config eridanus.yaml",
            "  eridanus run --config eridanus.yaml --roles features,scorer",
            "  ERIDANUS_KAFKA_BOOTSTRAP_SERVERS=localhost:9092 eridanus run",
            "",
            "Exit code: 0 stopped as it was told, 1 a role failed or Kafka did not answer, 2 wrong usage or"
                    + " configuration."
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    /** What it says first. */
    static final String STARTING = "starting ";

    /** What it says when all roles work. */
    static final String RUNNING = "running; ";

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            converter = RoleConverter.class,
            description = "features, trainer, scorer, separated by commas (default: what the configuration says).")
    private @Nullable List<Role> roles;

    @Override
    public Integer call() {
        Configuration configuration = config.load();
        Set<Role> chosen = roles == null ? configuration.pipeline().roles() : EnumSet.copyOf(roles);
        RunningPipeline.Settings settings = new RunningPipeline.Settings(
                configuration.pipeline().withRoles(chosen),
                configuration.streams(),
                configuration.appliesTopics() ? configuration.topics() : null,
                new RunningPipeline.Http(configuration.http(), false));
        LOG.info(
                STARTING + "{} against {}, state in {}",
                chosen.stream().map(Role::label).sorted().collect(Collectors.joining(", ")),
                configuration.streams().bootstrapServers(),
                configuration.streams().stateFolder().toAbsolutePath());
        try (Stopping stopping = new Stopping(0)) {
            PipelineMetrics metrics = new PipelineMetrics(Clock.systemUTC());
            try (RunningPipeline running = RunningPipeline.start(settings, metrics)) {
                follow(running, stopping);
                LOG.info("stopping");
            }
            LOG.info("stopped");
            return 0;
        }
    }

    /** Returns when the process is told to stop. */
    private static void follow(RunningPipeline running, Stopping stopping) {
        boolean told = false;
        try {
            while (!stopping.await(LOOK_AGAIN)) {
                running.check();
                if (!told && running.ready()) {
                    LOG.info(RUNNING + "metrics at {}metrics", running.http());
                    told = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

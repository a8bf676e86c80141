package org.eridanus.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eridanus.config.Configuration;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code eridanus topics}: the topics of a cluster, as the files say. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Create topics and mend their settings.",
        subcommands = TopicsCommand.Apply.class,
        footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage or configuration."})
final class TopicsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is required");
    }

    /** {@code topics apply}. */
    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = "Create missing topics, add partitions where nothing depends on them, and mend settings."
                    + " Nothing is ever deleted.",
            footer = {
                "",
                "Examples:",
                "  eridanus topics apply --config eridanus.yaml --dry-run",
                "  eridanus topics apply --bootstrap localhost:9092",
                "",
                "Exit code: 0 done, or with --dry-run told; 1 the cluster refused or did not answer; 2 wrong usage or"
                        + " configuration."
            })
    static final class Apply implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Option(names = "--dry-run", description = "Tell what would be done, and do nothing.")
        private boolean dryRun;

        @Override
        public Integer call() {
            Configuration configuration = config.load();
            List<TopicDefinition> definitions = TopicFiles.find().load();
            PrintWriter out = spec.commandLine().getOut();
            try (Admin admin = Admin.create(configuration.streams().clientConfig(AdminClientConfig.configNames()))) {
                TopicApplier applier = new TopicApplier(admin, configuration.topics());
                out.println(dryRun ? applier.plan(definitions) : applier.apply(definitions));
            }
            out.flush();
            return 0;
        }
    }
}

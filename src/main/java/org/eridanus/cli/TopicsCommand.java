package org.eridanus.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.eridanus.config.Configuration;
import org.eridanus.stream.Role;
import org.eridanus.stream.RoleAccess;
import org.eridanus.topic.TopicApplier;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.TopicNames;
import org.jspecify.annotations.Nullable;
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
        description = "Create topics, mend their settings, and list who has to be allowed what.",
        subcommands = {TopicsCommand.Apply.class, TopicsCommand.Acls.class},
        footer = {"", "Exit code: 0 done, 1 failed, 2 wrong usage or configuration."})
final class TopicsCommand extends CommandGroup {
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
            try (Admin admin = Admin.create(configuration.streams().adminConfig())) {
                TopicApplier applier = new TopicApplier(admin, configuration.topics());
                out.println(dryRun ? applier.plan(definitions) : applier.apply(definitions));
            }
            out.flush();
            return 0;
        }
    }

    /** {@code topics acls}. */
    @Command(
            name = "acls",
            mixinStandardHelpOptions = true,
            description =
                    "List the least that a principal has to be allowed, as options of kafka-acls, one rule a line.",
            footer = {
                "",
                "Examples:",
                "  eridanus topics acls --config eridanus.yaml --principal User:eridanus",
                "  eridanus topics acls --config eridanus.yaml --principal User:trainer --roles trainer \\",
                "    | xargs -L1 kafka-acls --bootstrap-server kafka-1:9092 --command-config admin.properties",
                "",
                "Exit code: 0 done, 2 wrong usage or configuration."
            })
    static final class Acls implements Callable<Integer> {
        private static final Pattern PRINCIPAL = Pattern.compile("[^\\s:]+:\\S+");

        @Spec
        @SuppressWarnings("NullAway.Init") // injected by picocli before call()
        private CommandSpec spec;

        @Mixin
        private final ConfigOption config = new ConfigOption();

        @Option(
                names = "--principal",
                paramLabel = "TYPE:NAME",
                required = true,
                description = "Who is to be allowed, e.g. User:eridanus.")
        private String principal = "";

        @Option(
                names = "--roles",
                paramLabel = "ROLE",
                split = ",",
                converter = RoleConverter.class,
                description = "Which roles it runs (default: what the configuration says).")
        private @Nullable List<Role> roles;

        @Override
        public Integer call() {
            if (!PRINCIPAL.matcher(principal).matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--principal must be a type and a name such as User:eridanus, got " + principal);
            }
            Configuration configuration = config.load();
            List<TopicDefinition> definitions = TopicFiles.find().load();
            TopicNames names = configuration.topics().names();
            Set<Role> running = roles == null ? configuration.pipeline().roles() : EnumSet.copyOf(roles);
            List<AclBinding> rules =
                    new ArrayList<>(RoleAccess.run(running, principal, configuration.streams(), definitions, names));
            if (configuration.http().writable() && running.contains(Role.SCORER)) {
                rules.add(RoleAccess.tellInteractions(principal, names));
            }
            if (configuration.appliesTopics()) {
                rules.addAll(RoleAccess.applyTopics(principal, definitions, names));
            }
            PrintWriter out = spec.commandLine().getOut();
            rules.forEach(rule -> out.println(RoleAccess.options(rule)));
            out.flush();
            return 0;
        }
    }
}

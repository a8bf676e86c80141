package org.eridanus.stream;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;

/**
 * What a role has to be allowed on a cluster that authorises, and nothing more: reading and writing its topics as their
 * files say, its consumer group, its transactions, and the changelogs of its stores, which begin with its application id.
 */
public final class RoleAccess {
    private static final String ANY_HOST = "*";

    /** What the scorer's process reads beside, to answer over HTTP. */
    private static final Set<String> SHOWN_BY_SCORER =
            Set.of(Topics.CATALOGUE, Topics.USERS, Topics.EVALUATIONS, Topics.RECOMMENDATIONS);

    private RoleAccess() {}

    /**
     * The rules that allow some roles to run.
     *
     * @param roles the roles that run as one principal
     * @param principal who they run as, e.g. {@code User:eridanus}
     * @param topics the definitions of all topics
     * @param names how topics are called
     */
    public static List<AclBinding> run(
            Set<Role> roles,
            String principal,
            StreamsSettings streams,
            List<TopicDefinition> topics,
            TopicNames names) {
        Set<AclBinding> rules = new LinkedHashSet<>();
        for (Role role : Role.values()) {
            if (!roles.contains(role)) {
                continue;
            }
            for (TopicDefinition topic : topics) {
                ResourcePattern resource = literal(ResourceType.TOPIC, names.of(topic.name()));
                if (topic.readBy().contains(role.label())
                        || role == Role.SCORER && SHOWN_BY_SCORER.contains(topic.name())) {
                    rules.add(allow(principal, resource, AclOperation.READ));
                }
                if (topic.writtenBy().contains(role.label())) {
                    rules.add(allow(principal, resource, AclOperation.WRITE));
                }
            }
            String id = streams.applicationId(role);
            ResourcePattern changelogs = new ResourcePattern(ResourceType.TOPIC, id + "-", PatternType.PREFIXED);
            for (AclOperation operation : List.of(AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE)) {
                rules.add(allow(principal, changelogs, operation));
            }
            rules.add(allow(principal, literal(ResourceType.GROUP, id), AclOperation.READ));
            rules.add(allow(
                    principal,
                    new ResourcePattern(ResourceType.TRANSACTIONAL_ID, id + "-", PatternType.PREFIXED),
                    AclOperation.WRITE));
        }
        return List.copyOf(rules);
    }

    /** The rules that allow to apply the topics. */
    public static List<AclBinding> applyTopics(String principal, List<TopicDefinition> topics, TopicNames names) {
        List<AclBinding> rules = new ArrayList<>();
        for (TopicDefinition topic : topics) {
            ResourcePattern resource = literal(ResourceType.TOPIC, names.of(topic.name()));
            for (AclOperation operation : List.of(
                    AclOperation.CREATE,
                    AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS,
                    AclOperation.ALTER,
                    AclOperation.ALTER_CONFIGS)) {
                rules.add(allow(principal, resource, operation));
            }
        }
        return rules;
    }

    /** The rule that allows to tell of interactions over HTTP, where that is enabled. */
    public static AclBinding tellInteractions(String principal, TopicNames names) {
        return allow(principal, literal(ResourceType.TOPIC, names.of(Topics.INTERACTIONS)), AclOperation.WRITE);
    }

    private static ResourcePattern literal(ResourceType type, String name) {
        return new ResourcePattern(type, name, PatternType.LITERAL);
    }

    private static AclBinding allow(String principal, ResourcePattern resource, AclOperation operation) {
        return new AclBinding(
                resource, new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
    }

    /** A rule as options of {@code kafka-acls}. */
    public static String options(AclBinding rule) {
        ResourcePattern resource = rule.pattern();
        String option = switch (resource.resourceType()) {
            case TOPIC -> "--topic";
            case GROUP -> "--group";
            case TRANSACTIONAL_ID -> "--transactional-id";
            default -> throw new IllegalArgumentException("no rule here is about a " + resource.resourceType());
        };
        return "--add --allow-principal " + rule.entry().principal() + " --operation "
                + operation(rule.entry().operation()) + " " + option + " " + resource.name()
                + (resource.patternType() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }

    private static String operation(AclOperation operation) {
        return switch (operation) {
            case DESCRIBE_CONFIGS -> "DescribeConfigs";
            case ALTER_CONFIGS -> "AlterConfigs";
            default ->
                operation.name().charAt(0) + operation.name().substring(1).toLowerCase(Locale.ROOT);
        };
    }
}

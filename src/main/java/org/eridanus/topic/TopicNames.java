package org.eridanus.topic;

import java.util.regex.Pattern;

/**
 * How topics are called in a cluster: a prefix, then their own name. With prefixes of their own, several installations
 * share a cluster.
 *
 * @param prefix at most 64 letters, digits, dots, dashes and underscores; may be empty
 */
public record TopicNames(String prefix) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{0,64}");

    /** Without a prefix. */
    public static final TopicNames PLAIN = new TopicNames("");

    public TopicNames {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("topics.prefix must be at most 64 letters, digits, dots, dashes and"
                    + " underscores, got '" + prefix + "'");
        }
    }

    /** The name in the cluster of one of {@link Topics#ALL}. */
    public String of(String topic) {
        return prefix + topic;
    }

    /** The own name of a topic that is called {@code name} in the cluster; other names come back as they are. */
    public String plain(String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }
}

package org.eridanus.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.eridanus.testing.FuzzTarget;

/** The parser of topic files. */
public final class TopicFuzzTargets {
    /** By name. */
    public static final Map<String, FuzzTarget> ALL = Map.of("topic-file", TopicFuzzTargets::topicFile);

    private TopicFuzzTargets() {}

    private static boolean topicFile(byte[] bytes) {
        try {
            TopicFiles.parse("interactions", "fuzz.yaml", new String(bytes, UTF_8));
            return true;
        } catch (TopicException refused) {
            return false;
        }
    }
}

package org.eridanus.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;
import org.eridanus.model.Presets;
import org.eridanus.recommend.ServedModel;
import org.eridanus.topic.TopicNames;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;

class PipelineSettingsTest {
    private static final Pattern TOPIC = Pattern.compile("topics?: \\[?([^\\]\\s)]+)");

    @Test
    void shouldCallEveryTopicByItsNameInTheCluster() {
        PipelineSettings plain = PipelineSettings.of(Presets.online());
        PipelineSettings prefixed = new PipelineSettings(
                plain.roles(),
                new TopicNames("shop."),
                plain.model(),
                plain.schema(),
                plain.generation(),
                plain.feedback(),
                plain.limits(),
                plain.trainer(),
                plain.scorer());

        assertThat(topicsOf(plain)).containsExactlyInAnyOrderElementsOf(Topics.ALL);
        assertThat(topicsOf(prefixed))
                .containsExactlyInAnyOrderElementsOf(
                        Topics.ALL.stream().map(topic -> "shop." + topic).collect(Collectors.toSet()));
    }

    private static Set<String> topicsOf(PipelineSettings settings) {
        ServedModel served = new ServedModel(settings.definition());
        Set<String> topics = new HashSet<>();
        for (Topology topology : settings.topologies(
                        served, new OpenContexts(), Clock.systemUTC(), PipelineSettings.Monitors.NONE)
                .values()) {
            Matcher names = TOPIC.matcher(topology.describe().toString());
            while (names.find()) {
                topics.add(names.group(1));
            }
        }
        return topics;
    }
}

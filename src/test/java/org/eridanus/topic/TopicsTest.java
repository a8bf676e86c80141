package org.eridanus.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** Holds the topic files of the repository and the code together. */
class TopicsTest {
    private static final Path FOLDER = Path.of("topics");
    private static final Set<String> TOPIC_SETTINGS = Arrays.stream(TopicConfig.class.getFields())
            .filter(field -> field.getName().endsWith("_CONFIG"))
            .map(TopicsTest::text)
            .collect(Collectors.toUnmodifiableSet());

    private final List<TopicDefinition> definitions = TopicFiles.in(FOLDER).load();
    private final Map<String, TopicDefinition> byName =
            definitions.stream().collect(Collectors.toMap(TopicDefinition::name, Function.identity()));

    @Test
    void shouldListEveryNameOnce() {
        List<String> constants = Arrays.stream(Topics.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == String.class)
                .map(TopicsTest::text)
                .toList();

        assertThat(constants).hasSizeGreaterThan(10);
        assertThat(Topics.ALL).containsExactlyInAnyOrderElementsOf(constants).doesNotHaveDuplicates();
        assertThat(Topics.ALL).containsAll(Topics.USER_FACING).allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
        assertThat(Topics.USER_FACING).containsAll(Topics.INPUT);
    }

    @Test
    void shouldHaveAFileForEveryNameAndANameForEveryFile() throws IOException {
        assertThat(files(".yaml")).containsExactlyInAnyOrderElementsOf(Topics.ALL);
        assertThat(definitions).extracting(TopicDefinition::name).isEqualTo(Topics.ALL);
    }

    @Test
    void shouldHaveASchemaForUserFacingTopicsAlone() throws IOException {
        assertThat(files(".schema.json")).containsExactlyInAnyOrderElementsOf(Topics.USER_FACING);
        assertThat(definitions).allSatisfy(definition -> {
            if (Topics.USER_FACING.contains(definition.name())) {
                assertThat(definition.value()).startsWith("JSON, " + definition.name() + ".schema.json");
            } else {
                assertThat(definition.value()).doesNotContain("JSON");
            }
        });
    }

    @Test
    void shouldHoldNothingElse() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files).hasSize(Topics.ALL.size() + Topics.USER_FACING.size());
        }
    }

    @Test
    void shouldBeTheSameOnTheClassPath() {
        assertThat(TopicFiles.onClassPath().load()).isEqualTo(definitions);
        assertThat(Topics.ALL)
                .allSatisfy(topic -> assertThat(TopicFiles.onClassPath().schema(topic))
                        .isEqualTo(TopicFiles.in(FOLDER).schema(topic)));
    }

    @Test
    void shouldNameKafkasOwnSettings() {
        assertThat(TOPIC_SETTINGS).contains("cleanup.policy");
        assertThat(definitions)
                .allSatisfy(definition -> assertThat(TOPIC_SETTINGS)
                        .containsAll(definition.config().keySet()));
    }

    @Test
    void shouldStateFiniteRetentionWhereverRecordsAreDeleted() {
        assertThat(definitions).allSatisfy(definition -> {
            List<String> policies =
                    List.of(setting(definition, "cleanup.policy").split(","));
            assertThat(policies).isNotEmpty().isSubsetOf("compact", "delete");
            if (policies.contains("delete")) {
                assertThat(Duration.ofMillis(Long.parseLong(setting(definition, "retention.ms"))))
                        .isBetween(Duration.ofDays(1), Duration.ofDays(30));
                assertThat(Duration.ofMillis(Long.parseLong(setting(definition, "segment.ms"))))
                        .isBetween(Duration.ofHours(1), Duration.ofDays(1));
            } else {
                assertThat(definition.config()).doesNotContainKey("retention.ms");
            }
            if (policies.contains("compact")) {
                // What was forgotten has to leave the log in a stated time, however little is written.
                assertThat(Duration.ofMillis(Long.parseLong(setting(definition, "max.compaction.lag.ms"))))
                        .isBetween(Duration.ofHours(1), Duration.ofDays(1));
            }
        });
    }

    @Test
    void shouldLeaveReplicationToTheConfiguration() throws IOException {
        assertThat(definitions).hasSize(Topics.ALL.size());
        for (String topic : Topics.ALL) {
            assertThat(Files.readString(FOLDER.resolve(topic + ".yaml"))).contains("\nreplication: R\n");
            assertThat(byName.get(topic).config()).doesNotContainKey("min.insync.replicas");
        }
    }

    @Test
    void shouldStampInputWithTheTimeAtWhichItArrives() {
        assertThat(definitions).allSatisfy(definition -> {
            if (Topics.INPUT.contains(definition.name())) {
                assertThat(setting(definition, "message.timestamp.type")).isEqualTo("LogAppendTime");
            } else {
                assertThat(definition.config()).doesNotContainKey("message.timestamp.type");
            }
        });
    }

    @Test
    void shouldTakeTheLargestDeadLetter() {
        long limit = limit(byName.get(Topics.DEAD_LETTERS));

        assertThat(Topics.INPUT)
                .allSatisfy(topic -> assertThat(limit(byName.get(topic))).isLessThanOrEqualTo(limit / 2 + 12));
    }

    @Test
    void shouldGiveTopicsThatMeetInAStoreTheSamePartitions() {
        assertThat(List.of(
                        Topics.INTERACTIONS,
                        Topics.USERS,
                        Topics.ITEMS,
                        Topics.ENRICHED_INTERACTIONS,
                        Topics.RECOMMENDATION_REQUESTS))
                .allSatisfy(topic -> assertThat(byName.get(topic).partitions(7)).isEqualTo(7));
        assertThat(List.of(Topics.TRAINING_LOG, Topics.MODEL, Topics.MODEL_CONTROL))
                .allSatisfy(topic -> assertThat(byName.get(topic).partitions(7)).isEqualTo(1));
    }

    private static long limit(TopicDefinition definition) {
        return Long.parseLong(setting(definition, "max.message.bytes"));
    }

    private static String setting(TopicDefinition definition, String key) {
        assertThat(definition.config()).as(definition.name()).containsKey(key);
        return definition.config().get(key);
    }

    private static List<String> files(String end) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(file -> file.endsWith(end))
                    .map(file -> file.substring(0, file.length() - end.length()))
                    .toList();
        }
    }

    private static String text(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}

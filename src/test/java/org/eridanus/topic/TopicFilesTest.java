package org.eridanus.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicFilesTest {
    private static final String VALID = """
            carries: what happens
            key: user id
            value: text
            written-by: [producers]
            read-by: [features, scorer]
            partitions: N
            replication: R
            stateful: true
            config:
              cleanup.policy: compact,delete
              min.cleanable.dirty.ratio: 0.1
              retention.ms: 604800000
              unclean.leader.election.enable: false
            """;

    @TempDir
    private Path folder;

    private final String home = System.getProperty(TopicFiles.HOME, "");

    @AfterEach
    void restoreHome() {
        if (home.isEmpty()) {
            System.clearProperty(TopicFiles.HOME);
        } else {
            System.setProperty(TopicFiles.HOME, home);
        }
    }

    @Test
    void shouldReadEveryField() {
        TopicDefinition definition = TopicFiles.parse("events", "events.yaml", VALID);

        assertThat(definition)
                .isEqualTo(new TopicDefinition(
                        "events",
                        OptionalInt.empty(),
                        Map.of(
                                "cleanup.policy", "compact,delete",
                                "min.cleanable.dirty.ratio", "0.1",
                                "retention.ms", "604800000",
                                "unclean.leader.election.enable", "false"),
                        "what happens",
                        "user id",
                        "text",
                        List.of("producers"),
                        List.of("features", "scorer"),
                        true));
        assertThat(definition.partitions(6)).isEqualTo(6);
    }

    @Test
    void shouldReadAFixedNumberOfPartitions() {
        TopicDefinition definition =
                TopicFiles.parse("events", "events.yaml", VALID.replace("partitions: N", "partitions: 1"));

        assertThat(definition.partitions(6)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitions: N          | partitions: many        | partitions must be N or",
                "partitions: N          | partitions: 0           | partitions must be N or",
                "partitions: N          | partitions: 1.5         | partitions must be N or",
                "replication: R         | replication: 3          | replication must be R",
                "replication: R         | comment: none           | unknown key 'comment'",
                "stateful: true         | stateful: maybe         | stateful must be true or false",
                "carries: what happens  | carries: ''             | carries must be a text",
                "key: user id           | key: 3                  | key must be a text",
                "value: text            | value: [text]           | value must be a text",
                "written-by: [producers]| written-by: producers   | written-by must be a list of texts",
                "written-by: [producers]| written-by: []          | written-by must be a list of texts",
                "written-by: [producers]| written-by: [1]         | written-by must be a list of texts",
                "cleanup.policy: compact,delete| cleanup.policy: [compact]| config.cleanup.policy must be a text",
                "key: user id           | partitions: 2           | Duplicate field 'partitions'",
                "key: user id           | 'key: {'                | must be YAML",
            })
    void shouldNameFileAndKeyOfWhatIsWrong(String valid, String broken, String message) {
        assertThat(VALID).contains(valid);

        String text = VALID.replace(valid, broken);

        assertThatThrownBy(() -> TopicFiles.parse("events", "topics/events.yaml", text))
                .isInstanceOf(TopicException.class)
                .hasMessageStartingWith("topics/events.yaml")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"partitions", "replication", "config", "carries", "key", "value", "written-by", "read-by", "stateful"})
    void shouldMissEveryKey(String key) {
        String text = VALID.replaceAll("(?m)^" + key + ":.*\\n(  .*\\n)*", "");
        assertThat(text).isNotEqualTo(VALID);

        assertThatThrownBy(() -> TopicFiles.parse("events", "topics/events.yaml", text))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining(key + " must be")
                .hasMessageContaining("got nothing");
    }

    @Test
    void shouldRefuseAnEmptyFile() {
        assertThatThrownBy(() -> TopicFiles.parse("events", "topics/events.yaml", ""))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("must hold the keys");
    }

    @Test
    void shouldPreferTheFolderThatThePropertyNames() throws IOException {
        Path topics = copyTo(folder.resolve("topics"));
        Path users = topics.resolve("users.yaml");
        Files.writeString(users, Files.readString(users).replace("carries: >-\n  What", "carries: >-\n  What else"));
        System.setProperty(TopicFiles.HOME, folder.toString());

        assertThat(TopicFiles.find().load())
                .filteredOn(definition -> definition.name().equals(Topics.USERS))
                .singleElement()
                .satisfies(definition -> assertThat(definition.carries()).startsWith("What else"));
        assertThat(TopicFiles.find().schema(Topics.USERS)).isPresent();
        assertThat(TopicFiles.find().schema(Topics.MODEL)).isEmpty();
    }

    @Test
    void shouldFallBackOnTheClassPath() {
        System.clearProperty(TopicFiles.HOME);

        assertThat(TopicFiles.find().load()).hasSize(Topics.ALL.size());
    }

    @Test
    void shouldRefuseAHomeWithoutTopics() {
        System.setProperty(TopicFiles.HOME, folder.toString());

        assertThatThrownBy(TopicFiles::find)
                .isInstanceOf(TopicException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(TopicFiles.HOME);
    }

    @Test
    void shouldRefuseAMissingAndAnUnknownFile() throws IOException {
        Path topics = copyTo(folder.resolve("topics"));
        Path users = topics.resolve("users.yaml");
        Path people = topics.resolve("people.yaml");

        Files.copy(users, people);
        assertThatThrownBy(() -> TopicFiles.in(topics).load())
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("people.yaml must be named after a topic");

        Files.delete(people);
        Files.delete(users);
        assertThatThrownBy(() -> TopicFiles.in(topics).load())
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("users.yaml")
                .hasMessageContaining("restore the file");
    }

    private static Path copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(Path.of("topics"))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }
}

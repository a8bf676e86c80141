package org.eridanus.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of README.md that says when what topics hold of a forgotten user is gone, against the topics' files. */
class ForgettingTableTest {
    private static final long DAY = 86_400_000;

    @Test
    void shouldSayOfEveryTopicWhenWhatItHoldsOfAForgottenUserIsGone() throws IOException {
        List<String[]> rows = rows();

        for (TopicDefinition topic : TopicFiles.find().load()) {
            List<String[]> of = rows.stream()
                    .filter(row -> row[1].contains("`" + topic.name() + "`"))
                    .toList();
            assertThat(of).as("rows of %s", topic.name()).hasSize(1);
            String held = of.get(0)[2].strip();
            String gone = of.get(0)[3].strip();
            if (held.equals("nothing of users")) {
                assertThat(topic.value()).as(topic.name()).doesNotContain("user");
            } else if (topic.config().getOrDefault("cleanup.policy", "").startsWith("compact")) {
                assertThat(gone)
                        .as(topic.name())
                        .contains(days(topic, "max.compaction.lag.ms") + " and a round of the cleaner")
                        .contains("the tombstone " + days(topic, "delete.retention.ms") + " more");
            } else {
                // A segment is deleted when its newest record is old enough.
                assertThat(gone)
                        .as(topic.name())
                        .contains(days(of(topic, "retention.ms") + of(topic, "segment.ms")) + " after ");
            }
        }
    }

    private static String days(TopicDefinition topic, String setting) {
        return days(of(topic, setting));
    }

    private static String days(long millis) {
        assertThat(millis % DAY).isZero();
        return millis == DAY ? "1 day" : millis / DAY + " days";
    }

    private static long of(TopicDefinition topic, String setting) {
        String value = topic.config().get(setting);
        assertThat(value).as("%s of %s", setting, topic.name()).isNotNull();
        return Long.parseLong(value);
    }

    private static List<String[]> rows() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int from = readme.indexOf("### Forgetting a user");
        int to = readme.indexOf("\n### ", from + 1);
        List<String[]> rows = readme.substring(from, to)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(9);
        return rows;
    }
}

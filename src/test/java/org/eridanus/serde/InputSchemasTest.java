package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eridanus.dataset.Dataset;
import org.eridanus.dataset.SyntheticWorld;
import org.eridanus.event.Validated;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The JSON Schemas of what people write, and the code that reads it: each accepts what the other accepts. */
class InputSchemasTest {
    static final List<String> INPUT = Topics.INPUT.stream().sorted().toList();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "key";
    /** What a field may be replaced with. */
    private static final List<String> VALUES = List.of(
            "\"\"",
            "\"text\"",
            "\"" + "y".repeat(128) + "\"",
            "\"" + "y".repeat(600) + "\"",
            "\"a\\u0001b\"",
            "0",
            "-1",
            "3",
            "101",
            "2.5",
            "1e9",
            "true",
            "[]",
            "null",
            "[\"a\",\"b\"]",
            "[1,2.5,true,null]",
            "[null]",
            "[\"\"]",
            "[{\"a\":1}]",
            "[[\"a\"]]",
            "{\"a\":1}");

    @ParameterizedTest
    @FieldSource("INPUT")
    void shouldReadEveryExample(String topic) throws IOException {
        for (JsonNode example : JSON.readTree(text(topic)).path("examples")) {
            assertThat(read(topic, example)).as("%s", example).isInstanceOf(Validated.Valid.class);
        }
    }

    @ParameterizedTest
    @FieldSource("INPUT")
    void shouldAgreeOnEveryFieldThatIsMissingOrReplaced(String topic) throws IOException {
        Schema schema = schema(topic);
        List<String> disagreements = new ArrayList<>();
        JsonNode definition = JSON.readTree(text(topic));
        for (JsonNode example : definition.path("examples")) {
            List<String> fields = new ArrayList<>();
            definition.path("properties").fieldNames().forEachRemaining(fields::add);
            fields.add("other");
            for (String field : fields) {
                ObjectNode without = example.deepCopy();
                without.remove(field);
                compare(topic, schema, without, disagreements);
                for (String value : VALUES) {
                    ObjectNode changed = example.deepCopy();
                    changed.set(field, JSON.readTree(value));
                    compare(topic, schema, changed, disagreements);
                }
            }
        }

        assertThat(disagreements).isEmpty();
    }

    private static void compare(String topic, Schema schema, JsonNode value, List<String> disagreements) {
        boolean bySchema = schema.validate(value.toString(), InputFormat.JSON).isEmpty();
        Validated<?> read = read(topic, value);
        if (bySchema != read instanceof Validated.Valid<?>) {
            disagreements.add(
                    (bySchema ? "the schema alone accepts " : "the code alone accepts ") + value + " (" + read + ")");
        }
    }

    @Test
    void shouldWriteWhatTheSchemasAccept() throws IOException {
        Dataset world = SyntheticWorld.generate(
                SyntheticWorld.Settings.defaults().withSize(20, 30, 200).withClusters(3));

        world.users().forEach(user -> assertAccepted(Topics.USERS, EventJson.userProfile(user)));
        world.items().forEach(item -> assertAccepted(Topics.ITEMS, EventJson.item(item)));
        world.interactions().forEach(each -> assertAccepted(Topics.INTERACTIONS, EventJson.interaction(each)));
    }

    private static void assertAccepted(String topic, byte[] value) {
        String text = new String(value, UTF_8);
        assertThat(schema(topic).validate(text, InputFormat.JSON)).as(text).isEmpty();
    }

    /** Reads a value under the key that it names itself, where it names one. */
    private static Validated<?> read(String topic, JsonNode value) {
        byte[] bytes = value.toString().getBytes(UTF_8);
        String id = topic.equals(Topics.ITEMS) ? "item" : "user";
        JsonNode named = value.path(id);
        byte[] key = (named.isTextual() && !named.textValue().isEmpty() ? named.textValue() : KEY).getBytes(UTF_8);
        return switch (topic) {
            case Topics.INTERACTIONS -> EventReader.interaction(key, bytes, Long.MAX_VALUE / 2);
            case Topics.USERS -> EventReader.userProfile(key, bytes);
            case Topics.ITEMS -> EventReader.item(key, bytes);
            case Topics.RECOMMENDATION_REQUESTS -> EventReader.request(key, bytes);
            default -> EventReader.command(bytes);
        };
    }

    private static String text(String topic) {
        return TopicFiles.onClassPath().schema(topic).orElseThrow();
    }

    private static Schema schema(String topic) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text(topic), InputFormat.JSON);
    }
}

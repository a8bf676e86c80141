package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.eridanus.serde.WireException;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.Topics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The JSON Schemas of what is written: whatever they allow is read. */
class OutputSchemasTest {
    static final List<String> OUTPUT = Topics.USER_FACING.stream()
            .filter(topic -> !Topics.INPUT.contains(topic))
            .sorted()
            .toList();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VALUES = List.of(
            "null", "\"\"", "\"text\"", "0", "-1", "7", "2.5", "1e300", "true", "[]", "[1]", "[{}]", "{}", "{\"0\":5}");

    @ParameterizedTest
    @FieldSource("OUTPUT")
    void shouldReadWhateverTheSchemaAllows(String topic) throws IOException {
        String text = TopicFiles.onClassPath().schema(topic).orElseThrow();
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text, InputFormat.JSON);
        List<String> unread = new ArrayList<>();
        int allowed = 0;
        int refused = 0;
        for (JsonNode example : JSON.readTree(text).path("examples")) {
            for (JsonNode changed : changes((ObjectNode) example)) {
                if (!schema.validate(changed.toString(), InputFormat.JSON).isEmpty()) {
                    refused++;
                    continue;
                }
                allowed++;
                if (!reads(topic, changed)) {
                    unread.add(changed.toString());
                }
            }
        }

        assertThat(unread)
                .as("what the schema allows, and the code does not read")
                .isEmpty();
        assertThat(allowed).isGreaterThan(10);
        assertThat(refused).isGreaterThan(100);
    }

    /** The example itself, and with every field of it and of the objects in it left out or replaced. */
    private static List<JsonNode> changes(ObjectNode example) throws IOException {
        List<JsonNode> changes = new ArrayList<>(List.of(example));
        List<String> objects = new ArrayList<>();
        collect(example, "", objects);
        for (String object : objects) {
            TreeSet<String> fields = new TreeSet<>();
            example.at(object).fieldNames().forEachRemaining(fields::add);
            for (String field : fields) {
                ObjectNode without = example.deepCopy();
                ((ObjectNode) without.at(object)).remove(field);
                changes.add(without);
                for (String value : VALUES) {
                    ObjectNode changed = example.deepCopy();
                    ((ObjectNode) changed.at(object)).set(field, JSON.readTree(value));
                    changes.add(changed);
                }
            }
        }
        return changes;
    }

    private static void collect(JsonNode node, String pointer, List<String> objects) {
        if (node instanceof ObjectNode) {
            objects.add(pointer);
            node.properties().forEach(each -> collect(each.getValue(), pointer + "/" + each.getKey(), objects));
        } else if (node instanceof ContainerNode<?>) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + "/" + i, objects);
            }
        }
    }

    private static boolean reads(String topic, JsonNode value) {
        byte[] bytes = value.toString().getBytes(UTF_8);
        try {
            if (topic.equals(Topics.EVALUATIONS)) {
                FactReader.tested(bytes);
            } else {
                FactReader.list(bytes);
            }
            return true;
        } catch (WireException e) {
            return false;
        }
    }
}

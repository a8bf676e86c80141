package org.eridanus.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;

/** The description of the HTTP interface, to hold answers to it. */
final class OpenApi {
    private final ObjectNode document;

    OpenApi() {
        try {
            document = (ObjectNode) new ObjectMapper().readTree(Resources.read("openapi.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode document() {
        return document;
    }

    /** Method and path of every operation. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method ->
                                operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    JsonNode parameter(String path, String name) {
        for (JsonNode each : document.at("/paths/" + path.replace("/", "~1") + "/get/parameters")) {
            if (each.path("name").asText().equals(name)) {
                return each.get("schema");
            }
        }
        throw new AssertionError("no parameter " + name + " of " + path);
    }

    /** An answer must have a described status and media type, and a body that keeps to its schema. */
    void check(String method, String path, HttpResponse<String> response) {
        JsonNode described =
                document.at("/paths/" + path.replace("/", "~1") + "/" + method + "/responses/" + response.statusCode());
        assertThat(described.isMissingNode())
                .as(method + " " + path + " with status " + response.statusCode() + " is described")
                .isFalse();
        String type = response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        JsonNode content = described.at("/content/" + type.replace("/", "~1") + "/schema");
        assertThat(content.isMissingNode()).as("media type " + type).isFalse();
        if (type.endsWith("json")) {
            ObjectNode schema = new ObjectMapper().createObjectNode();
            schema.setAll((ObjectNode) content);
            schema.set("components", document.get("components"));
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema.toString())
                            .validate(new String(response.body().getBytes(UTF_8), UTF_8), InputFormat.JSON))
                    .as(response.body())
                    .isEmpty();
        }
    }
}

package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eridanus.feature.Category;
import org.eridanus.feature.Category.Kind;
import org.eridanus.feature.Category.Normalisation;
import org.eridanus.feature.Category.Owner;
import org.eridanus.feature.Combination;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.model.Generation;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;

/**
 * What a model is, as JSON: its settings and its schema, as a {@link ModelFile} and the topic {@code model} hold them.
 */
public final class ModelDefinitionJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder(Json.factory())
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private static final String PAIRS = "pairs";
    private static final String BACKWARD = "backward";

    private ModelDefinitionJson() {}

    /** The definition, in UTF-8. */
    public static byte[] write(ModelDefinition definition) {
        ObjectNode root = MAPPER.createObjectNode();
        ObjectNode settings = MAPPER.valueToTree(definition.settings());
        // Counts of one direction are written as they were before there were others.
        if (settings.path(PAIRS).path(BACKWARD).asDouble() == 0.0 && settings.get(PAIRS) instanceof ObjectNode pairs) {
            pairs.remove(BACKWARD);
        }
        root.set("settings", settings);
        ArrayNode categories = root.putObject("schema").putArray("categories");
        definition.schema().categories().forEach(category -> categories.add(node(category)));
        ArrayNode combinations = ((ObjectNode) root.get("schema")).putArray("combinations");
        for (Combination combination : definition.schema().combinations()) {
            ArrayNode names = combinations.addArray();
            combination.categories().forEach(names::add);
        }
        try {
            return MAPPER.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and texts can be written", e);
        }
    }

    private static ObjectNode node(Category category) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("name", category.name());
        node.put("owner", category.owner().name());
        Kind kind = category.kind();
        node.put("kind", kind.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        node.put("source", category.source());
        if (category.describes() != null) {
            node.put("describes", category.describes());
        }
        if (kind instanceof Kind.Bands bands) {
            ArrayNode bounds = node.putArray("bounds");
            bands.bounds().forEach(bounds::add);
        } else if (kind instanceof Kind.Many many) {
            node.put("normalisation", many.normalisation().name());
        } else if (kind instanceof Kind.Past past) {
            node.put("length", past.length());
            node.put("decay", past.decay());
            if (past.halfLife() > 0) {
                node.put("halfLife", past.halfLife());
            }
            node.put("normalisation", past.normalisation().name());
        }
        return node;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws WireException if it is something else, or contradicts itself
     */
    public static ModelDefinition read(byte[] json) {
        try {
            JsonNode root = MAPPER.readTree(json);
            JsonNode written = root.required("settings");
            if (written.get(PAIRS) instanceof ObjectNode pairs && !pairs.has(BACKWARD)) {
                pairs.put(BACKWARD, 0f);
            }
            ModelSettings settings = MAPPER.treeToValue(written, ModelSettings.class);
            if (settings == null) {
                throw new IllegalArgumentException("its settings must be an object");
            }
            List<Category> categories = new ArrayList<>();
            for (JsonNode node : root.required("schema").required("categories")) {
                categories.add(category(node));
            }
            List<Combination> combinations = new ArrayList<>();
            for (JsonNode names : root.required("schema").required("combinations")) {
                List<String> joined = new ArrayList<>();
                names.forEach(name -> joined.add(name.asText()));
                combinations.add(new Combination(joined));
            }
            return new ModelDefinition(settings, new FeatureSchema(categories, combinations));
        } catch (java.io.IOException | IllegalArgumentException e) {
            throw new WireException("the model's definition is not one that this version can read: " + e.getMessage());
        }
    }

    /** The value of the record that says which generation is served. */
    public static byte[] served(Generation generation) {
        return generation.toString().getBytes(US_ASCII);
    }

    /**
     * Reads what {@link #served(Generation)} wrote.
     *
     * @throws WireException if it is something else
     */
    public static Generation served(byte[] value) {
        try {
            return new Generation(Integer.parseInt(new String(value, US_ASCII)));
        } catch (IllegalArgumentException e) {
            throw new WireException(
                    "the served generation must be a number of one, got " + value.length + " bytes: " + e.getMessage());
        }
    }

    private static Category category(JsonNode node) {
        String name = node.required("name").asText();
        Kind kind = switch (node.required("kind").asText()) {
            case "id" -> new Kind.Id();
            case "single" -> new Kind.Single();
            case "many" -> new Kind.Many(normalisation(node));
            case "bands" -> {
                List<Integer> bounds = new ArrayList<>();
                node.required("bounds").forEach(bound -> bounds.add(bound.asInt()));
                yield new Kind.Bands(bounds);
            }
            case "past" ->
                new Kind.Past(
                        node.required("length").asInt(),
                        node.required("decay").asDouble(),
                        node.path("halfLife").asLong(),
                        normalisation(node));
            default ->
                throw new IllegalArgumentException("category " + name + " has the unknown kind " + node.get("kind"));
        };
        JsonNode describes = node.get("describes");
        return new Category(
                name,
                Owner.valueOf(node.required("owner").asText()),
                kind,
                node.required("source").asText(),
                describes == null ? null : describes.asText());
    }

    private static Normalisation normalisation(JsonNode node) {
        return Normalisation.valueOf(node.required("normalisation").asText());
    }
}

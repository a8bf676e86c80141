package org.eridanus.serde;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.ControlCommand;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.UserProfile;

/** Values of {@code interactions}, {@code users}, {@code items} and {@code model-control}, as {@link EventReader} reads them; UTF-8. */
public final class EventJson {
    private EventJson() {}

    /** The JSON of an interaction. */
    public static byte[] interaction(Interaction interaction) {
        return object(json -> {
            json.writeStringField("user", interaction.user());
            json.writeStringField("item", interaction.item());
            json.writeStringField("type", interaction.type());
            Double rating = interaction.rating();
            if (rating != null) {
                json.writeNumberField("rating", rating);
            }
            json.writeNumberField("timestamp", interaction.timestamp());
        });
    }

    /** The JSON of a profile. */
    public static byte[] userProfile(UserProfile profile) {
        return object(json -> {
            json.writeStringField("user", profile.id());
            attributes(json, profile.attributes());
        });
    }

    /** The JSON of an item. */
    public static byte[] item(Item item) {
        return object(json -> {
            json.writeStringField("item", item.id());
            json.writeStringField("title", item.title());
            attributes(json, item.attributes());
        });
    }

    /** The JSON of a command to the trainer. */
    public static byte[] command(ControlCommand command) {
        return object(json -> {
            json.writeStringField("action", command.action().name().toLowerCase(Locale.ROOT));
            if (!command.reason().isEmpty()) {
                json.writeStringField("reason", command.reason());
            }
        });
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (JsonGenerator json = Json.factory().createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void attributes(JsonGenerator json, Attributes attributes) throws IOException {
        for (Map.Entry<String, List<String>> attribute : attributes.values().entrySet()) {
            List<String> values = attribute.getValue();
            if (values.size() == 1) {
                json.writeStringField(attribute.getKey(), values.get(0));
                continue;
            }
            json.writeArrayFieldStart(attribute.getKey());
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }
}

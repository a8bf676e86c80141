package org.eridanus.serde;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eridanus.event.ControlCommand;
import org.eridanus.event.EventRules;
import org.eridanus.event.Interaction;
import org.eridanus.event.Item;
import org.eridanus.event.Limits;
import org.eridanus.event.RecommendationRequest;
import org.eridanus.event.Rejection;
import org.eridanus.event.Rejection.Reason;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of user-facing topics: UTF-8 keys and JSON values. Whatever the bytes are, the outcome is a
 * value: these methods do not throw.
 *
 * <p>A value is one JSON object. Unknown fields are passed over in interactions, requests and control commands;
 * in users and items every field but the id ({@code user}, {@code item}) and the {@code title} is an attribute:
 * a text, number or truth value, or a list of those. A field that is null counts as absent, and so does an
 * empty text among attributes.
 *
 * <p>Without state.
 */
public final class EventReader {
    /** Up to here a double holds every whole number. */
    private static final double MAX_EXACT = 1L << 53;

    private EventReader() {}

    /**
     * Reads an interaction: {@code {"user", "item", "type"?, "rating"?, "timestamp"?}}.
     *
     * @param recordTime the record's time, ms since the epoch
     */
    public static Validated<Interaction> interaction(byte @Nullable [] key, byte @Nullable [] value, long recordTime) {
        return object(value, parser -> {
            String user = null;
            String item = null;
            String type = null;
            Double rating = null;
            Long timestamp = null;
            for (String field = nextField(parser); field != null; field = nextField(parser)) {
                switch (field) {
                    case "user" -> user = text(parser, field);
                    case "item" -> item = text(parser, field);
                    case "type" -> type = text(parser, field);
                    case "rating" -> rating = number(parser, field);
                    case "timestamp" -> timestamp = integer(parser, field);
                    default -> parser.skipChildren();
                }
            }
            return EventRules.interaction(key(key), user, item, type, rating, timestamp, recordTime);
        });
    }

    /** Reads a user: {@code {"user"?, any attributes}}. */
    public static Validated<UserProfile> userProfile(byte @Nullable [] key, byte @Nullable [] value) {
        return object(value, parser -> {
            String user = null;
            Map<String, List<String>> attributes = new LinkedHashMap<>();
            for (String field = nextField(parser); field != null; field = nextField(parser)) {
                if (field.equals("user")) {
                    user = text(parser, field);
                } else {
                    attribute(parser, field, attributes);
                }
            }
            return EventRules.userProfile(key(key), user, attributes);
        });
    }

    /** Reads an item: {@code {"item"?, "title"?, any attributes}}. */
    public static Validated<Item> item(byte @Nullable [] key, byte @Nullable [] value) {
        return object(value, parser -> {
            String item = null;
            String title = null;
            Map<String, List<String>> attributes = new LinkedHashMap<>();
            for (String field = nextField(parser); field != null; field = nextField(parser)) {
                switch (field) {
                    case "item" -> item = text(parser, field);
                    case "title" -> title = text(parser, field);
                    default -> attribute(parser, field, attributes);
                }
            }
            return EventRules.item(key(key), item, title, attributes);
        });
    }

    /** Reads a request: {@code {"user"?, "k"?, "exclude"?: [item, ...]}}. */
    public static Validated<RecommendationRequest> request(byte @Nullable [] key, byte @Nullable [] value) {
        return object(value, parser -> {
            String user = null;
            Long k = null;
            List<String> exclude = List.of();
            for (String field = nextField(parser); field != null; field = nextField(parser)) {
                switch (field) {
                    case "user" -> user = text(parser, field);
                    case "k" -> k = integer(parser, field);
                    case "exclude" -> exclude = texts(parser, field);
                    default -> parser.skipChildren();
                }
            }
            return EventRules.request(key(key), user, k, exclude);
        });
    }

    /** Reads a control command: {@code {"action": "freeze" | "resume", "reason"?}}; its key does not matter. */
    public static Validated<ControlCommand> command(byte @Nullable [] value) {
        return object(value, parser -> {
            String action = null;
            String reason = null;
            for (String field = nextField(parser); field != null; field = nextField(parser)) {
                switch (field) {
                    case "action" -> action = text(parser, field);
                    case "reason" -> reason = text(parser, field);
                    default -> parser.skipChildren();
                }
            }
            return EventRules.command(action, reason);
        });
    }

    /**
     * Reads the id of a tombstone.
     *
     * @param names what the key names, {@code user} or {@code item}
     */
    public static Validated<String> tombstone(byte @Nullable [] key, String names) {
        try {
            return EventRules.key(key(key), names);
        } catch (Unfit unfit) {
            return new Validated.Rejected<>(unfit.rejection);
        }
    }

    private interface ObjectReader<T> {
        Validated<T> read(JsonParser parser) throws IOException, Unfit;
    }

    private static <T> Validated<T> object(byte @Nullable [] value, ObjectReader<T> reader) {
        if (value == null || value.length == 0) {
            return Validated.rejected(Reason.EMPTY, "the record's value must be a JSON object, got none");
        }
        if (value.length > Limits.RECORD_BYTES) {
            return Validated.rejected(
                    Reason.TOO_LARGE,
                    "the record's value must have at most " + Limits.RECORD_BYTES + " bytes, got " + value.length);
        }
        try (JsonParser parser = Json.factory().createParser(value)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return Validated.rejected(
                        Reason.MALFORMED, "the record's value must be a JSON object, got " + name(first));
            }
            Validated<T> read = reader.read(parser);
            JsonToken after = parser.nextToken();
            return after == null
                    ? read
                    : Validated.rejected(
                            Reason.MALFORMED,
                            "the record's value must be one JSON object, got " + name(after) + " after it");
        } catch (Unfit unfit) {
            return new Validated.Rejected<>(unfit.rejection);
        } catch (StreamConstraintsException e) {
            return Validated.rejected(Reason.TOO_LARGE, "JSON beyond the limits: " + message(e));
        } catch (IOException e) {
            return Validated.rejected(Reason.MALFORMED, "the record's value must be JSON: " + message(e));
        }
    }

    private static @Nullable String key(byte @Nullable [] key) throws Unfit {
        if (key == null) {
            return null;
        }
        // More bytes than the longest id can have: say so without decoding them.
        if (key.length > 4 * Limits.ID) {
            throw new Unfit(
                    Reason.TOO_LARGE,
                    "the key must have at most " + Limits.ID + " characters, got " + key.length + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unfit(Reason.INVALID_FIELD, "the key must be UTF-8 text, got other bytes");
        }
    }

    private static @Nullable String nextField(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            return null;
        }
        String field = parser.currentName();
        parser.nextToken();
        return field;
    }

    private static @Nullable String text(JsonParser parser, String field) throws IOException, Unfit {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                throw new Unfit(
                        Reason.INVALID_FIELD,
                        field + " must be a text, got the number " + shortened(parser.getText())
                                + ": put it in quotes");
            default -> throw wrongType(parser, field, "a text");
        };
    }

    private static @Nullable Double number(JsonParser parser, String field) throws IOException, Unfit {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> null;
            default -> throw wrongType(parser, field, "a number");
        };
    }

    private static @Nullable Long integer(JsonParser parser, String field) throws IOException, Unfit {
        switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw new Unfit(
                            Reason.INVALID_FIELD,
                            field + " must be a whole number of 64 bits, got " + shortened(parser.getText()));
                }
                return parser.getLongValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            case VALUE_NUMBER_FLOAT -> {
                // 5.0 is a whole number, to JSON Schema and to languages that know no other numbers.
                double value = parser.getDoubleValue();
                if (value != Math.rint(value) || Math.abs(value) > MAX_EXACT) {
                    throw new Unfit(
                            Reason.INVALID_FIELD,
                            field + " must be a whole number, got " + shortened(parser.getText()));
                }
                return (long) value;
            }
            default -> throw wrongType(parser, field, "a whole number");
        }
    }

    private static List<String> texts(JsonParser parser, String field) throws IOException, Unfit {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return List.of();
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrongType(parser, field, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String text = text(parser, field);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static void attribute(JsonParser parser, String name, Map<String, List<String>> attributes)
            throws IOException, Unfit {
        List<String> values = new ArrayList<>(1);
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                addScalar(parser, name, values);
            }
        } else {
            addScalar(parser, name, values);
        }
        if (!values.isEmpty()) {
            attributes.put(name, values);
        }
    }

    private static void addScalar(JsonParser parser, String name, List<String> values) throws IOException, Unfit {
        switch (parser.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> {
                String value = parser.getText();
                if (!value.isEmpty()) {
                    values.add(value);
                }
            }
            case VALUE_NULL -> {}
            default ->
                throw wrongType(
                        parser,
                        "attribute " + EventRules.quote(name),
                        "a text, a number, true, false, or a list of those");
        }
    }

    private static Unfit wrongType(JsonParser parser, String field, String expected) {
        return new Unfit(Reason.INVALID_FIELD, field + " must be " + expected + ", got " + name(parser.currentToken()));
    }

    private static String name(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> "something else";
        };
    }

    private static String shortened(String text) {
        return text.length() <= 48 ? text : text.substring(0, 48) + "...";
    }

    private static String message(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : EventRules.quote(message, 200);
    }

    /** Ends the reading of a record that breaks a rule; never leaves this class. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Rejection rejection;

        Unfit(Reason reason, String detail) {
            super(detail, null, false, false);
            this.rejection = new Rejection(reason, detail);
        }
    }
}

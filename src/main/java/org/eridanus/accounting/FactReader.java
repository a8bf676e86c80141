package org.eridanus.accounting;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Generation;
import org.eridanus.serde.Json;
import org.eridanus.serde.WireException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from {@code evaluations} and {@code recommendations} what accounting needs, field by field without a tree, and
 * skips the rest. A required field that is missing or of the wrong type is a {@link WireException}.
 */
public final class FactReader {
    private FactReader() {}

    /**
     * An evaluation, and whose it is.
     *
     * @param generation of the model that was tested
     * @param evaluation the test
     */
    public record Tested(Generation generation, Evaluation evaluation) {}

    /** An evaluation. */
    public static Tested tested(byte[] json) {
        return read(json, parser -> {
            Generation generation = Generation.FIRST;
            String user = null;
            String item = null;
            Coordinate coordinate = null;
            long event = -1;
            String outcome = null;
            int candidates = 0;
            int consumed = 0;
            int[] ranks = new int[3];
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "user" -> user = text(parser, field);
                    case "item" -> item = text(parser, field);
                    case "coordinate" -> coordinate = coordinate(parser, field);
                    case "modelGeneration" ->
                        generation = new Generation((int) Math.max(1, number(parser, field, Generation.MOST)));
                    case "event" -> event = number(parser, field, Integer.MAX_VALUE - 9);
                    case "outcome" -> outcome = text(parser, field);
                    case "candidates" -> candidates = (int) number(parser, field, Integer.MAX_VALUE);
                    case "consumed" -> consumed = (int) number(parser, field, Integer.MAX_VALUE);
                    case "ranks" -> ranks = ranks(parser, field);
                    default -> parser.skipChildren();
                }
            }
            Evaluation.Outcome known = outcome(required("outcome", outcome));
            if (event < 0 || known == Evaluation.Outcome.RANKED && (ranks[0] < 1 || ranks[1] < 1 || ranks[2] < 1)) {
                throw new WireException("an evaluation must have its event number and, if ranked, all ranks");
            }
            Evaluation evaluation = new Evaluation(
                    required("user", user),
                    required("item", item),
                    required("coordinate", coordinate),
                    event,
                    known,
                    candidates,
                    consumed,
                    ranks[0],
                    ranks[1],
                    ranks[2]);
            return new Tested(generation, evaluation);
        });
    }

    /** A list of recommendations. */
    static UserList list(byte[] json) {
        return read(json, parser -> {
            String user = null;
            Coordinate cause = null;
            boolean request = false;
            PartitionOffsets trainedThrough = null;
            HashedItems items = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "user" -> user = text(parser, field);
                    case "cause" -> cause = coordinate(parser, field);
                    case "request" -> request = parser.currentToken() == JsonToken.VALUE_TRUE;
                    case "trainedThrough" -> trainedThrough = trainedThrough(parser, field);
                    case "items" -> items = items(parser, field);
                    default -> parser.skipChildren();
                }
            }
            return new UserList(
                    required("user", user),
                    required("cause", cause),
                    request,
                    required("trainedThrough", trainedThrough),
                    required("items", items));
        });
    }

    private interface Body<T> {
        T read(JsonParser parser) throws IOException;
    }

    private static <T> T read(byte[] json, Body<T> body) {
        try (JsonParser parser = Json.factory().createParser(json)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the value");
            return body.read(parser);
        } catch (IOException e) {
            throw new WireException("JSON expected: " + e.getMessage());
        }
    }

    private static Coordinate coordinate(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, name);
        long partition = -1;
        long offset = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "partition" -> partition = number(parser, field, Integer.MAX_VALUE);
                case "offset" -> offset = number(parser, field, Long.MAX_VALUE);
                default -> parser.skipChildren();
            }
        }
        if (partition < 0 || offset < 0) {
            throw new WireException(name + " must have a partition and an offset");
        }
        return new Coordinate((int) partition, offset);
    }

    private static PartitionOffsets trainedThrough(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, name);
        PartitionOffsets offsets = PartitionOffsets.NONE;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String partition = parser.currentName();
            parser.nextToken();
            try {
                offsets = offsets.with(Integer.parseInt(partition), number(parser, name, Long.MAX_VALUE));
            } catch (NumberFormatException e) {
                throw new WireException(name + " must be by partition, got '" + partition + "'");
            }
        }
        return offsets;
    }

    private static HashedItems items(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, name);
        List<String> items = new ArrayList<>(HashedItems.K);
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("item") && items.size() < HashedItems.K) {
                    items.add(text(parser, field));
                } else {
                    parser.skipChildren();
                }
            }
        }
        return HashedItems.of(items);
    }

    private static int[] ranks(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, name);
        int[] ranks = new int[3];
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "model" -> ranks[0] = (int) number(parser, field, Integer.MAX_VALUE);
                case "popularity" -> ranks[1] = (int) number(parser, field, Integer.MAX_VALUE);
                case "sequentialRules" -> ranks[2] = (int) number(parser, field, Integer.MAX_VALUE);
                default -> parser.skipChildren();
            }
        }
        return ranks;
    }

    private static Evaluation.Outcome outcome(String label) {
        for (Evaluation.Outcome outcome : Evaluation.Outcome.values()) {
            if (outcome.label().equals(label)) {
                return outcome;
            }
        }
        throw new WireException("unknown outcome '" + label + "'");
    }

    private static String text(JsonParser parser, String field) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, field);
        return parser.getText();
    }

    private static long number(JsonParser parser, String field, long max) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, field);
        long value = parser.getLongValue();
        if (value < 0 || value > max) {
            throw new WireException(field + " must be 0.." + max + ", got " + value);
        }
        return value;
    }

    private static void expect(@Nullable JsonToken found, JsonToken expected, String field) {
        if (found != expected) {
            throw new WireException(field + " must be " + expected + ", got " + found);
        }
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new WireException(field + " is missing");
        }
        return value;
    }
}

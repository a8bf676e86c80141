package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eridanus.event.Limits;
import org.eridanus.event.Rejection;
import org.eridanus.event.Validated;
import org.eridanus.serde.EventReader;
import org.eridanus.serde.Json;
import org.eridanus.topic.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Interactions, users or items from a file, one record after the other, each checked by the rules that the features role
 * goes by.
 *
 * <ul>
 *   <li>JSON lines: one value of the topic a line, as its JSON Schema describes it; the key is its {@code user} or
 *       {@code item}.
 *   <li>CSV (RFC 4180) with a line of names. Of interactions: {@code user,item,type,rating,timestamp}, the last three as
 *       they may be absent; a timestamp is in ms since the epoch or as in {@code 2026-01-31T12:00:00Z}. Of users:
 *       {@code user} and attributes; of items: {@code item}, {@code title} and attributes. An attribute's values are
 *       separated by {@code |}.
 * </ul>
 *
 * <p>Threading: for one thread.
 */
final class EventFile implements AutoCloseable {
    /** What the file holds. */
    enum Kind {
        /** What users did. */
        INTERACTIONS(Topics.INTERACTIONS, "user"),
        /** What is known of users. */
        USERS(Topics.USERS, "user"),
        /** What may be recommended. */
        ITEMS(Topics.ITEMS, "item");

        private final String topic;
        private final String key;

        Kind(String topic, String key) {
            this.topic = topic;
            this.key = key;
        }

        /** The topic that it belongs into. */
        String topic() {
            return topic;
        }
    }

    /** How the file is written. */
    enum Format {
        /** One JSON object a line. */
        JSONL,
        /** Values separated by commas, after a line of names. */
        CSV
    }

    /**
     * One record of the file.
     *
     * @param line the line on which it begins, from 1; of CSV, blank lines before it are part of it
     * @param key the record's key; empty where there is none, and then it is refused
     * @param value the record's value
     * @param rejection which rule it breaks, null if none
     */
    record Entry(
            long line, String key, byte[] value, @Nullable Rejection rejection) {}

    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();
    private static final ObjectReader ROWS =
            CSV.readerForMapOf(String.class).with(CsvSchema.emptySchema().withHeader());
    private static final String STANDARD_INPUT = "-";

    private final Kind kind;
    private final InputStream in;
    private final @Nullable MappingIterator<Map<String, String>> rows;
    private long line;
    private long nextRow = 2;

    private EventFile(Kind kind, Format format, InputStream in) throws IOException {
        this.kind = kind;
        this.in = in;
        this.rows = format == Format.CSV ? ROWS.readValues(in) : null;
    }

    /**
     * Opens a file.
     *
     * @param file its path, or {@code -} for standard input
     * @param format how it is written; null to tell by its name
     * @throws CommandException if it cannot be read, or its name does not tell its format
     */
    static EventFile open(Kind kind, String file, @Nullable Format format) {
        Format known = format == null ? formatOf(file) : format;
        try {
            return of(kind, known, file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file)));
        } catch (IOException e) {
            throw new CommandException(
                    file + " cannot be read: " + e + "; name a file that can, or - for standard input", e);
        }
    }

    /** Reads from a stream, which is closed in the end. */
    static EventFile of(Kind kind, Format format, InputStream in) throws IOException {
        return new EventFile(kind, format, new BufferedInputStream(in, 1 << 16));
    }

    private static Format formatOf(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return Format.CSV;
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
            return Format.JSONL;
        }
        throw new CommandException("the format must be known, got '" + file
                + "', whose name does not tell it; say --format csv or --format jsonl");
    }

    /**
     * The next record; empty at the end.
     *
     * @throws CommandException if the file cannot be read on
     */
    Optional<Entry> next() {
        try {
            return rows == null ? readLine() : readRow(rows);
        } catch (IOException | UncheckedIOException | RuntimeJsonMappingException e) {
            throw new CommandException("line " + line + " and what follows cannot be read: " + e.getMessage(), e);
        }
    }

    private Optional<Entry> readLine() throws IOException {
        while (true) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            line++;
            // What is longer than any record is read to its end, but not kept: it is refused for its length.
            for (; next >= 0 && next != '\n'; next = in.read()) {
                if (bytes.size() <= Limits.RECORD_BYTES) {
                    bytes.write(next);
                }
            }
            byte[] value = bytes.toByteArray();
            if (!new String(value, UTF_8).isBlank()) {
                return Optional.of(checked(keyOf(value), value));
            }
        }
    }

    private String keyOf(byte[] value) {
        try {
            JsonNode object = Json.mapper().readTree(value);
            return object == null ? "" : object.path(kind.key).asText("");
        } catch (IOException e) {
            // The check below says so, with the reason.
            return "";
        }
    }

    private Optional<Entry> readRow(MappingIterator<Map<String, String>> from) throws IOException {
        if (!from.hasNextValue()) {
            return Optional.empty();
        }
        Map<String, String> row = from.nextValue();
        // The reader stands after the row by now: the row began where the one before ended, after the line of names.
        line = nextRow;
        nextRow = from.getCurrentLocation().getLineNr();
        ObjectNode object = Json.mapper().createObjectNode();
        for (Map.Entry<String, String> cell : row.entrySet()) {
            if (cell.getValue() != null && !cell.getValue().isEmpty()) {
                put(object, cell.getKey(), cell.getValue());
            }
        }
        return Optional.of(checked(row.getOrDefault(kind.key, ""), Json.mapper().writeValueAsBytes(object)));
    }

    private void put(ObjectNode object, String name, String text) {
        if (kind == Kind.INTERACTIONS) {
            switch (name) {
                case "rating" -> putNumber(object, name, text);
                case "timestamp" -> putTime(object, name, text);
                default -> object.put(name, text);
            }
        } else if (text.contains("|") && !name.equals("title") && !name.equals(kind.key)) {
            ArrayNode values = object.putArray(name);
            for (String value : text.split("\\|", -1)) {
                values.add(value.strip());
            }
        } else {
            object.put(name, text);
        }
    }

    /** What is no number stays a text, which the check refuses. */
    private static void putNumber(ObjectNode object, String name, String text) {
        try {
            object.put(name, Double.parseDouble(text));
        } catch (NumberFormatException e) {
            object.put(name, text);
        }
    }

    private static void putTime(ObjectNode object, String name, String text) {
        try {
            object.put(
                    name,
                    text.matches("\\d{1,18}")
                            ? Long.parseLong(text)
                            : Instant.parse(text).toEpochMilli());
        } catch (DateTimeParseException e) {
            object.put(name, text);
        }
    }

    private Entry checked(String key, byte[] value) {
        byte @Nullable [] id = key.isEmpty() ? null : key.getBytes(UTF_8);
        Validated<?> read = switch (kind) {
            case INTERACTIONS -> EventReader.interaction(id, value, System.currentTimeMillis());
            case USERS -> EventReader.userProfile(id, value);
            case ITEMS -> EventReader.item(id, value);
        };
        return new Entry(
                line, key, value, read instanceof Validated.Rejected<?> rejected ? rejected.rejection() : null);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a file that was read cannot be closed", e);
        }
    }
}

package org.eridanus.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.eridanus.event.Validated;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file with a header (RFC 4180, UTF-8, a byte order mark allowed), read row by row. A row is never skipped: the
 * first one that breaks a rule ends the reading with a {@link DatasetException}.
 */
final class CsvTable {
    /** Most rows of a file, so that a wrong file ends in a message and not in a full heap. */
    static final int MOST_ROWS = 20_000_000;

    /** What parts the values of an attribute that has several. */
    static final char VALUES = '|';

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .get();

    private CsvTable() {}

    /**
     * Reads a file.
     *
     * @param rows takes each row
     * @return the names of the columns
     */
    static List<String> read(Path file, Consumer<Row> rows) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            reader.mark(1);
            if (reader.read() != '\uFEFF') {
                reader.reset();
            }
            try (CSVParser parser = FORMAT.parse(reader)) {
                List<String> columns = parser.getHeaderNames();
                int count = 0;
                for (CSVRecord csv : parser) {
                    Row row = new Row(file, parser.getCurrentLineNumber(), csv);
                    if (!csv.isConsistent()) {
                        throw row.broken(
                                "a row must have " + columns.size() + " fields, as the header has",
                                csv.size() + " fields",
                                "mend the row; none is skipped");
                    }
                    if (++count > MOST_ROWS) {
                        throw row.broken(
                                "a file must have at most " + MOST_ROWS + " rows", "more", "take a part of it");
                    }
                    rows.accept(row);
                }
                return columns;
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new DatasetException(
                    file + " must be a CSV file in UTF-8 with a header of distinct names: " + e.getMessage(), e);
        }
    }

    /** The values of a field that may hold several, parted by {@code |}; none of an empty field. */
    static List<String> values(String field) {
        List<String> values = new ArrayList<>();
        for (String value : field.split("\\" + VALUES, -1)) {
            if (!value.isBlank()) {
                values.add(value.strip());
            }
        }
        return values;
    }

    /** One row, and the rules that its fields have to keep. */
    record Row(Path file, long line, CSVRecord csv) {
        /** The field of the first of these columns that the file has and that is not empty in this row; null if none is. */
        @Nullable
        String field(String... columns) {
            for (String column : columns) {
                if (csv.isMapped(column) && !csv.get(column).isEmpty()) {
                    return csv.get(column);
                }
            }
            return null;
        }

        /** The same, where there has to be one. */
        String required(String... columns) {
            String field = field(columns);
            if (field == null) {
                throw broken(
                        "a row must have a value in column " + String.join(" or ", columns),
                        Arrays.toString(csv.values()),
                        "fill it in");
            }
            return field;
        }

        @Nullable
        Double number(String column) {
            String field = field(column);
            if (field == null) {
                return null;
            }
            try {
                return Double.valueOf(field);
            } catch (NumberFormatException e) {
                throw broken(column + " must be a number", field, "correct it, or leave it empty");
            }
        }

        @Nullable
        Long whole(String column) {
            String field = field(column);
            if (field == null) {
                return null;
            }
            try {
                return Long.valueOf(field);
            } catch (NumberFormatException e) {
                throw broken(column + " must be a whole number", field, "correct it");
            }
        }

        /** The accepted value, by the rules that events have to keep. */
        <T> T accepted(Validated<T> validated) {
            if (validated instanceof Validated.Valid<T> valid) {
                return valid.value();
            }
            throw new DatasetException(file + ", line " + line + ": "
                    + ((Validated.Rejected<T>) validated).rejection().detail());
        }

        DatasetException broken(String rule, String value, String remedy) {
            return new DatasetException(
                    String.format(Locale.ROOT, "%s, line %d: %s, got '%s': %s", file, line, rule, value, remedy));
        }
    }
}

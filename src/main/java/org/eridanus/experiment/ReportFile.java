package org.eridanus.experiment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;

/**
 * Files of reports, of experiments and of whatever else is measured: written whole, or not at all for whoever reads them
 * meanwhile. Numbers that there are none of are null.
 */
public final class ReportFile {
    private static final JsonFactory JSON = new JsonFactory();

    private ReportFile() {}

    /** What writes JSON. */
    @FunctionalInterface
    interface Content {
        /** Writes into the report's object. */
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Writes a JSON object, indented.
     *
     * @throws ExperimentException if the file cannot be written
     */
    static void json(Path file, Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            content.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw failed(file, e);
        }
        text(file, text + "\n");
    }

    /**
     * Writes a text in UTF-8.
     *
     * @throws ExperimentException if the file cannot be written
     */
    public static void text(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            // Not a temporary file of the JDK's making, which nobody else may read.
            Path written = file.toAbsolutePath().resolveSibling("." + file.getFileName() + ".part");
            try {
                Files.writeString(written, text, StandardCharsets.UTF_8);
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** The file of the same name with another ending, {@code .json} to {@code .html}. */
    static Path beside(Path file, String ending) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
    }

    private static ExperimentException failed(Path file, IOException e) {
        return new ExperimentException(
                "a report must go to a file that can be written, got " + file + ": " + e + "; name another file", e);
    }

    static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    /** Settings and what is in them: numbers, texts, lists and maps. */
    static void value(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Collection<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                value(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Float number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.doubleValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}

package org.eridanus.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eridanus.accounting.Accuracy;
import org.eridanus.accounting.Balance;
import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.accounting.Violation;
import org.eridanus.serde.Json;

/** A summary as JSON, for scripts and for the figures in documents. Numbers that there are none of are null. */
final class DemoReport {
    private DemoReport() {}

    /**
     * Writes a summary to a file, whole or not at all for whoever reads it meanwhile.
     *
     * @throws CommandException if the file cannot be written
     */
    static void write(DemoSummary summary, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path written = Files.createTempFile(folder, ".report", ".json");
            Files.write(written, json(summary));
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("the report must go to a file that can be written, got " + file + ": " + e, e);
        }
    }

    /** The JSON of a summary, in UTF-8. */
    static byte[] json(DemoSummary summary) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.factory().createGenerator(bytes)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeNumberField("events", summary.events());
            number(json, "seconds", summary.seconds());
            number(json, "eventsPerSecond", summary.eventsPerSecond());
            json.writeNumberField("deadLetters", summary.deadLetters());
            json.writeNumberField("recommendations", summary.recommendations());
            line(json, "prequential", summary, Line.MODEL);
            line(json, "popularity", summary, Line.POPULARITY);
            line(json, "sequentialRules", summary, Line.SEQUENTIAL_RULES);
            json.writeObjectFieldStart("served");
            number(json, "hr10", summary.served().hr10());
            json.writeNumberField("n", summary.served().n());
            json.writeNumberField("excluded", summary.served().excluded());
            json.writeEndObject();
            quantiles(json, "latencyMs", summary.latencyMs());
            quantiles(json, "warmLatencyMs", summary.warmLatencyMs());
            quantiles(json, "freshnessMs", summary.freshnessMs());
            number(json, "rowsWrittenPerEvent", summary.rowsPerEvent());
            number(json, "pairRowsWrittenPerEvent", summary.pairRowsPerEvent());
            json.writeNumberField("modelVersion", summary.modelVersion());
            json.writeNumberField("peakMemoryMb", summary.peakMemoryMb());
            json.writeObjectFieldStart("preset");
            json.writeStringField("name", summary.preset());
            json.writeStringField("hash", summary.presetHash());
            json.writeEndObject();
            number(json, "firstRecommendationSeconds", summary.firstRecommendationSeconds());
            json.writeObjectFieldStart("environment");
            json.writeStringField("jdk", summary.environment().jdk());
            json.writeStringField("os", summary.environment().os());
            json.writeNumberField("cores", summary.environment().cores());
            json.writeEndObject();
            accounting(json, summary.balance());
            json.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void line(JsonGenerator json, String name, DemoSummary summary, Line line) throws IOException {
        json.writeObjectFieldStart(name);
        accuracy(json, "all", summary.accuracy(line, Group.ALL));
        accuracy(json, "lastHalf", summary.accuracy(line, Group.LAST_HALF));
        accuracy(json, "cold", summary.accuracy(line, Group.COLD));
        json.writeEndObject();
    }

    private static void accuracy(JsonGenerator json, String name, Accuracy accuracy) throws IOException {
        json.writeObjectFieldStart(name);
        number(json, "hr10", accuracy.hr10());
        number(json, "ndcg10", accuracy.ndcg10());
        json.writeNumberField("n", accuracy.n());
        json.writeEndObject();
    }

    private static void quantiles(JsonGenerator json, String name, DemoSummary.Quantiles quantiles) throws IOException {
        json.writeObjectFieldStart(name);
        number(json, "p50", quantiles.p50());
        number(json, "p99", quantiles.p99());
        json.writeEndObject();
    }

    private static void accounting(JsonGenerator json, Balance balance) throws IOException {
        json.writeObjectFieldStart("accounting");
        json.writeBooleanField("balanced", balance.balanced());
        json.writeNumberField("read", balance.read());
        json.writeNumberField("enriched", balance.enriched());
        json.writeNumberField("deadLettered", balance.deadLettered());
        json.writeNumberField("trained", balance.trained());
        json.writeNumberField("evaluated", balance.evaluated());
        json.writeNumberField("covered", balance.covered());
        json.writeNumberField("coalesced", balance.coalesced());
        json.writeArrayFieldStart("violations");
        for (Violation violation : balance.violations()) {
            json.writeString(violation.toString());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}

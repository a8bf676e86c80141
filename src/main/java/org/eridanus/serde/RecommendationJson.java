package org.eridanus.serde;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Contribution;
import org.eridanus.model.Generation;
import org.eridanus.recommend.Filtered;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommendedItem;

/**
 * Values of {@code recommendations}, as {@code topics/recommendations.schema.json} describes them. Scores and their parts
 * have {@value #DIGITS} significant digits.
 */
public final class RecommendationJson {
    /** Significant digits of scores and contributions. */
    public static final int DIGITS = 6;

    private static final double[] POWERS = new double[64];

    static {
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = StrictMath.pow(10, i);
        }
    }

    private RecommendationJson() {}

    /** The JSON of a list, in UTF-8. */
    public static byte[] write(IssuedRecommendation issued) {
        Recommendation list = issued.list();
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(256 + 256 * list.items().size());
        try (JsonGenerator json = Json.factory().createGenerator(bytes)) {
            json.enable(JsonGenerator.Feature.USE_FAST_DOUBLE_WRITER);
            json.writeStartObject();
            json.writeStringField("user", issued.user());
            json.writeNumberField("generatedAt", issued.generatedAt());
            write(json, issued.cause());
            json.writeNumberField("modelVersion", list.version());
            if (!list.generation().equals(Generation.FIRST)) {
                json.writeNumberField("modelGeneration", list.generation().number());
            }
            json.writeObjectFieldStart("trainedThrough");
            for (Map.Entry<Integer, Long> partition : list.trainedThrough().entrySet()) {
                json.writeNumberField(partition.getKey().toString(), partition.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("items");
            for (RecommendedItem item : list.items()) {
                write(json, item);
            }
            json.writeEndArray();
            if (list.fallback() != null) {
                json.writeStringField("fallback", list.fallback().label());
            }
            write(json, list.filtered());
            if (issued.request()) {
                json.writeBooleanField("request", true);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Coordinate cause) throws IOException {
        json.writeObjectFieldStart("cause");
        json.writeNumberField("partition", cause.partition());
        json.writeNumberField("offset", cause.offset());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, RecommendedItem item) throws IOException {
        json.writeStartObject();
        json.writeStringField("item", item.item());
        json.writeNumberField("score", rounded(item.score()));
        json.writeArrayFieldStart("why");
        for (Contribution part : item.why()) {
            json.writeStartObject();
            json.writeStringField("combination", part.combination());
            json.writeNumberField("contribution", rounded(part.value()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Filtered filtered) throws IOException {
        json.writeObjectFieldStart("filtered");
        json.writeNumberField("consumed", filtered.consumed());
        json.writeNumberField("removed", filtered.removed());
        json.writeNumberField("excluded", filtered.excluded());
        json.writeEndObject();
    }

    /**
     * The value rounded to {@link #DIGITS} significant digits, the most that every float keeps; what is too small for that
     * or not finite is 0.
     */
    public static float rounded(float value) {
        if (value == 0f || !Float.isFinite(value)) {
            return 0f;
        }
        int decimals = DIGITS - 1 - (int) Math.floor(Math.log10(Math.abs(value)));
        if (decimals >= POWERS.length) {
            return 0f;
        }
        return (float)
                (decimals >= 0
                        ? Math.rint(value * POWERS[decimals]) / POWERS[decimals]
                        : Math.rint(value / POWERS[-decimals]) * POWERS[-decimals]);
    }
}

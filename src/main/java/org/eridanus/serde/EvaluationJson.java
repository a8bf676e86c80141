package org.eridanus.serde;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.model.Generation;

/** Values of {@code evaluations}, as {@code topics/evaluations.schema.json} describes them. */
public final class EvaluationJson {
    private EvaluationJson() {}

    /**
     * The JSON of an evaluation, in UTF-8.
     *
     * @param generation of the model that was tested
     */
    public static byte[] write(Evaluation evaluation, Generation generation) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Json.factory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("user", evaluation.user());
            json.writeStringField("item", evaluation.item());
            json.writeObjectFieldStart("coordinate");
            json.writeNumberField("partition", evaluation.coordinate().partition());
            json.writeNumberField("offset", evaluation.coordinate().offset());
            json.writeEndObject();
            json.writeNumberField("event", evaluation.event());
            if (!generation.equals(Generation.FIRST)) {
                json.writeNumberField("modelGeneration", generation.number());
            }
            json.writeStringField("outcome", evaluation.outcome().label());
            json.writeNumberField("consumed", evaluation.consumed());
            if (evaluation.ranked()) {
                json.writeNumberField("candidates", evaluation.candidates());
                json.writeObjectFieldStart("ranks");
                json.writeNumberField("model", evaluation.model());
                json.writeNumberField("popularity", evaluation.popularity());
                json.writeNumberField("sequentialRules", evaluation.sequentialRules());
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON into memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}

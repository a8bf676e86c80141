package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.evaluation.Evaluation.Outcome;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Generation;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EvaluationJsonTest {
    @Test
    void shouldWriteARankedEventWithItsRanks() {
        Evaluation evaluation = new Evaluation(
                "u-196", "i-242", new Coordinate(3, 123_456_789_012L), 41, Outcome.RANKED, 1_600, 82, 1, 250, 7);

        assertThat(new String(EvaluationJson.write(evaluation, Generation.FIRST), UTF_8))
                .isEqualTo("{\"user\":\"u-196\",\"item\":\"i-242\",\"coordinate\":{\"partition\":3,"
                        + "\"offset\":123456789012},\"event\":41,\"outcome\":\"ranked\",\"consumed\":82,"
                        + "\"candidates\":1600,"
                        + "\"ranks\":{\"model\":1,\"popularity\":250,\"sequentialRules\":7}}");
    }

    @ParameterizedTest
    @CsvSource({"REPEAT, repeat", "UNANNOUNCED, unannounced", "NOT_SAMPLED, not-sampled", "NOT_POSITIVE, not-positive"})
    void shouldWriteNoRanksOfAnEventThatWasNotRanked(Outcome outcome, String label) throws IOException {
        Evaluation evaluation = new Evaluation("u", "i", new Coordinate(0, 0), 0, outcome, 0, 5, 0, 0, 0);

        JsonNode json = new ObjectMapper().readTree(EvaluationJson.write(evaluation, Generation.FIRST));

        assertThat(json.get("outcome").asText()).isEqualTo(label);
        assertThat(json.get("consumed").asInt()).isEqualTo(5);
        assertThat(json.has("ranks")).isFalse();
        assertThat(json.has("candidates")).isFalse();
        assertThat(json.size()).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void shouldKeepToTheTopicsSchema(Outcome outcome) {
        boolean ranked = outcome == Outcome.RANKED;
        Evaluation evaluation = new Evaluation(
                "u",
                "i",
                new Coordinate(1, 2),
                3,
                outcome,
                ranked ? 9 : 0,
                4,
                ranked ? 1 : 0,
                ranked ? 2 : 0,
                ranked ? 3 : 0);
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(TopicFiles.onClassPath().schema(Topics.EVALUATIONS).orElseThrow());

        String json = new String(EvaluationJson.write(evaluation, Generation.FIRST), UTF_8);

        assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
    }

    @Test
    void shouldEscapeAndEncodeIds() throws IOException {
        Evaluation evaluation =
                new Evaluation("a \"b\" \\ c", "映画 🎬", new Coordinate(0, 0), 0, Outcome.REPEAT, 0, 0, 0, 0, 0);

        JsonNode json = new ObjectMapper().readTree(EvaluationJson.write(evaluation, Generation.FIRST));

        assertThat(json.get("user").asText()).isEqualTo("a \"b\" \\ c");
        assertThat(json.get("item").asText()).isEqualTo("映画 🎬");
    }
}

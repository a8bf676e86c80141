package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Contribution;
import org.eridanus.model.Generation;
import org.eridanus.recommend.Fallback;
import org.eridanus.recommend.Filtered;
import org.eridanus.recommend.IssuedRecommendation;
import org.eridanus.recommend.Recommendation;
import org.eridanus.recommend.RecommendedItem;
import org.eridanus.topic.TopicFiles;
import org.eridanus.topic.Topics;
import org.junit.jupiter.api.Test;

class RecommendationJsonTest {
    @Test
    void shouldWriteAList() {
        TreeMap<Integer, Long> trainedThrough = new TreeMap<>();
        trainedThrough.put(10, 7L);
        trainedThrough.put(2, 123_456_789_012L);
        Recommendation list = new Recommendation(
                Generation.FIRST,
                57,
                trainedThrough,
                List.of(
                        new RecommendedItem(
                                "i-242",
                                3.1415927f,
                                List.of(new Contribution("recent·item", 2f), new Contribution("tower", 1.1415927f))),
                        new RecommendedItem("\"映画\"", -1.2345678e-5f, List.of())),
                null,
                new Filtered(1, 2, 3));

        assertThat(json(new IssuedRecommendation("u", 1_767_225_600_123L, new Coordinate(3, 1_807), false, list)))
                .isEqualTo("{\"user\":\"u\",\"generatedAt\":1767225600123,\"cause\":{\"partition\":3,\"offset\":1807},"
                        + "\"modelVersion\":57,\"trainedThrough\":{\"2\":123456789012,\"10\":7},\"items\":["
                        + "{\"item\":\"i-242\",\"score\":3.14159,\"why\":["
                        + "{\"combination\":\"recent·item\",\"contribution\":2.0},"
                        + "{\"combination\":\"tower\",\"contribution\":1.14159}]},"
                        + "{\"item\":\"\\\"映画\\\"\",\"score\":-1.23457E-5,\"why\":[]}],"
                        + "\"filtered\":{\"consumed\":2,\"removed\":1,\"excluded\":3}}");
    }

    @Test
    void shouldSayThatItIsAFallbackAndAnAnswer() {
        Recommendation none =
                new Recommendation(Generation.FIRST, 0, new TreeMap<>(), List.of(), Fallback.NO_MODEL, Filtered.NONE);

        assertThat(json(new IssuedRecommendation("u", 0, new Coordinate(0, 4), true, none)))
                .isEqualTo("{\"user\":\"u\",\"generatedAt\":0,\"cause\":{\"partition\":0,\"offset\":4},"
                        + "\"modelVersion\":0,\"trainedThrough\":{},\"items\":[],\"fallback\":\"no-model\","
                        + "\"filtered\":{\"consumed\":0,\"removed\":0,\"excluded\":0},\"request\":true}");
    }

    @Test
    void shouldRoundToSixSignificantDigits() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));

            Recommendation list = new Recommendation(
                    Generation.FIRST,
                    1,
                    new TreeMap<>(),
                    List.of(new RecommendedItem("i", value, List.of())),
                    null,
                    Filtered.NONE);
            String number = json(new IssuedRecommendation("u", 0, new Coordinate(0, 0), false, list))
                    .replaceAll(".*score\":|,\"why.*", "");

            assertThat(Double.parseDouble(number)).isCloseTo(value, within(Math.abs(value) * 5.1e-6));
            assertThat(new BigDecimal(number).stripTrailingZeros().precision())
                    .as(number)
                    .isLessThanOrEqualTo(6);
        }
        assertThat(RecommendationJson.rounded(0f)).isZero();
        assertThat(RecommendationJson.rounded(Float.MIN_VALUE)).isBetween(0f, 1e-44f);
        assertThat(RecommendationJson.rounded(Float.MAX_VALUE)).isCloseTo(3.40282e38f, within(1e33f));
        assertThat(RecommendationJson.rounded(Float.NaN)).as("JSON has no NaN").isZero();
    }

    @Test
    void shouldKeepToTheSchemaOfTheTopic() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(
                        TopicFiles.onClassPath().schema(Topics.RECOMMENDATIONS).orElseThrow(), InputFormat.JSON);
        TreeMap<Integer, Long> trainedThrough = new TreeMap<>();
        trainedThrough.put(3, 7L);
        RecommendedItem item = new RecommendedItem("i", 1e-9f, List.of(new Contribution("recent·item", -1e9f)));
        Coordinate cause = new Coordinate(3, 8);

        for (Fallback fallback : Fallback.values()) {
            Recommendation list = new Recommendation(
                    Generation.FIRST, 1, trainedThrough, List.of(item), fallback, new Filtered(1, 2, 3));
            assertThat(schema.validate(json(new IssuedRecommendation("u", 5, cause, true, list)), InputFormat.JSON))
                    .isEmpty();
        }
        Recommendation ranked =
                new Recommendation(Generation.FIRST, 1, trainedThrough, List.of(item), null, Filtered.NONE);
        assertThat(schema.validate(json(new IssuedRecommendation("u", 5, cause, false, ranked)), InputFormat.JSON))
                .isEmpty();
    }

    private static String json(IssuedRecommendation issued) {
        return new String(RecommendationJson.write(issued), UTF_8);
    }
}

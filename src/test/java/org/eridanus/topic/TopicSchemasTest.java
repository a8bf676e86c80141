package org.eridanus.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The JSON Schemas of user-facing topics: valid themselves, with examples, accepting and refusing what they should. */
class TopicSchemasTest {
    static final List<String> USER_FACING = Topics.USER_FACING.stream().sorted().toList();

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @FieldSource("USER_FACING")
    void shouldBeASchemaWithExamplesThatItAccepts(String topic) throws Exception {
        String text = TopicFiles.onClassPath().schema(topic).orElseThrow();
        JsonNode schema = MAPPER.readTree(text);

        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("description").asText()).startsWith("A value of the topic " + topic + ":");
        Schema meta = REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(meta.validate(text, InputFormat.JSON)).isEmpty();
        assertThat(schema.path("examples")).hasSizeGreaterThanOrEqualTo(2);
        for (JsonNode example : schema.path("examples")) {
            assertThat(errors(topic, example.toString())).as("%s", example).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "interactions | {'user':'u','item':'i','anything':{'nested':[1]}}",
                "interactions | {'user':'u','item':'i','rating':-2.5,'timestamp':0}",
                "users | {'age':24,'member':true,'tags':[],'years':[1,null,'a'],'none':null}",
                "items | {'title':'Ödipussi','genres':['a','b']}",
                "recommendation-requests | {'k':100,'exclude':[],'page':2}",
                "model-control | {'action':'resume','reason':'','by':'me'}",
            })
    void shouldAcceptUnknownFieldsAndOptionalOnes(String topic, String json) {
        assertThat(errors(topic, json.replace('\'', '"'))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "interactions | []",
                "interactions | {'item':'i'}",
                "interactions | {'user':'u'}",
                "interactions | {'user':'','item':'i'}",
                "interactions | {'user':7,'item':'i'}",
                "interactions | {'user':'u\\u0007','item':'i'}",
                "interactions | {'user':'u','item':'i','rating':'5'}",
                "interactions | {'user':'u','item':'i','rating':1e7}",
                "interactions | {'user':'u','item':'i','timestamp':-1}",
                "interactions | {'user':'u','item':'i','timestamp':'1997'}",
                "interactions | {'user':'u','item':'i','type':''}",
                "users | {'age':{'years':24}}",
                "users | {'tags':[[1]]}",
                "users | {'':'nameless'}",
                "items | {'title':['a']}",
                "items | {'title':''}",
                "recommendation-requests | {'k':0}",
                "recommendation-requests | {'k':101}",
                "recommendation-requests | {'k':2.5}",
                "recommendation-requests | {'exclude':'302'}",
                "model-control | {'reason':'none'}",
                "model-control | {'action':'stop'}",
            })
    void shouldRefuse(String topic, String json) {
        assertThat(errors(topic, json.replace('\'', '"'))).isNotEmpty();
    }

    @ParameterizedTest
    @FieldSource("USER_FACING")
    void shouldHoldOutputToItsFields(String topic) throws Exception {
        JsonNode schema = MAPPER.readTree(TopicFiles.onClassPath().schema(topic).orElseThrow());
        List<String> strangers = new ArrayList<>();
        for (JsonNode example : schema.path("examples")) {
            String stranger = example.toString().replaceFirst("}$", (example.isEmpty() ? "" : ",") + "\"stranger\":1}");
            strangers.addAll(errors(topic, stranger));
        }

        assertThat(strangers.isEmpty()).isEqualTo(Topics.INPUT.contains(topic));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ranked       | ,'candidates':9,'ranks':{'model':1,'popularity':2,'sequentialRules':3} | true",
                "ranked       | ,'candidates':9                                                        | false",
                "ranked       | ,'ranks':{'model':1,'popularity':2,'sequentialRules':3}                | false",
                "ranked       | ,'candidates':9,'ranks':{'model':0,'popularity':2,'sequentialRules':3} | false",
                "ranked       | ,'candidates':9,'ranks':{'model':1,'popularity':2}                     | false",
                "not-sampled  | ``                                                                     | true",
                "not-sampled  | ,'candidates':9,'ranks':{'model':1,'popularity':2,'sequentialRules':3} | false",
                "guessed      | ``                                                                     | false",
            })
    void shouldHaveRanksWhereTheOutcomeIsRankedAlone(String outcome, String ranks, boolean valid) {
        String json = "{'user':'u','item':'i','coordinate':{'partition':0,'offset':0},'event':0,'outcome':'" + outcome
                + "','consumed':1" + ranks + "}";

        assertThat(errors(Topics.EVALUATIONS, json.replace('\'', '"')).isEmpty())
                .isEqualTo(valid);
    }

    private static List<String> errors(String topic, String json) {
        Schema schema =
                REGISTRY.getSchema(TopicFiles.onClassPath().schema(topic).orElseThrow());
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Error::toString)
                .toList();
    }
}

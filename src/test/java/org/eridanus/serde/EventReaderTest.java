package org.eridanus.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.eridanus.event.ControlCommand;
import org.eridanus.event.Interaction;
import org.eridanus.event.Limits;
import org.eridanus.event.RecommendationRequest;
import org.eridanus.event.Rejection;
import org.eridanus.event.Rejection.Reason;
import org.eridanus.event.UserProfile;
import org.eridanus.event.Validated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private static final long NOW = 1_772_366_400_000L;

    @Test
    void shouldReadAnInteractionWithFieldsInAnyOrderAndUnknownOnesPassedOver() {
        var read =
                interaction("{'timestamp':1,'x':{'y':[{}]},'item':'i','rating':4,'type':'view','z':null,'user':'u'}");

        assertThat(read).isEqualTo(Validated.valid(new Interaction("u", "i", "view", 4.0, 1)));
    }

    @Test
    void shouldTakeNullForAbsent() {
        assertThat(interaction("{'user':'u','item':'i','rating':null,'type':null,'timestamp':null}"))
                .isEqualTo(Validated.valid(new Interaction("u", "i", "view", null, NOW)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'user':'u','item':302}                        | INVALID_FIELD | item must be a text, got the number 302",
                "{'user':'u','item':['i']}                      | INVALID_FIELD | item must be a text, got a list",
                "{'user':'u','item':'i','rating':'4'}           | INVALID_FIELD | rating must be a number, got a text",
                "{'user':'u','item':'i','rating':true}          | INVALID_FIELD | rating must be a number, got true or false",
                "{'user':'u','item':'i','rating':NaN}           | INVALID_FIELD | got NaN",
                "{'user':'u','item':'i','rating':Infinity}      | INVALID_FIELD | got Infinity",
                "{'user':'u','item':'i','rating':-1e400}        | INVALID_FIELD | got -Infinity",
                "{'user':'u','item':'i','timestamp':1.5}        | INVALID_FIELD | timestamp must be a whole number",
                "{'user':'u','item':'i','timestamp':NaN}        | INVALID_FIELD | timestamp must be a whole number",
                "{'user':'u','item':'i','timestamp':'1'}        | INVALID_FIELD | timestamp must be a whole number, got a text",
                "{'user':'u','item':'i','timestamp':99999999999999999999} | INVALID_FIELD | of 64 bits",
                "{'user':'u','item':'i\\u0007'}                 | INVALID_FIELD | control characters",
                "{'user':'u','item':'i\\ud83c'}                 | INVALID_FIELD | surrogates",
                "{'user':'u','user':'u','item':'i'}             | MALFORMED | Duplicate",
                "{'user':'u','x':1,'x':2,'item':'i'}            | MALFORMED | Duplicate",
                "{'user':'u','item':'i'} {}                     | MALFORMED | one JSON object",
                "{'user':'u','item':'i'                         | MALFORMED | ",
                "{'user':'u','item'}                            | MALFORMED | ",
                "{user:'u'}                                     | MALFORMED | ",
                "null                                           | MALFORMED | must be a JSON object, got null",
                "5                                              | MALFORMED | must be a JSON object, got a number",
                "[{'user':'u','item':'i'}]                      | MALFORMED | must be a JSON object, got a list",
                "{}                                             | MISSING_FIELD | user must have",
            })
    void shouldSayWhatIsWrongWithAnInteraction(String json, Reason reason, String detail) {
        Rejection rejection = rejected(interaction(json));

        assertThat(rejection.reason()).isEqualTo(reason);
        assertThat(rejection.detail()).contains(detail == null ? "" : detail);
    }

    @Test
    void shouldTakeAWholeNumberInAnySpellingThatJsonSchemaTakes() {
        assertThat(interaction("{'user':'u','item':'i','timestamp':881250949000.0}"))
                .isEqualTo(Validated.valid(new Interaction("u", "i", "view", null, 881_250_949_000L)));
    }

    @Test
    void shouldRefuseWhatIsTooLargeOrTooDeep() {
        String deep = "{'user':'u','item':'i','x':" + "[".repeat(100) + "]".repeat(100) + "}";
        String longNumber = "{'user':'u','item':'i','x':" + "1".repeat(1_000) + "}";
        String longName = "{'user':'u','item':'i','" + "x".repeat(2_000) + "':1}";

        assertThat(rejected(interaction(deep)).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(interaction("{'user':'u','item':'i','rating':" + "1".repeat(1_000) + "}"))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(interaction(longName)).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(interaction(longNumber)).reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventReader.interaction(bytes("u"), new byte[Limits.RECORD_BYTES + 1], NOW)))
                .isEqualTo(
                        new Rejection(Reason.TOO_LARGE, "the record's value must have at most 65536 bytes, got 65537"));
    }

    @Test
    void shouldReadARecordOfTheLargestSize() {
        String start = "{'user':'u','item':'i','note':'";
        String json = start + "x".repeat(Limits.RECORD_BYTES - start.length() - 2) + "'}";

        assertThat(bytes(json)).hasSize(Limits.RECORD_BYTES);
        assertThat(interaction(json)).isInstanceOf(Validated.Valid.class);
    }

    @Test
    void shouldRefuseKeysThatAreNotText() {
        byte[] value = bytes("{'user':'u','item':'i'}");

        assertThat(rejected(EventReader.interaction(new byte[] {(byte) 0xff}, value, NOW)))
                .isEqualTo(new Rejection(Reason.INVALID_FIELD, "the key must be UTF-8 text, got other bytes"));
        assertThat(rejected(EventReader.interaction(new byte[1_000_000], value, NOW))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(rejected(EventReader.interaction(new byte[0], value, NOW)).reason())
                .isEqualTo(Reason.MISSING_FIELD);
        assertThat(rejected(EventReader.tombstone(null, "user")).reason()).isEqualTo(Reason.MISSING_KEY);
    }

    @Test
    void shouldReadAttributesOfEveryScalarKind() {
        var read = EventReader.userProfile(
                bytes("u"),
                bytes("{'user':'u','age':24,'score':1.50,'vip':true,'zip':null,'langs':['de','',7],'x':''}"));

        assertThat(read).isInstanceOfSatisfying(Validated.Valid.class, valid -> {
            UserProfile profile = (UserProfile) valid.value();
            assertThat(profile.attributes().all("age")).containsExactly("24");
            assertThat(profile.attributes().all("score")).containsExactly("1.50");
            assertThat(profile.attributes().all("vip")).containsExactly("true");
            assertThat(profile.attributes().all("langs")).containsExactly("de", "7");
            assertThat(profile.attributes().values()).containsOnlyKeys("age", "score", "vip", "langs");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a':{'b':1}}", "{'a':[['b']]}", "{'a':[{}]}"})
    void shouldRefuseAttributesOfAttributes(String json) {
        assertThat(rejected(EventReader.userProfile(bytes("u"), bytes(json))).reason())
                .isEqualTo(Reason.INVALID_FIELD);
    }

    @Test
    void shouldReadRequestsAndCommands() {
        assertThat(EventReader.request(bytes("u"), bytes("{'k':5.0,'exclude':['a',null,'b'],'context':{}}")))
                .isEqualTo(Validated.valid(new RecommendationRequest("u", 5, Set.of("a", "b"))));
        assertThat(EventReader.request(bytes("u"), bytes("{'exclude':null}")))
                .isEqualTo(Validated.valid(new RecommendationRequest("u", 10, Set.of())));
        assertThat(rejected(EventReader.request(bytes("u"), bytes("{'exclude':'a'}")))
                        .reason())
                .isEqualTo(Reason.INVALID_FIELD);
        assertThat(EventReader.command(bytes("{'action':'freeze','by':'anna'}")))
                .isEqualTo(Validated.valid(new ControlCommand(ControlCommand.Action.FREEZE, "")));
    }

    @Test
    void shouldMakeAValueOfAnyBytes() {
        List<byte[]> seeds = List.of(
                bytes("{'user':'u','item':'i','rating':4.5,'timestamp':881250949000,'x':[1,{'y':null}]}"),
                bytes("{'title':'Kolya','genres':['Comedy'],'year':1996}"),
                bytes("{'k':5,'exclude':['a','b']}"),
                bytes("{'action':'freeze','reason':'x'}"));
        Random random = new Random(11);

        for (int round = 0; round < 100_000; round++) {
            byte[] value = seeds.get(random.nextInt(seeds.size())).clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }
            byte[] key = new byte[random.nextInt(4)];
            random.nextBytes(key);

            assertThat(EventReader.interaction(key, value, NOW)).isNotNull();
            assertThat(EventReader.userProfile(key, value)).isNotNull();
            assertThat(EventReader.item(key, value)).isNotNull();
            assertThat(EventReader.request(key, value)).isNotNull();
            assertThat(EventReader.command(value)).isNotNull();
        }
    }

    private static Validated<Interaction> interaction(String json) {
        return EventReader.interaction(bytes("u"), bytes(json), NOW);
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    private static Rejection rejected(Validated<?> read) {
        assertThat(read).isInstanceOf(Validated.Rejected.class);
        return ((Validated.Rejected<?>) read).rejection();
    }
}

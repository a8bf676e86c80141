package org.eridanus.accounting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Generation;
import org.eridanus.serde.EvaluationJson;
import org.eridanus.serde.WireException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactReaderTest {
    @ParameterizedTest
    @EnumSource
    void shouldReadWhatTheTrainerWrites(Evaluation.Outcome outcome) {
        boolean ranked = outcome == Evaluation.Outcome.RANKED;
        Evaluation evaluation = new Evaluation(
                "ü\"1",
                "i",
                new Coordinate(3, 5_000_000_000L),
                17,
                outcome,
                ranked ? 1_682 : 0,
                12,
                ranked ? 1 : 0,
                ranked ? 900 : 0,
                ranked ? 11 : 0);

        Evaluation read = FactReader.tested(EvaluationJson.write(evaluation, Generation.FIRST))
                .evaluation();

        assertThat(read).isEqualTo(evaluation);
    }

    @Test
    void shouldReadAListAndSkipWhatItDoesNotNeed() {
        UserList list = FactReader.list("""
                {"user":"42","generatedAt":1767225600123,"cause":{"partition":3,"offset":1807},"modelVersion":57,
                 "trainedThrough":{"0":1204,"3":1795},
                 "items":[{"item":"50","score":3.25,"why":[{"combination":"recent·item","contribution":2.0}]},
                          {"item":"9","score":1,"why":[]}],
                 "filtered":{"consumed":31,"removed":0,"excluded":0},"later":{"a":[1,{"b":2}]}}
                """.getBytes(UTF_8));

        assertThat(list.user()).isEqualTo("42");
        assertThat(list.cause()).isEqualTo(new Coordinate(3, 1807));
        assertThat(list.request()).isFalse();
        assertThat(list.trainedThrough().get(0)).isEqualTo(1204);
        assertThat(list.trainedThrough().get(1)).isEqualTo(-1);
        assertThat(list.trainedThrough().get(3)).isEqualTo(1795);
        assertThat(list.items().contains("50")).isTrue();
        assertThat(list.items().contains("9")).isTrue();
        assertThat(list.items().contains("5")).isFalse();
    }

    @Test
    void shouldReadTheFirstTenItemsOfAnAnswer() {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            items.append(i == 0 ? "" : ",").append("{\"item\":\"i").append(i).append("\"}");
        }

        UserList list = FactReader.list(("{\"user\":\"u\",\"cause\":{\"partition\":0,\"offset\":4},\"request\":true,"
                        + "\"trainedThrough\":{},\"items\":[" + items + "]}")
                .getBytes(UTF_8));

        assertThat(list.request()).isTrue();
        assertThat(list.items().contains("i9")).isTrue();
        assertThat(list.items().contains("i10")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not json",
                "{\"user\":\"u\"}",
                "{\"user\":7,\"cause\":{\"partition\":0,\"offset\":4},\"trainedThrough\":{},\"items\":[]}",
                "{\"user\":\"u\",\"cause\":{\"partition\":0},\"trainedThrough\":{},\"items\":[]}",
                "{\"user\":\"u\",\"cause\":{\"partition\":0,\"offset\":-1},\"trainedThrough\":{},\"items\":[]}",
                "{\"user\":\"u\",\"cause\":{\"partition\":0,\"offset\":4},\"trainedThrough\":{\"x\":1},\"items\":[]}",
                "{\"user\":\"u\",\"cause\":{\"partition\":0,\"offset\":4},\"trainedThrough\":{},\"items\":{}}"
            })
    void shouldRefuseWhatIsNoList(String json) {
        assertThatThrownBy(() -> FactReader.list(json.getBytes(UTF_8))).isInstanceOf(WireException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"user\":\"u\",\"item\":\"i\",\"coordinate\":{\"partition\":0,\"offset\":4},\"event\":1,"
                        + "\"outcome\":\"guessed\"}",
                "{\"user\":\"u\",\"item\":\"i\",\"coordinate\":{\"partition\":0,\"offset\":4},\"event\":1,"
                        + "\"outcome\":\"ranked\"}",
                "{\"user\":\"u\",\"item\":\"i\",\"coordinate\":{\"partition\":0,\"offset\":4},\"outcome\":\"repeat\"}"
            })
    void shouldRefuseWhatIsNoEvaluation(String json) {
        assertThatThrownBy(() -> FactReader.tested(json.getBytes(UTF_8))).isInstanceOf(WireException.class);
    }
}

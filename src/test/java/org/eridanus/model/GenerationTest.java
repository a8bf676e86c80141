package org.eridanus.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 9_999})
    void shouldReadTheKeysThatItWrites(int number) {
        Generation generation = new Generation(number);
        String own = ModelRow.Embedding.keyOf("item", "g2/i/1");

        assertThat(Generation.parse(generation.key(own))).isEqualTo(new Generation.Key(generation, own));
    }

    @Test
    void shouldLeaveTheKeysOfTheFirstAsTheyAre() {
        assertThat(Generation.FIRST.key("marker")).isEqualTo("marker");
        assertThat(new Generation(2).key("marker")).isEqualTo("g2/marker");
        assertThat(Generation.FIRST.suffix()).isEmpty();
        assertThat(new Generation(2).suffix()).isEqualTo("-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"g/marker", "g0/marker", "g02/x", "g10000/marker", "gx/marker", "g2", "marker", ""})
    void shouldTakeAnyOtherKeyForOneOfTheFirst(String key) {
        assertThat(Generation.parse(key)).isEqualTo(new Generation.Key(Generation.FIRST, key));
    }

    @Test
    void shouldRefuseNumbersOutOfRange() {
        assertThatThrownBy(() -> new Generation(0)).hasMessage("model.generation must be 1..9999, got 0");
        assertThatThrownBy(() -> new Generation(10_000)).hasMessageContaining("got 10000");
    }
}

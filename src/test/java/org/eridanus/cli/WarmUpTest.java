package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.eridanus.model.ModelDefinition;
import org.eridanus.testing.Await;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarmUpTest {
    @ParameterizedTest
    @ValueSource(strings = {"online", "association", "paper"})
    void shouldGoThroughAVersionAndAListUntilItIsClosed(String preset) {
        WarmUp warmUp = WarmUp.start(ModelDefinition.ofPreset(preset));
        Await.until(Duration.ofSeconds(60), () -> warmUp.events() > WarmUp.VERSION, "more events than a version has");

        warmUp.close();

        int events = warmUp.events();
        assertThat(events).isLessThanOrEqualTo(WarmUp.EVENTS);
        warmUp.close();
        assertThat(warmUp.events()).isEqualTo(events);
    }
}

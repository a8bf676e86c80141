package org.eridanus.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.eridanus.trainer.TrainerSettings.Collapse;
import org.junit.jupiter.api.Test;

class TrainerSettingsTest {
    private static final Collapse COLLAPSE = new Collapse(10, 0.25, 3);

    private final TrainerSettings settings = new TrainerSettings(1, 2, 3, 4, 5, 55, 6, 0.7, COLLAPSE, 8);

    @Test
    void shouldChangeWhatItIsAskedToAndNothingElse() {
        assertThat(settings.withWindow(44)).isEqualTo(new TrainerSettings(1, 2, 3, 44, 5, 55, 6, 0.7, COLLAPSE, 8));
        assertThat(settings.withRankedCatalogue(66))
                .isEqualTo(new TrainerSettings(1, 2, 3, 4, 5, 55, 66, 0.7, COLLAPSE, 8));
        assertThat(settings.withCollapse(Collapse.NEVER))
                .isEqualTo(new TrainerSettings(1, 2, 3, 4, 5, 55, 6, 0.7, Collapse.NEVER, 8));
        assertThat(settings.withMaxItems(88)).isEqualTo(new TrainerSettings(1, 2, 3, 4, 5, 55, 6, 0.7, COLLAPSE, 88));
    }
}

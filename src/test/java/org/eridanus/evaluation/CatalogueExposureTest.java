package org.eridanus.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueExposureTest {
    private static final double EXACT = 1e-12;
    private final CatalogueExposure exposure = new CatalogueExposure();

    @Test
    void shouldCountDifferentItemsOfTheCatalogue() {
        exposure.recommended(List.of("a", "b", "c"));
        exposure.recommended(List.of("b", "c", "d"));

        assertThat(exposure.coverage(40)).isEqualTo(4.0 / 40.0, within(EXACT));
        assertThat(exposure.coverage(3)).as("some have been withdrawn since").isEqualTo(1.0);
    }

    @Test
    void shouldNotKnowWhatItHasNotSeen() {
        assertThat(exposure.coverage(10)).isNaN();
        assertThat(exposure.popularShareOfPlaces(10)).isNaN();
        assertThat(exposure.popularShareOfConsumption(10)).isNaN();
        exposure.recommended(List.of("a"));
        assertThat(exposure.popularShareOfPlaces(10)).as("nothing was consumed").isNaN();
        assertThat(exposure.coverage(0)).isNaN();
    }

    @Test
    void shouldTellTheShareOfThePopularTenthAmongPlacesAndConsumption() {
        consume("a", 5);
        consume("b", 3);
        consume("c", 1);
        consume("d", 1);
        exposure.recommended(List.of("a", "b", "c", "x"));

        // A tenth of 20 items: a and b.
        assertThat(exposure.popularShareOfPlaces(20)).isEqualTo(2.0 / 4.0, within(EXACT));
        assertThat(exposure.popularShareOfConsumption(20)).isEqualTo(8.0 / 10.0, within(EXACT));
    }

    @Test
    void shouldShareThePlaceAtTheBorderAmongEquallyConsumedItems() {
        consume("a", 5);
        consume("b", 1);
        consume("c", 1);
        consume("d", 1);
        exposure.recommended(List.of("a", "b"));

        // A tenth of 20: a, and one of b, c and d.
        assertThat(exposure.popularShareOfConsumption(20)).isEqualTo((5 + 3 * (1.0 / 3.0)) / 8.0, within(EXACT));
        assertThat(exposure.popularShareOfPlaces(20)).isEqualTo((1 + 1.0 / 3.0) / 2.0, within(EXACT));
    }

    @Test
    void shouldTakeNoItemForPopularThatNobodyConsumed() {
        consume("a", 1);
        exposure.recommended(List.of("a", "x", "y", "z"));

        assertThat(exposure.popularShareOfPlaces(1_000)).isEqualTo(1.0 / 4.0, within(EXACT));
    }

    @Test
    void shouldForgetTheOldest() {
        consume("old", CatalogueExposure.WINDOW / 2);
        consume("new", CatalogueExposure.WINDOW);
        for (int i = 0; i < CatalogueExposure.WINDOW; i++) {
            exposure.recommended(List.of(i < 5 ? "p" : "q"));
        }
        for (int i = 0; i < 5; i++) {
            exposure.recommended(List.of("old"));
        }

        assertThat(exposure.coverage(10)).isEqualTo(2.0 / 10.0, within(EXACT));
        assertThat(exposure.popularShareOfConsumption(10)).isEqualTo(1.0);
        assertThat(exposure.popularShareOfPlaces(10)).isZero();
    }

    private void consume(String item, int times) {
        for (int i = 0; i < times; i++) {
            exposure.consumed(item);
        }
    }
}

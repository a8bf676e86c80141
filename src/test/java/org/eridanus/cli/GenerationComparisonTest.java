package org.eridanus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.eridanus.accounting.FactReader;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.eridanus.model.Generation;
import org.junit.jupiter.api.Test;

class GenerationComparisonTest {
    private static final Generation SECOND = new Generation(2);

    private final GenerationComparison comparison = new GenerationComparison(Generation.FIRST, SECOND);

    @Test
    void shouldCompareEventsThatBothRanked() {
        add(Generation.FIRST, 0, 3);
        add(SECOND, 0, 1);
        add(SECOND, 1, 20);
        add(Generation.FIRST, 1, 7);
        add(Generation.FIRST, 2, 1);
        add(new Generation(3), 2, 1);

        GenerationComparison.Over all = comparison.all();

        assertThat(all.events()).isEqualTo(2);
        assertThat(all.hr10().served()).isEqualTo(2 / 2.0);
        assertThat(all.hr10().other()).isEqualTo(1 / 2.0);
        assertThat(all.ndcg10().served()).isCloseTo((1 / 2.0 + 1 / 3.0) / 2, within(1e-12));
        assertThat(all.ndcg10().other()).isEqualTo(1 / 2.0);
        assertThat(all.mrr().other()).isCloseTo((1 + 1 / 20.0) / 2, within(1e-12));
        assertThat(all.ndcg10().gain().mean()).isNaN();
        assertThat(GenerationComparison.supports(all))
                .as("two events tell nothing")
                .isFalse();
    }

    @Test
    void shouldTakeTheNewerHalfByTheOrderOfTheLog() {
        for (int event = 999; event >= 0; event--) {
            add(Generation.FIRST, event, event < 500 ? 1 : 4);
            add(SECOND, event, event < 500 ? 4 : 1 + event % 2);
        }

        GenerationComparison.Over half = comparison.lastHalf();

        assertThat(half.events()).isEqualTo(500);
        assertThat(half.mrr().served()).isEqualTo(1 / 4.0);
        assertThat(half.mrr().other()).isEqualTo((1 + 1 / 2.0) / 2);
        assertThat(half.mrr().gain().mean()).isCloseTo(3 / 4.0 - 1 / 4.0, within(1e-12));
        assertThat(GenerationComparison.supports(half)).isTrue();
        assertThat(comparison.text()).contains("last half", "500", "served: 1", "new: 2");
    }

    @Test
    void shouldNotSupportWhatIsWorseBeyondChance() {
        for (int event = 0; event < 1_000; event++) {
            add(Generation.FIRST, event, 1 + event % 3);
            add(SECOND, event, 2 + event % 3);
        }

        assertThat(GenerationComparison.supports(comparison.lastHalf())).isFalse();
    }

    private void add(Generation generation, int event, int rank) {
        comparison.add(new FactReader.Tested(
                generation,
                new Evaluation(
                        "u", "i", new Coordinate(0, event), event, Evaluation.Outcome.RANKED, 50, 0, rank, 9, 9)));
    }
}

package org.eridanus.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.eridanus.accounting.PrequentialTally.Group;
import org.eridanus.accounting.PrequentialTally.Line;
import org.eridanus.evaluation.Evaluation;
import org.eridanus.event.Coordinate;
import org.junit.jupiter.api.Test;

class PrequentialTallyTest {
    private final PrequentialTally tally = new PrequentialTally();

    @Test
    void shouldBeNaNBeforeTheFirstRankedEvent() {
        tally.add(new Evaluation("u", "i", new Coordinate(0, 0), 0, Evaluation.Outcome.REPEAT, 0, 3, 0, 0, 0));

        assertThat(tally.hitRate(Line.MODEL)).isNaN();
        assertThat(tally.accuracy(Line.MODEL, Group.ALL).hr10()).isNaN();
        assertThat(tally.accuracy(Line.MODEL, Group.ALL).n()).isZero();
    }

    @Test
    void shouldCountRanksByLineAndGroup() {
        ranked(0, 9, 1, 11, 1_000_000);
        ranked(1, 10, 10, 3, 4);
        ranked(3, 0, 11, 1, 12);

        assertThat(tally.ranked()).isEqualTo(3);
        assertThat(tally.hitRate(Line.MODEL)).isEqualTo(2.0 / 3);
        assertThat(tally.hitRate(Line.POPULARITY)).isEqualTo(2.0 / 3);
        assertThat(tally.hitRate(Line.SEQUENTIAL_RULES)).isEqualTo(1.0 / 3);
        assertThat(tally.accuracy(Line.MODEL, Group.ALL).ndcg10())
                .isCloseTo((1.0 + Math.log(2) / Math.log(11)) / 3, within(1e-12));
        // Event numbers 0..3: the second half starts at 2.
        assertThat(tally.accuracy(Line.POPULARITY, Group.LAST_HALF)).isEqualTo(new Accuracy(1.0, 1.0, 1));
        assertThat(tally.accuracy(Line.MODEL, Group.COLD)).isEqualTo(new Accuracy(1.0 / 2, 1.0 / 2, 2));
    }

    @Test
    void shouldTakeEventsInAnyOrder() {
        ranked(9_000, 0, 1, 2, 3);
        ranked(5, 0, 11, 2, 3);

        assertThat(tally.accuracy(Line.MODEL, Group.LAST_HALF).hr10()).isEqualTo(1.0);
        assertThat(tally.accuracy(Line.MODEL, Group.ALL).hr10()).isEqualTo(1.0 / 2);
    }

    @Test
    void shouldRefuseAnImplausibleEventNumber() {
        assertThatThrownBy(() -> ranked(Long.MAX_VALUE, 0, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got " + Long.MAX_VALUE);
    }

    private void ranked(long event, int consumed, int model, int popularity, int rules) {
        tally.add(new Evaluation(
                "u",
                "i",
                new Coordinate(0, Math.min(event, 1L << 40)),
                event,
                Evaluation.Outcome.RANKED,
                100,
                consumed,
                model,
                popularity,
                rules));
    }
}
